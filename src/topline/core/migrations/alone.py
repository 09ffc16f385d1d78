"""One runner at a time on a database: whoever comes second waits, and is told for whom."""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from sqlalchemy import create_engine, make_url, pool, text

Say = Callable[[str], object]

#: The advisory lock of this database; any number nobody else uses.
_KEY: Final = 20_150_722
_TRY: Final = text("SELECT pg_try_advisory_lock(:key)")
_WHO: Final = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :key"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_ASK_AGAIN_SECONDS: Final = 0.2


class Occupied(Exception):
    """Another runner is still at it after all the patience we have."""


@contextmanager
def alone(url: str, say: Say, patience: float) -> Iterator[None]:
    """Run the block when nobody else migrates this database. Raises Occupied, naming who does, after `patience`."""
    only = _alone_on_sqlite if url.startswith("sqlite") else _alone_on_postgres
    with only(url, say, patience):
        yield


@contextmanager
def _alone_on_postgres(url: str, say: Say, patience: float) -> Iterator[None]:
    """The lock lives as long as its own connection: also a runner that was killed gives it back."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        poolclass=pool.NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": _me()[:63]},
    )
    with engine.connect() as connection:
        # Asked for again and again: a statement that waits would hold a snapshot, and the runner we wait for could not
        # finish a CREATE INDEX CONCURRENTLY.
        _until(
            lambda: bool(connection.execute(_TRY, {"key": _KEY}).scalar_one()),
            lambda: connection.execute(_WHO, {"key": _KEY}).scalar() or "somebody",
            say,
            patience,
        )
        yield


@contextmanager
def _alone_on_sqlite(url: str, say: Say, patience: float) -> Iterator[None]:
    """A locked file beside the database. The database itself must not be: its own locks would get lost with ours."""
    database = make_url(url).database
    if not database:
        yield
        return
    path = Path(database + ".migrating")
    held: list[IO[str]] = []

    def take() -> bool:
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        # The one before may have removed the file between our opening and our locking it.
        if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            file.close()
            return False
        file.truncate(0)
        file.write(_me())
        file.flush()
        held.append(file)
        return True

    def who() -> str:
        return (path.read_text(encoding="utf-8") if path.exists() else "") or "somebody"

    _until(take, who, say, patience)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        held[0].close()


def _until(take: Callable[[], bool], who: Callable[[], str], say: Say, patience: float) -> None:
    end = time.monotonic() + patience
    told = False
    while not take():
        if time.monotonic() >= end:
            raise Occupied(f"{who()} is still at it; nothing was changed, try again later")
        if not told:
            say(f"waiting for {who()}")
            told = True
        time.sleep(_ASK_AGAIN_SECONDS)


def _me() -> str:
    return f"topline migrate, process {os.getpid()} on {socket.gethostname()}"
