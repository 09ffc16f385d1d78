"""A populated database of each kind, made once and copied for each test."""

from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.support.databases import PostgresDatabases, SqliteDatabases
from tests.upgrade.year import fill


@pytest.fixture(scope="session")
def year_in_sqlite(sqlite_databases: SqliteDatabases) -> str:
    return sqlite_databases.template("year", fill)


@pytest.fixture(scope="session")
def year_in_postgresql(postgres_databases: PostgresDatabases) -> str:
    return postgres_databases.template("year", fill)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def year_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with a year of data in every table; a test that takes it runs on both kinds."""
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(f"{_kind(request)}_databases")
    template: str = request.getfixturevalue(f"year_in_{request.param}")
    with databases.fresh(template) as url:
        yield url


def _kind(request: pytest.FixtureRequest) -> str:
    return "sqlite" if request.param == "sqlite" else "postgres"
