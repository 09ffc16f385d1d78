"""What every test can ask for: a fresh database of either kind, private servers, and no network but this machine."""

import logging
import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import structlog
from litestar.testing import TestClient

from tests.support import network, parts, scope, servers
from tests.support.databases import LookingDatabase, PostgresDatabases, SqliteDatabases
from tests.support.hotel import Hotel, build_hotel
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.core.transaction import Database

if TYPE_CHECKING:
    from topline.web.doorway import Doorway

# A slow machine is no defect, and CI tries the same examples each time: a failure there can be repeated here.
hypothesis.settings.register_profile("topline", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("topline")

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under REQUIRE=all a skip is a failure, whatever its reason; expected failures stay what they are."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and parts.everything_required():
        report.outcome = "failed"
        report.longrepr = f"REQUIRE=all allows no skip: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        network.forbid(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    """Only errors, and their traces without the values of every frame: those cost seconds each."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )


@pytest.fixture(scope="session")
def statements() -> Iterator[scope.Watch]:
    """Reads every statement the program sends during the run."""
    watch = scope.Watch()
    with pytest.MonkeyPatch.context() as patch:
        watch.start(patch)
        yield watch
        watch.stop()


@pytest.fixture(autouse=True)
def _every_statement_names_its_hotel(statements: scope.Watch) -> Iterator[None]:
    """Fails the test during which the program read or wrote rows without saying whose."""
    yield
    assert statements.take() == []


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
    database = LookingDatabase(database_url, clock, pool_size=5)
    yield database
    database.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings as an operator would have them, on a fresh database and an empty data folder.

    The general request limit is out of the way; tests of limits set their own with `model_copy`.
    """
    return Settings(
        data=tmp_path / "data",
        database_url=database_url,
        database_pool=5,
        limit_api="100000/minute",
        log_level="error",
    )


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> "Doorway":
    """The whole program on a fresh database of each kind. The same `clock` can be moved by the test."""
    # Here and not above: tests of rules need not wait until the whole program is imported.
    from topline.main import create_app

    return create_app(settings, clock)


@pytest.fixture
def client(app: "Doorway") -> Iterator[TestClient["Doorway"]]:
    """A browser's or script's way in, through everything a real request passes; started and stopped with the test."""
    with TestClient(app, base_url="http://topline.test") as client:
        yield client


@pytest.fixture
def hotel(database: Database) -> Hotel:
    """The cast of `tests/support/hotel.py` on the test's database. `headers(hotel.sam)` is a request by Sam."""
    return build_hotel(database)


@pytest.fixture
def other_hotel(database: Database) -> Hotel:
    """The hotel next door, on the same installation: whatever its people try, they find nothing of `hotel`."""
    return build_hotel(database, name="Hotel Next Door", zone="Australia/Perth")
