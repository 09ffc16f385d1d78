"""Private servers for the tests: an own PostgreSQL cluster and an own Redis, gone when the tests are.

Both listen on a free loopback port, keep their files in a temporary folder and do not sync to the disk, so they
work the same on a laptop and in CI and never touch a server that is already there. A test that has one of its own can
stop it, freeze it, and have it back: `server.process.freeze()`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

STARTUP_SECONDS = 30.0

POSTGRES_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


@dataclass
class Process:
    """A server's process, its children included."""

    command: list[str]
    folder: Path
    is_ready: Callable[[], bool]
    _running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        log = self.folder / "server.log"
        with log.open("ab") as out:
            self._running = subprocess.Popen(self.command, cwd=self.folder, stdout=out, stderr=out)
        end = time.monotonic() + STARTUP_SECONDS
        while not self.is_ready():
            if self._running.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"{self.command[0]} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it. For PostgreSQL SIGINT also ends those who are connected."""
        running, self._running = self._running, None
        if running is None:
            return
        running.send_signal(how)
        try:
            running.wait(timeout=5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._running is not None

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing, as a machine that hangs would."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def _send(self, what: signal.Signals) -> None:
        for pid in self._family():
            with contextlib.suppress(ProcessLookupError):  # a child that ended by itself in this moment
                os.kill(pid, what)

    def _family(self) -> list[int]:
        assert self._running is not None
        parents: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found = [self._running.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found


@dataclass(frozen=True)
class PostgresServer:
    port: int
    programs: Path
    process: Process = field(repr=False)

    def url(self, database: str) -> str:
        """As Topline's settings and psycopg take it: an ordinary role, which owns what it made and bypasses nothing."""
        return f"postgresql://topline@127.0.0.1:{self.port}/{database}"

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser of a cluster that lives for this run only."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """A connection of the superuser, for what no application may do."""
        with psycopg.connect(self.admin_url(), autocommit=True) as connection:
            yield connection

    def make_database(self, name: str, template: str = "template1") -> str:
        """A database that the ordinary role owns; tells its address."""
        parts = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with self.admin() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {name} OWNER topline TEMPLATE {template}").format(**parts)
            )
        return self.url(name)


@dataclass(frozen=True)
class RedisServer:
    port: int
    process: Process = field(repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def postgres(programs: Path) -> Iterator[PostgresServer]:
    """A running cluster made by initdb. PostgreSQL refuses to run as root, so root hands it to another account."""
    with _folder("topline-postgres-") as folder:
        _give_away(folder)
        data = folder / "data"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(_as_owner(initdb), cwd=folder, check=True, capture_output=True)
        port = free_port()
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
        for name, value in POSTGRES_SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        is_ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres"]
        with running(_as_owner(command), folder, lambda: _succeeds(is_ready)) as process:
            server = PostgresServer(port, programs, process)
            with server.admin() as connection:
                connection.execute("CREATE ROLE topline LOGIN")
            yield server


@contextmanager
def redis(program: Path) -> Iterator[RedisServer]:
    """A running Redis that keeps nothing on disk."""
    with _folder("topline-redis-") as folder:
        port = free_port()
        command = [
            str(program),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        with running(dying_with_us(command), folder, lambda: _answers_ping(port)) as process:
            yield RedisServer(port, process)


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Whether somebody takes connections at this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str], folder: Path, ready: Callable[[], bool]) -> Iterator[Process]:
    """A server's process until it is no longer needed; goes on when `ready` says so."""
    process = Process(command, folder, ready)
    process.start()
    try:
        yield process
    finally:
        if process.is_running:
            process.thaw()
        process.stop()


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _owner() -> pwd.struct_passwd | None:
    """The account that runs PostgreSQL when we are root; None when we can run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(
        "PostgreSQL cannot run as root, and there is no account 'postgres' or 'nobody' to run it."
    )


def _give_away(folder: Path) -> None:
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _as_owner(command: list[str]) -> list[str]:
    owner = _owner()
    if owner is None:
        return dying_with_us(command)
    identity = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return ["setpriv", "--pdeathsig", "INT", *identity, *command]


def dying_with_us(command: list[str]) -> list[str]:
    """A test run that is killed must not leave a server behind; where there is no setpriv, it may."""
    return ["setpriv", "--pdeathsig", "INT", *command] if shutil.which("setpriv") else command
