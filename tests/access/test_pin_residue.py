"""After the migration no plain PIN can be read anywhere: free pages, dead rows, logs, statistics, dumps, backups."""

import re
import sqlite3
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from tests.access.plain import LIMITS, canaries, house_of
from tests.factories import SEAL, TICKETS, quick_hasher
from tests.support import servers
from tests.support.databases import LookingDatabase
from topline.access.actions import Doors, Intake, migrate_pins
from topline.core.clock import FixedClock
from topline.core.db import make_engine
from topline.core.scrub import NotScrubbed, scrub
from topline.core.transaction import Database

COUNT = 200
CANARIES = frozenset(pin.encode() for pin in canaries(COUNT))
_DIGITS = re.compile(rb"[0-9]{8,}")


def found_in(paths: Iterable[Path]) -> int:
    """How many of the canaries stand in any of these files, whatever is written before and after them."""
    found: set[bytes] = set()
    for path in filter(Path.is_file, paths):
        for digits in _DIGITS.findall(path.read_bytes()):
            found.update(digits[at : at + 8] for at in range(len(digits) - 7))
    return len(found & CANARIES)


def migrate(database: Database) -> Intake:
    hasher = quick_hasher()
    try:
        return migrate_pins(Doors(database, hasher, LIMITS, TICKETS, SEAL), lambda _count: None)
    finally:
        hasher.close()


def legacy(database: Database) -> None:
    """The prototype's users with the same PINs, some of them changed since: the old values are dead rows."""
    with database.write() as tx:
        tx.execute(text('CREATE TABLE "User" (id text PRIMARY KEY, email text NOT NULL, pin text)'))
        for number, pin in enumerate(canaries(COUNT)):
            row = {"id": f"c{number}", "email": f"{number}@house.invalid", "pin": pin}
            tx.execute(text('INSERT INTO "User" VALUES (:id, :email, :pin)'), row)
        tx.execute(text("UPDATE \"User\" SET pin = '4711' WHERE id < 'c5'"))


def test_nothing_is_left_in_the_files_of_sqlite(tmp_path: Path, sqlite_database: Database) -> None:
    path = Path(str(make_url(sqlite_database.url).database))
    files = [path, path.with_name(path.name + "-wal")]
    house_of(sqlite_database, COUNT)
    legacy(sqlite_database)
    assert found_in(files) == COUNT  # so the search works
    done = migrate(sqlite_database)
    assert (done.hashed, done.unusable) == (COUNT, [])
    scrub(sqlite_database.url, done.tables)
    assert found_in(path.parent.glob(path.name + "*")) == 0
    backup = sqlite3.connect(tmp_path / "backup.db")
    with sqlite3.connect(path) as source:
        source.backup(backup)
    source.close()
    backup.close()
    assert found_in([tmp_path / "backup.db"]) == 0


def test_a_reader_that_does_not_let_go_is_said(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house_of(sqlite_database, 1)

    monkeypatch.setattr("topline.core.scrub.PATIENCE_MS", 50)
    reader = make_engine(sqlite_database.url, writer=False, pool_size=1)
    with reader.connect() as connection:
        connection.execute(text("SELECT count(*) FROM imported_pins")).scalar()
        done = migrate(sqlite_database)
        with pytest.raises(NotScrubbed):
            scrub(sqlite_database.url, done.tables)
    scrub(sqlite_database.url, done.tables)
    reader.dispose()


@pytest.mark.postgres
def test_nothing_is_left_in_the_files_of_postgresql(
    tmp_path: Path, postgres_server: servers.PostgresServer, postgres_databases: object, clock: FixedClock
) -> None:
    """The write-ahead log included, once the steps of docs/operate/pins.md were taken."""
    with postgres_databases.fresh() as url:  # type: ignore[attr-defined]
        database = LookingDatabase(url, clock, pool_size=2)
        whole = postgres_server.admin_url(url.rpartition("/")[2])
        with psycopg.connect(whole, autocommit=True) as operator:
            data = Path(str(operator.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
            house_of(database, COUNT)
            legacy(database)
            operator.execute('ANALYZE imported_pins; ANALYZE "User"; CHECKPOINT')
            assert statistics(operator) == {"User"}
            for part in ("base", "pg_wal"):
                assert found_in((data / part).rglob("*")) == COUNT
            done = migrate(database)
            scrub(url, done.tables)
            operator.execute("CHECKPOINT")
            assert statistics(operator) == set()
            assert found_in((data / "base").rglob("*")) == 0
            forget_log(operator, data)
            assert found_in(data.rglob("*")) == 0
        database.close()
        dump = tmp_path / "dump.sql"
        program = postgres_server.programs / "pg_dump"
        subprocess.run([program, "-d", whole, "-f", dump], check=True, capture_output=True)
        assert found_in([dump]) == 0
        assert b"$2b$" in dump.read_bytes()


def statistics(operator: psycopg.Connection) -> set[str]:
    """The tables whose PINs the planner remembers."""
    rows = operator.execute(
        "SELECT tablename FROM pg_stats WHERE attname = 'pin' AND (histogram_bounds IS NOT NULL"
        " OR most_common_vals::text::text[] <> '{4711}')"
    )
    return {name for (name,) in rows}


def forget_log(operator: psycopg.Connection, data: Path) -> None:
    """Let the server delete its old segments instead of using them again: the lines of docs/operate/pins.md."""
    for statement in ("ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()"):
        operator.execute(statement)
    try:
        end = time.monotonic() + 30
        while found_in((data / "pg_wal").rglob("*")):
            assert time.monotonic() < end, "the old segments stay"
            operator.execute("SELECT pg_switch_wal()")
            operator.execute("CHECKPOINT")
    finally:
        operator.execute("ALTER SYSTEM RESET wal_recycle")
        operator.execute("SELECT pg_reload_conf()")
