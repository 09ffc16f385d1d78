"""PostgreSQL stops, then hangs, under sixty requests at once: the process lives, says so, and comes back by itself."""

import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browser.support.server import Server
from tests.factories import headers, key_of, make_house
from tests.support import parts, servers
from tests.support.databases import LookingDatabase
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SIDE_BY_SIDE = 60
#: Two seconds to notice and five to come back, on a machine that does other work too.
NOTICED_SECONDS, BACK_SECONDS = 4.0, 10.0


def status(url: str, sent: dict[str, str], timeout: float) -> int:
    """The answer's status; 0 for none."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=sent), timeout=timeout) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@dataclass
class Load:
    """Sixty callers who ask for what is in the database, and one who asks whether the process lives."""

    server: Server
    sent: dict[str, str]
    alive: list[tuple[int, float]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        while not self._over.is_set():
            status(f"{self.server.url}/api/users", self.sent, 3)

    def live(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            found = status(f"{self.server.url}/health", {}, 5)
            self.alive.append((found, time.monotonic() - began))
            self._over.wait(0.05)

    def end(self) -> None:
        self._over.set()


@pytest.fixture
def cluster() -> Iterator[servers.PostgresServer]:
    """A PostgreSQL of this test's own, which it may break."""
    with servers.postgres(parts.need(parts.POSTGRES)) as server:
        yield server


@pytest.fixture
def server(cluster: servers.PostgresServer, tmp_path: Path) -> Iterator[Server]:
    url = cluster.make_database("faults")
    upgrade(url)
    server = Server(tmp_path / "data", url, {"TOPLINE_LIMIT_API": "1000000/minute"}).start()
    yield server
    server.kill()


@pytest.fixture
def load(server: Server) -> Iterator[Load]:
    database = LookingDatabase(server.database_url, SystemClock(), pool_size=1)
    sent = headers(key_of(database, make_house(database).mina))
    database.close()
    load = Load(server, sent)
    with ThreadPoolExecutor(SIDE_BY_SIDE + 1) as pool:
        pool.submit(load.live)
        for _ in range(SIDE_BY_SIDE):
            pool.submit(load.ask)
        try:
            yield load
        finally:
            load.end()


def until(server: Server, wanted: int, seconds: float) -> float:
    """How long it takes until `/health/ready` says so."""
    began = time.monotonic()
    while (found := status(f"{server.url}/health/ready", {}, 5)) != wanted:
        assert time.monotonic() < began + seconds, f"still {found}"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_the_process_lives_says_so_and_comes_back(
    cluster: servers.PostgresServer, server: Server, load: Load, fault: str
) -> None:
    assert server._process is not None
    pid = server._process.pid
    until(server, 200, BACK_SECONDS)
    cluster.process.stop(signal.SIGINT) if fault == "stopped" else cluster.process.freeze()
    until(server, 503, NOTICED_SECONDS)
    ends = time.monotonic() + 4
    while time.monotonic() < ends:
        assert status(f"{server.url}/health/ready", {}, 5) == 503
        time.sleep(0.2)
    cluster.process.start() if fault == "stopped" else cluster.process.thaw()
    until(server, 200, BACK_SECONDS)
    # The requests that hung have given their threads back: the next ones are answered.
    began = time.monotonic()
    while status(f"{server.url}/api/users", load.sent, 5) != 200:
        assert time.monotonic() < began + BACK_SECONDS
    load.end()
    assert {found for found, _ in load.alive} == {200}
    assert len(load.alive) > 20
    took = sorted(seconds for _, seconds in load.alive)
    assert took[int(len(took) * 0.95)] < 1
    assert (server._process.pid, server._process.poll()) == (pid, None)
