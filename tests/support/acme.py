"""A certificate authority of this machine that speaks ACME: Caddy's own. It asks for its proofs at ports 80 and 443.

What is given a name by everybody's resolver has these ports; on this machine that is one server at a time.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import NAME
from tests.support.servers import dying_with_us, free_port, is_listening, running

PLAIN_PORT, TLS_PORT = 80, 443


@dataclass(frozen=True)
class Authority:
    """Where it is asked, and what its certificates are checked against."""

    directory: str
    root: Path


@contextmanager
def authority(caddy: Path, folder: Path) -> Iterator[Authority]:
    """An authority nobody was given a certificate by yet. Its certificates live for twelve hours."""
    folder.mkdir()
    port = free_port()
    (folder / "Caddyfile").write_text(
        f"{{\nadmin off\nskip_install_trust\nauto_https disable_redirects\ndefault_bind 127.0.0.1\n"
        f"http_port {free_port()}\nstorage file_system {folder}/store\n}}\n"
        f"https://{NAME}:{port} {{\ntls internal\nacme_server\n}}\n"
    )
    found = Authority(
        f"https://{NAME}:{port}/acme/local/directory",
        folder / "store" / "pki" / "authorities" / "local" / "root.crt",
    )
    command = ["env", f"HOME={folder}", str(caddy), "run", "--config", str(folder / "Caddyfile")]
    with running(dying_with_us(command), folder, lambda: is_listening(port) and found.root.exists()):
        yield found


@contextmanager
def well_known_ports() -> Iterator[tuple[int, int]]:
    """The ports at which the authority asks, for one test of this machine at a time: plain, and with TLS."""
    path = Path(tempfile.gettempdir()) / "topline-tests-ports.lock"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for port in (PLAIN_PORT, TLS_PORT):
            assert not is_listening(port), (
                f"somebody else listens at {NAME}:{port}, where a proof is asked for"
            )
        yield PLAIN_PORT, TLS_PORT
