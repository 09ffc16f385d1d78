"""Secrets that Topline makes for itself in the data folder, where nobody gave it any. For development only."""

import contextlib
import os
import secrets
from pathlib import Path


def fresh() -> str:
    """A new random secret: 384 bits, in characters that need no quotes anywhere."""
    return secrets.token_urlsafe(48)


def made_once(path: Path) -> str:
    """The text in `path`; where there is none, a fresh secret written by whoever comes first."""
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = _draft(path, fresh())
        # A link either appears whole or fails: two processes starting at once agree on one secret.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def replace(path: Path, text: str) -> None:
    """Put another text there; whoever reads it sees the old or the new one, never half of it."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    return draft
