"""A certificate is renewed while people shake hands: not one of them fails."""

import http.client
import os
import shutil
import signal
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.support.server import PEPPER, Server
from tests.browser.support.stage import Stage
from tests.support import parts, proxies
from tests.support.certificates import NAME, Pair, make_pair

#: How long the story may take until the new certificate is shown.
PATIENCE_SECONDS = 60.0


@dataclass
class Guests:
    """Clients that come one after the other, each on a connection of its own."""

    port: int
    trust: ssl.SSLContext
    shown: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _leave: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Guests":
        self._thread = threading.Thread(target=self._come)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait for something the guests will see."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert time.monotonic() < end, f"{what}: {len(self.shown)} came, {self.failed[:3]}"
            time.sleep(0.05)

    def _come(self) -> None:
        while not self._leave.is_set():
            connection = http.client.HTTPSConnection(NAME, self.port, timeout=10, context=self.trust)
            try:
                connection.connect()
                certificate = connection.sock.getpeercert()
                assert certificate
                connection.request("GET", "/health")
                assert connection.getresponse().status == 200
                self.shown.append(str(certificate["serialNumber"]))
            except (OSError, AssertionError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
            finally:
                connection.close()
            self._leave.wait(0.05)


def two_pairs(folder: Path) -> tuple[Pair, Pair, ssl.SSLContext]:
    """The certificate in use, its successor, and what trusts both."""
    for name in ("old", "new"):
        (folder / name).mkdir()
    old, new = make_pair(folder / "old"), make_pair(folder / "new")
    trust = ssl.create_default_context(cafile=str(old.certificate))
    trust.load_verify_locations(cafile=str(new.certificate))
    return old, new, trust


def put(pair: Pair, over: Pair) -> None:
    """As certbot does it: the key, then the certificate, each whole."""
    for source, target in ((pair.key, over.key), (pair.certificate, over.certificate)):
        draft = target.with_suffix(".draft")
        shutil.copy(source, draft)
        draft.replace(target)


def test_topline_takes_up_a_renewed_certificate_and_no_handshake_fails(stage: Stage, tmp_path: Path) -> None:
    old, new, trust = two_pairs(tmp_path)
    tls = {"TOPLINE_TLS_CERTIFICATE": str(old.certificate), "TOPLINE_TLS_KEY": str(old.key)}
    server = Server(tmp_path / "data", stage.url, {"TOPLINE_PEPPER": PEPPER, **tls}).start()
    try:
        with Guests(server.port, trust) as guests:
            guests.until(lambda: len(guests.shown) > 10, "nobody came")
            first = guests.shown[-1]
            put(new, old)
            assert server._process is not None
            os.kill(server._process.pid, signal.SIGHUP)
            # The old workers go on beside the new ones for a while: it is over when only the new one is seen.
            guests.until(lambda: first not in guests.shown[-150:], "the old certificate is still shown")
        assert guests.failed == []
        assert len(set(guests.shown)) == 2
    finally:
        server.kill()


def test_nginx_is_reloaded_after_a_renewal_and_no_handshake_fails(stage: Stage, tmp_path: Path) -> None:
    """What certbot's deploy hook does."""
    program = parts.need(parts.NGINX)
    old, new, trust = two_pairs(tmp_path)
    socket = tmp_path / "topline.sock"
    settings = {"TOPLINE_PEPPER": PEPPER, "TOPLINE_SOCKET": str(socket)}
    server = Server(tmp_path / "data", stage.url, settings).start()
    try:
        with (
            proxies.nginx(program, tmp_path / "proxy", f"unix:{socket}", old) as front,
            Guests(front.port, trust) as guests,
        ):
            guests.until(lambda: len(guests.shown) > 10, "nobody came")
            first = guests.shown[-1]
            put(new, old)
            os.kill(int((tmp_path / "proxy" / "pid").read_text()), signal.SIGHUP)
            guests.until(lambda: first not in guests.shown[-30:], "the old certificate is still shown")
        assert guests.failed == []
        assert len(set(guests.shown)) == 2
    finally:
        server.kill()
