"""Files outside the database: evidence photos and uploaded tables, under keys Topline makes itself."""

import os
import re
import secrets
from pathlib import Path
from typing import Final, Protocol

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9/_.-]{0,118}")


class FileStore(Protocol):
    """Keeps bytes under a key."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes | None: ...

    def delete(self, key: str) -> None: ...


class LocalFiles:
    """Files in one folder. A file appears whole or not at all, also when the power goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Store `content`, replacing what was there."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes | None:
        """The content, or None when there is none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove it; removing what is not there is fine."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or ".." in key:
            raise ValueError("not a file key")
        return self._folder / key
