"""Every tenant table is behind the second wall, and the wall goes up without shutting out the release before."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer
from topline.cli import cli
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.migrations import downgrade, upgrade
from topline.core.row_security import wall_of
from topline.core.transaction import Database
from topline.tables import metadata
from topline.upkeep import second_wall

pytestmark = pytest.mark.postgres

BEFORE = "0004"
A_HOUSE = (
    "INSERT INTO organizations (id, name, currency, locale, settings, version, is_demo, created_at)"
    " VALUES (%s, 'House', 'EUR', 'en', '{}', 1, false, now())"
)


@pytest.fixture
def url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        yield url


def topline(url: str, *words: str) -> Result:
    return CliRunner(env={"TOPLINE_DATABASE_URL": url}).invoke(cli, words)


def houses(url: str) -> int:
    """How many organizations somebody sees who says nothing, as the release before."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM organizations").fetchone()
    assert found is not None
    return int(found[0])


def test_in_a_new_database_it_holds_on_every_tenant_table(url: str) -> None:
    """Whoever adds a table calls `protect_rows` in its revision; CONTRIBUTING.md shows how."""
    wall = wall_of(url)
    assert wall is not None
    tenants = {table.name for table in metadata.sorted_tables if "organization_id" in table.c}
    assert set(wall.tables) == tenants - {"installation"} | {"organizations"}
    assert (wall.open_tables, wall.bare_tables, wall.trouble) == ((), (), "")
    assert wall.is_closed
    assert topline(url, "rows", "status").exit_code == 0


def test_a_table_that_was_forgotten_is_found(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE lost_property (organization_id uuid, id uuid)")
    told = topline(url, "rows", "status")
    assert (told.exit_code, told.output) == (
        1,
        "no policy on lost_property: bring the schema up with `topline migrate up`\n",
    )
    assert topline(url, "rows", "on").exit_code == 1
    with psycopg.connect(url) as connection:
        connection.execute("SELECT protect_rows('lost_property')")
    assert topline(url, "rows", "status").exit_code == 0


def test_in_a_database_in_use_it_waits_until_the_release_before_is_gone(url: str) -> None:
    downgrade(url, BEFORE)
    with psycopg.connect(url) as connection:
        connection.execute(A_HOUSE, [new_id()])
    upgrade(url)
    assert houses(url) == 1, "the release before still works"
    told = topline(url, "rows", "status")
    assert told.exit_code == 1
    assert "run `topline rows on`" in told.output
    switched = topline(url, "rows", "on")
    assert (switched.exit_code, switched.output) == (0, "row-level security holds on all 36 tables\n")
    assert houses(url) == 0
    assert topline(url, "rows", "on").exit_code == 0, "twice is once"
    assert topline(url, "rows", "off").exit_code == 0
    assert houses(url) == 1, "and back to the release before"


def test_switching_waits_for_whoever_uses_a_table(url: str) -> None:
    """It gives way again and again instead of making everybody wait behind it."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(url) as busy:
        topline(url, "rows", "off")
        busy.execute("SELECT count(*) FROM people")
        switching = pool.submit(topline, url, "rows", "on")
        with pytest.raises(TimeoutError):
            switching.result(timeout=1.0)
        with psycopg.connect(url) as other:
            other.execute("SET lock_timeout = '2s'")
            other.execute("SELECT count(*) FROM people")
        busy.rollback()
        assert switching.result(timeout=20).exit_code == 0


def test_a_revision_changes_the_rows_of_everybody(url: str) -> None:
    """Else one that fills a column would find nothing to fill, and say nothing."""
    with psycopg.connect(url) as connection:
        connection.execute("SET topline.door = 'everywhere'")
        connection.execute(A_HOUSE, [new_id()])
    assert houses(url) == 0
    downgrade(url, BEFORE)
    upgrade(url)
    assert houses(url) == 1, "the revision saw that the database is in use"


def test_a_dump_holds_everything_or_fails(url: str, postgres_server: PostgresServer) -> None:
    """As in `docs/operate`: the rows of every house, and the wall stands in what is restored from it."""
    with psycopg.connect(url) as connection:
        connection.execute("SET topline.door = 'everywhere'")
        connection.execute(A_HOUSE, [new_id()])

    def run(program: str, *words: str, opened: bool, given: str = "") -> subprocess.CompletedProcess[str]:
        options = {"PGOPTIONS": "-c topline.door=everywhere"} if opened else {}
        command = [str(postgres_server.programs / program), *words]
        return subprocess.run(
            command, env=os.environ | options, input=given, text=True, capture_output=True, check=False
        )

    plain = run("pg_dump", "-d", url, opened=False)
    assert plain.returncode != 0
    assert "row-level security" in plain.stderr
    dump = run("pg_dump", "--enable-row-security", "-d", url, opened=True)
    assert dump.returncode == 0, dump.stderr
    copy = postgres_server.make_database("restored")
    back = run("psql", "-v", "ON_ERROR_STOP=1", "-q", "-d", copy, opened=True, given=dump.stdout)
    assert back.returncode == 0, back.stderr
    assert houses(copy) == 0
    assert topline(copy, "rows", "status").exit_code == 0
    with psycopg.connect(copy) as connection:
        connection.execute("SET topline.door = 'everywhere'")
        assert connection.execute("SELECT count(*) FROM organizations").fetchone() == (1,)


def test_a_role_that_bypasses_it_is_named(
    url: str, postgres_server: PostgresServer, clock: FixedClock
) -> None:
    name = url.rpartition("/")[2]
    told = topline(postgres_server.admin_url(name), "rows", "status")
    assert told.exit_code == 1
    assert "bypasses row-level security" in told.output


class Lines:
    """Stands for the log of `second_wall`."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def warning(self, event: str, *, trouble: str) -> None:
        assert event == "row_security_open"
        self.told.append(trouble)


def said_at_start(
    patch: pytest.MonkeyPatch, clock: FixedClock, url: str, row_security: bool = True
) -> list[str]:
    lines = Lines()
    patch.setattr(second_wall, "log", lines)
    database = Database(url, clock, pool_size=1, row_security=row_security)
    second_wall.warn_if_open(database)
    database.close()
    return lines.told


def test_a_process_says_at_its_start_when_the_wall_is_open(
    url: str, postgres_server: PostgresServer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = partial(said_at_start, monkeypatch, clock)

    assert told(url) == []
    assert told(url, row_security=False) == ["TOPLINE_ROW_SECURITY is off"]
    assert "bypasses" in told(postgres_server.admin_url(url.rpartition("/")[2]))[0]
    topline(url, "rows", "off")
    assert "topline rows on" in told(url)[0]
    assert told("postgresql://nobody@127.0.0.1:9/nothing") == []


def test_on_sqlite_there_is_none_to_switch(
    sqlite_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert topline(sqlite_url, "rows", "status").exit_code == 0
    assert topline(sqlite_url, "rows", "on").exit_code == 1
    assert said_at_start(monkeypatch, clock, sqlite_url) == []


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with request.getfixturevalue("sqlite_databases").fresh() as url:
        yield url
