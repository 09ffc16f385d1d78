"""After a day of use, mistakes and breakdowns no PIN can be read anywhere; only managers saw those they handed over.

The bulk load of plain PINs is a story of its own: `test_pin_residue.py`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from tests.access.needles import canaries, found_in, spellings
from tests.access.pin_day import OPERATOR, PEOPLE, Day
from tests.access.plain import bulk_load
from tests.access.thief import copy_of, dump_of
from tests.browser.support.server import PEPPER, Server
from tests.conftest import POSTGRESQL, SQLITE
from tests.support import parts, servers
from tests.support.databases import LookingDatabase
from topline.core.clock import SystemClock
from topline.core.ids import new_id
from topline.core.migrations import upgrade

#: A server that writes down every statement with every value, as no hotel should have it.
TALKATIVE = {
    "log_statement": "all",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_min_error_statement": "debug5",
}
SETTINGS = {
    "TOPLINE_PEPPER": PEPPER,
    "TOPLINE_OPERATOR_TOKEN": OPERATOR,
    "TOPLINE_LIMIT_API": "100000/minute",
    "TOPLINE_LOG_LEVEL": "debug",
}


@dataclass(frozen=True)
class Place:
    """A database, and the folder with all of its files."""

    url: str
    folder: Path
    log_format: str
    server: servers.PostgresServer | None = None

    def back_up(self, to: Path) -> None:
        """As the database's own programs do it; and the files as they lie there."""
        to.mkdir()
        if self.server is not None:
            dump_of(self.server, self.url, to / "dump.sql")
            with self.server.admin() as operator:
                operator.execute("CHECKPOINT")
            return
        copy_of(self.url, to / "copy.db")
        with (
            closing(sqlite3.connect(str(make_url(self.url).database))) as source,
            closing(sqlite3.connect(to / "backup.db")) as backup,
        ):
            source.backup(backup)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Place]:
    folder.mkdir()
    url = f"sqlite:///{folder / 'topline.db'}"
    upgrade(url)
    yield Place(url, folder, "text")


@contextmanager
def on_postgresql() -> Iterator[Place]:
    with servers.postgres(parts.need(parts.POSTGRES)) as server:
        url = server.make_database("topline")
        upgrade(url)
        with server.admin() as operator:
            for name, value in TALKATIVE.items():
                operator.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            operator.execute("SELECT pg_reload_conf()")
        yield Place(url, server.process.folder, "json", server)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with on_sqlite(tmp_path / "base") if request.param == "sqlite" else on_postgresql() as found:
        yield found


def test_no_pin_is_readable_after_a_day_of_use(place: Place, tmp_path: Path) -> None:
    *pins, control = canaries(PEOPLE + 1)
    database = LookingDatabase(place.url, SystemClock(), pool_size=2)
    day = Day(database, pins, tmp_path / "answers", place.server.admin_url("topline") if place.server else "")
    server = Server(tmp_path / "data", place.url, {**SETTINGS, "TOPLINE_LOG_FORMAT": place.log_format})
    day.begin(server.start().url)
    try:
        day.lived()
        everywhere = [place.folder, server.data, day.answers, tmp_path / "backup", tmp_path / "later"]
        place.back_up(tmp_path / "backup")
        assert found_in(everywhere, pins) == {}
        # The control: one that is not of the day is put everywhere, and seen everywhere.
        plant(day, control)
        place.back_up(tmp_path / "later")
    finally:
        server.stop()
        database.close()
    assert "Traceback" in server.log
    assert server.log.count("request_failed") > 50
    if place.server is not None:
        place.server.process.stop()
    assert found_in(everywhere, pins) == {}
    seen = found_in(everywhere, [control])
    folders = {folder.name for folder in everywhere for path in seen if path.startswith(f"{folder}/")}
    assert folders == {folder.name for folder in everywhere} - {"backup"}
    wanted = (
        {"topline.db", "copy.db-wal", "backup.db"} if place.server is None else {"dump.sql", "server.log"}
    )
    assert {Path(path).name for path in seen} >= wanted
    assert place.server is None or any("/pg_wal/" in path for path in seen)


def plant(day: Day, pin: str) -> None:
    """Put a PIN where one can be read: into the table for plain ones, an address, the answer to it."""
    day.ask("GET", f"/api/{pin}")
    day.ask("GET", f"/sign-in?next=/{pin}")
    bulk_load(day.database, day.cast, {day.people[0]: pin})


@pytest.mark.parametrize("before", [b"", b"-", b"12", b"abc", b'{"pin": "'])
def test_a_pin_is_found_in_every_spelling(before: bytes, tmp_path: Path) -> None:
    (pin,) = canaries(1)
    for number, spelled in enumerate(spellings(pin)):
        (tmp_path / str(number)).write_bytes(b"\0" + before + spelled + b"\0")
    assert len(found_in([tmp_path], [pin])) == len(spellings(pin))


def test_digits_of_an_id_are_no_pin_but_those_behind_it_are(tmp_path: Path) -> None:
    (pin,) = canaries(1)
    first, second = new_id(), UUID(f"01981f3a7f7e7a3c9f60abcd{pin}")
    (tmp_path / "ids").write_text(f"{first} {second} {second.hex}{first.hex}{second.hex}")
    assert found_in([tmp_path], [pin]) == {}
    (tmp_path / "row").write_text(f"{first.hex}{second.hex}{pin}2026")
    assert found_in([tmp_path], [pin]) == {str(tmp_path / "row"): {pin}}
