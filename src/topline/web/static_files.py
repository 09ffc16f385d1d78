"""Static files from memory, under one hash of the whole tree: `/static/<hash>/css/base.css`.

With the hash in a folder name, relative imports between modules and stylesheets stay inside the same version, and
every file may be kept by browsers for a year.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED: Final = {".js", ".css", ".svg", ".webmanifest", ".json"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file ready to be sent."""

    body: bytes
    packed: bytes | None
    content_type: str
    etag: str


class StaticFiles:
    """Every file of the tree and the tree's hash."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, StaticFile] = {}
        digest = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            body = path.read_bytes()
            digest.update(name.encode() + b"\0" + body)
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
            if kind.startswith("text/") or path.suffix == ".svg":
                kind += "; charset=utf-8"
            packed = gzip.compress(body, 6, mtime=0) if path.suffix in _PACKED else None
            self._files[name] = StaticFile(body, packed, kind, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError for one that does not exist: a broken link is a bug here."""
        if name not in self._files:
            raise KeyError(f"no static file {name}")
        return f"/static/{self.version}/{name}"

    def find(self, path: str) -> tuple[StaticFile, bool] | None:
        """The file for a request path, and whether the path names this very version (and may be kept for a year).

        An older version's path gets today's file: a page opened before a deployment goes on working.
        """
        version, _, name = path.removeprefix("/static/").partition("/")
        file = self._files.get(name) or self._files.get(f"{version}/{name}" if name else version)
        return None if file is None else (file, version == self.version)

    def get(self, name: str) -> StaticFile | None:
        """A file by its name in the tree."""
        return self._files.get(name)


@lru_cache(maxsize=1)
def static_files() -> StaticFiles:
    """The files of this release: read and packed once in a process, however many applications it makes."""
    return StaticFiles()
