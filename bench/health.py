"""How a process fares while PostgreSQL is stopped, then frozen: `python -m bench.health [--seconds 6]`.

Sixty connections ask for a list of people: two hundred requests a second, several times what a hotel's busiest hour
asks, whether they are answered or refused; then again as fast as answers come, which leaves no core free. Meanwhile
`/health` is asked over one connection every ten milliseconds, and `/health/ready` every fifty: until it says 503, and
until it says 200 again once PostgreSQL is back.
"""

import argparse
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.browser.support.server import Server
from tests.factories import key_of, make_house
from tests.support import parts, servers
from tests.support.databases import LookingDatabase
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade

SIDE_BY_SIDE = 60
#: What a connection waits before it asks again, in milliseconds.
LOADS = {"steady": 300, "unbounded": 0}


class Watch:
    """Asks `/health` all the time."""

    def __init__(self, port: int) -> None:
        self.took: list[float] = []
        self.statuses: set[int] = set()
        self._port = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        while not self._over.wait(0.01):
            began = time.perf_counter()
            connection.request("GET", "/health")
            response = connection.getresponse()
            response.read()
            self.took.append((time.perf_counter() - began) * 1000)
            self.statuses.add(response.status)

    def line(self) -> str:
        """For people."""
        took = sorted(self.took)
        p50, p99 = (took[int(len(took) * share)] for share in (0.5, 0.99))
        return f"/health {self.statuses} {len(took)} times, p50 {p50:.1f} ms, p99 {p99:.1f} ms"


def until(port: int, wanted: int) -> float:
    """Seconds until `/health/ready` answers so."""
    began = time.monotonic()
    while time.monotonic() < began + 60:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/health/ready")
        found = connection.getresponse().status
        connection.close()
        if found == wanted:
            return time.monotonic() - began
        time.sleep(0.05)
    raise RuntimeError(f"/health/ready never said {wanted}")


def measure(
    server: Server, name: str, seconds: float, end: Callable[[], None], back: Callable[[], None]
) -> None:
    """Break PostgreSQL for so long and print what happened."""
    with Watch(server.port) as watch:
        end()
        noticed = until(server.port, 503)
        time.sleep(seconds)
        back()
        returned = until(server.port, 200)
    print(
        f"{name:8} ready 503 after {noticed:.2f} s, 200 again after {returned:.2f} s; {watch.line()}",
        flush=True,
    )
    time.sleep(2)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, servers.postgres(parts.need(parts.POSTGRES)) as cluster:
        url = cluster.make_database("health")
        upgrade(url)
        server = Server(Path(folder), url, {"TOPLINE_LIMIT_API": "1000000/minute"}).start()
        database = LookingDatabase(url, SystemClock(), pool_size=1)
        key = key_of(database, make_house(database).mina)
        database.close()
        try:
            for name, wait in LOADS.items():
                script = Path(folder) / f"{name}.lua"
                script.write_text(f"function delay() return {wait} end\n" if wait else "")
                print(f"{name} load", flush=True)
                with _asking(f"{server.url}/api/users", key, script):
                    _all_three(server, cluster.process, seconds)
        finally:
            server.stop()


def _all_three(server: Server, process: servers.Process, seconds: float) -> None:
    time.sleep(2)
    with Watch(server.port) as watch:
        time.sleep(seconds)
    print(f"well     {watch.line()}", flush=True)
    measure(server, "stopped", seconds, lambda: process.stop(signal.SIGINT), process.start)
    measure(server, "frozen", seconds, process.freeze, process.thaw)


@contextmanager
def _asking(url: str, key: str, script: Path) -> Iterator[None]:
    authority = f"Authorization: Bearer {key}"
    wrk = ["wrk", "-t1", f"-c{SIDE_BY_SIDE}", "-d600s", "-H", authority, "-s", str(script), url]
    load = subprocess.Popen(wrk, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        load.kill()
        load.wait()


if __name__ == "__main__":
    main()
