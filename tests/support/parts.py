"""The parts of the suite that need a program of the machine: what they are, and how to get what is missing.

`REQUIRE=all` (CI) turns a missing part from a skip into a failure.
"""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Part:
    name: str
    how: str
    program: Path | None

    @property
    def line(self) -> str:
        """The one line that says what was left out and how to get it."""
        return f"left out: the {self.name} part; to run it: {self.how}"


def _on_path(*names: str) -> Path | None:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None


def _postgres_bin() -> Path | None:
    """Debian keeps the server's programs off the PATH, one folder per major version: the newest wins."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    on_path = _on_path("initdb")
    return on_path.resolve().parent if on_path is not None else None


def _may_listen_at(port: int) -> bool:
    """Whether this account may at all; somebody else may be there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            return False
        except OSError:
            return True
    return True


POSTGRES = Part("PostgreSQL", "apt-get install postgresql", _postgres_bin())
REDIS = Part("Redis", "apt-get install redis-server", _on_path("redis-server"))
CHROMIUM = Part(
    "browser", "apt-get install chromium", _on_path("chromium", "chromium-browser", "google-chrome")
)
CADDY = Part("Caddy", "apt-get install caddy", _on_path("caddy"))
NGINX = Part("nginx", "apt-get install nginx", _on_path("nginx", "/usr/sbin/nginx"))
#: An authority asks for the proof where every name has it: at port 80.
ACME = Part(
    "certificate authority",
    "apt-get install caddy nginx certbot, and run the tests as root",
    _on_path("certbot") if _may_listen_at(80) else None,
)
PARTS = (POSTGRES, REDIS, CHROMIUM, CADDY, NGINX, ACME)


def everything_required() -> bool:
    return os.environ.get("REQUIRE", "") == "all"


def need(part: Part) -> Path:
    """The part's program, or the end of the test: skipped, or failed under REQUIRE=all."""
    if part.program is not None:
        return part.program
    if everything_required():
        pytest.fail(f"REQUIRE=all, but {part.line}", pytrace=False)
    pytest.skip(part.line)


def missing() -> list[Part]:
    return [part for part in PARTS if part.program is None]
