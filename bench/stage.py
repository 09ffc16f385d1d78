"""A real Topline process on a fresh database, for as long as a measurement takes."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.house import House, build
from tests.support import parts, servers
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade
from topline.core.transaction import Database

#: High enough that nobody is refused; every request is counted all the same.
LIMIT = "10000000/minute"


@dataclass(frozen=True)
class Stage:
    """A running server with a house in it."""

    url: str
    database_url: str
    house: House
    process: subprocess.Popen[bytes]
    ready_seconds: float

    def memory_mib(self) -> float:
        """Resident memory of the server's worker process: the largest of the group."""
        return max(_resident(pid) for pid in self._pids())

    def cpu_seconds(self) -> float:
        """Processor time the server has used so far. Unlike a rate it means something on a busy machine, too."""
        return sum(_cpu(pid) for pid in self._pids())

    def _pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]


@contextmanager
def stage(kind: str, *, command: Sequence[str] = (), **settings: str) -> Iterator[Stage]:
    """Serve a fresh house on `sqlite` or `postgresql`. `settings` are TOPLINE_* settings in lower case.

    `command` starts it in another way, to compare.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="topline-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = f"sqlite:///{folder / 'topline.db'}" if kind == "sqlite" else flushing_postgres(stack)
        upgrade(url)
        db = Database(url, SystemClock(), row_security=False)
        house = build(db)
        db.close()
        port = servers.free_port()
        environment = os.environ | {
            "TOPLINE_DATA": str(folder),
            "TOPLINE_DATABASE_URL": url,
            "TOPLINE_LIMIT_API": LIMIT,
            "TOPLINE_PORT": str(port),
            **{f"TOPLINE_{name.upper()}": value for name, value in settings.items()},
        }
        started = time.perf_counter()
        log = stack.enter_context((folder / "server.log").open("wb"))
        process = subprocess.Popen(
            [*(command or (sys.executable, "-m", "topline", "serve"))],
            env=environment,
            stdout=log,
            stderr=log,
        )
        stack.callback(_end, process)
        address = f"http://127.0.0.1:{port}"
        _wait(process, address, folder / "server.log")
        yield Stage(address, url, house, process, time.perf_counter() - started)


def flushing_postgres(stack: ExitStack) -> str:
    """The address of an empty database on a server of our own, until `stack` is left."""
    server = stack.enter_context(servers.postgres(parts.need(parts.POSTGRES)))
    with server.admin() as connection:
        # The tests' server forgives a power cut; here every commit is flushed, as in a hotel.
        for name, value in (("fsync", "on"), ("synchronous_commit", "on"), ("autovacuum", "on")):
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
    return server.make_database("bench")


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the server did not start:\n" + log.read_text(errors="replace"))
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
