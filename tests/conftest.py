"""What every test can ask for: a fresh database of either kind, private servers, and no network but this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import network, parts, servers
from tests.support.databases import PostgresDatabases, SqliteDatabases
from topline.core.clock import FixedClock
from topline.core.transaction import Database

#: A Wednesday, ten in the morning in UTC: no clock change and no turn of month near.
A_WEDNESDAY = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRESQL = pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres)


def pytest_report_header() -> list[str]:
    """Says at the start what will be left out, so that nobody waits for it."""
    return [part.line for part in parts.missing()]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says it again at the end, one line a part."""
    for part in parts.missing():
        terminalreporter.write_line(part.line)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        network.forbid(patch)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    """A PostgreSQL cluster of this run's own."""
    initdb = parts.need(parts.POSTGRES)
    with servers.postgres(initdb) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.RedisServer]:
    """A Redis of this run's own."""
    with servers.redis(parts.need(parts.REDIS)) as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program, for Playwright's `executable_path`."""
    return parts.need(parts.CHROMIUM)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: servers.PostgresServer) -> PostgresDatabases:
    return PostgresDatabases(postgres_server)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated, empty database; a test that takes it runs once on SQLite and once on PostgreSQL."""
    kind = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(kind)
    with databases.fresh() as url:
        yield url


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still at `A_WEDNESDAY` until the test moves it."""
    return FixedClock(A_WEDNESDAY)


@pytest.fixture
def database(database_url: str, clock: FixedClock) -> Iterator[Database]:
    """Transactions on a fresh database; runs on both kinds."""
    database = Database(database_url, clock, pool_size=5)
    yield database
    database.close()
