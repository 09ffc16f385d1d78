"""Two hotels on one PostgreSQL, and the program's own way in."""

from collections.abc import Iterator

import pytest

from tests.support.databases import PostgresDatabases
from tests.support.hotel import Hotel, build_hotel
from topline.core.clock import FixedClock
from topline.core.transaction import Database


@pytest.fixture
def url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        yield url


@pytest.fixture
def ours(url: str, clock: FixedClock) -> Hotel:
    return _build(url, clock, "Ours")


@pytest.fixture
def theirs(url: str, clock: FixedClock) -> Hotel:
    return _build(url, clock, "Theirs")


def _build(url: str, clock: FixedClock, name: str) -> Hotel:
    database = Database(url, clock, pool_size=1, row_security=False)
    try:
        return build_hotel(database, name)
    finally:
        database.close()


@pytest.fixture
def narrow(url: str, clock: FixedClock) -> Iterator[Database]:
    """One connection for readers and one for writers: whoever comes next gets the one used before."""
    database = Database(url, clock, pool_size=1)
    yield database
    database.close()
