"""The code of the release before, taken from the history, whatever its commits are called and whoever rewrote them."""

import io
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from tests.support.databases import ROOT

#: The newest revision of the release before. To be moved when a release is made (docs/operate/migrations.md).
HEAD_BEFORE: Final = "0001"


def commit_before() -> str:
    """The commit just before the first revision that the release before has not got; HEAD while there is none."""
    newer = sorted(
        path for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py") if path.name[:4] > HEAD_BEFORE
    )
    if not newer:
        return "HEAD"
    added = _git(
        "log", "--diff-filter=A", "--format=%H", "--", f"migrations/versions/{newer[0].name}"
    ).split()
    assert added, f"{newer[0].name} is in no commit; is this a shallow clone?"
    return f"{added[-1]}^"


def unpack_release_before(folder: Path) -> None:
    """Put its files, tests included, into `folder`."""
    archive = subprocess.run(
        ["git", "archive", commit_before()], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout
