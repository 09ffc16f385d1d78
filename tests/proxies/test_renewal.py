"""The files of a certificate are renewed while people shake hands."""

import os
import shutil
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.support.server import PEPPER, Server
from tests.browser.support.stage import Stage
from tests.support import parts, proxies
from tests.support.certificates import Pair, make_pair
from tests.support.guests import Guests


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


@contextmanager
def served(stage: Stage, folder: Path, pair: Pair) -> Iterator[Server]:
    """Topline, doing TLS itself."""
    tls = {"TOPLINE_TLS_CERTIFICATE": str(pair.certificate), "TOPLINE_TLS_KEY": str(pair.key)}
    server = Server(folder / "data", stage.url, {"TOPLINE_PEPPER": PEPPER, **tls}).start()
    try:
        yield server
    finally:
        server.kill()


def test_topline_takes_up_a_renewed_certificate_and_serves_on(stage: Stage, tmp_path: Path) -> None:
    old, new, trust = two_pairs(tmp_path)
    with served(stage, tmp_path, old) as server, Guests(server.port, trust) as guests:
        guests.until(lambda: len(guests.shown) > 10, "nobody came")
        first = guests.shown[-1]
        put(new, old)  # the files are watched: nobody tells it
        # The old workers go on beside the new ones for a while: it is over when only the new one is seen.
        guests.until(lambda: first not in guests.shown[-150:], "the old certificate is still shown")
    # Granian does not wait for the first request of who came in the moment its old worker ended: docs/operate/tls.md.
    assert guests.failed == []
    assert len(guests.unanswered) <= 1, guests.unanswered
    assert len(set(guests.shown)) == 2


def test_topline_refuses_a_wrong_pair_even_when_told_to_take_it(stage: Stage, tmp_path: Path) -> None:
    old, new, trust = two_pairs(tmp_path)
    with served(stage, tmp_path, old) as server, Guests(server.port, trust) as guests:
        guests.until(lambda: len(guests.shown) > 10, "nobody came")
        shutil.copy(new.key, old.key)
        guests.until(lambda: server.log.count("certificate_refused") == 1, "no alarm was raised")
        assert server._process is not None
        os.kill(server._process.pid, signal.SIGHUP)
        guests.until(lambda: server.log.count("certificate_refused") == 2, "no alarm was raised again")
        came = len(guests.shown)
        # New workers started by the signal would be serving by now.
        guests.until(lambda: len(guests.shown) > came + 150, "nobody comes any more")
    assert guests.failed == []
    assert len(guests.unanswered) <= 1, guests.unanswered
    assert len(set(guests.shown)) == 1
    assert "KEY_VALUES_MISMATCH" in server.log


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
        assert guests.failed + guests.unanswered == []
        assert len(set(guests.shown)) == 2
    finally:
        server.kill()
