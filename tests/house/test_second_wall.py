"""The second wall, from outside: the hotel next door finds nothing even when every filter was forgotten.

The walk of `test_routes.py` once more, with row-level security off and on, and with the filters by organization taken
out of every statement the program sends (`tests/support/unfiltered.py`).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.house.callers import NEIGHBORS, found_next_door
from tests.support.apps import Running, running
from tests.support.furnished import furnish, rows_of
from tests.support.scope import Watch
from tests.support.unfiltered import unfiltered, without_filters

_names = count(1)
GENEROUS = dict.fromkeys(("limit_uploads", "limit_unknown_sign_in", "limit_device_sign_in"), "1000000/minute")


@contextmanager
def started(request: pytest.FixtureRequest, kind: str, *, row_security: bool) -> Iterator[Running]:
    databases = request.getfixturevalue(f"{'sqlite' if kind == 'sqlite' else 'postgres'}_databases")
    folder = request.getfixturevalue("tmp_path_factory").mktemp("wall")
    with databases.fresh() as url, running(url, folder, row_security=row_security, **GENEROUS) as house:
        yield house


@pytest.fixture(scope="module", params=[POSTGRESQL])
def walled(request: pytest.FixtureRequest) -> Iterator[Running]:
    """The program as it is delivered."""
    with started(request, request.param, row_security=True) as house:
        yield house


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def open_house(request: pytest.FixtureRequest) -> Iterator[Running]:
    """The program with nothing but its filters."""
    with started(request, request.param, row_security=False) as house:
        yield house


@dataclass(frozen=True)
class Walk:
    """What an actor of the hotel next door found, and which of our tables have other rows now."""

    found: dict[str, str]
    damaged: list[str]

    @property
    def shown(self) -> list[str]:
        """The routes that answered with one of our ids."""
        return [name for name, what in self.found.items() if what.startswith("shows ours")]


def walk(house: Running, actor: str, forget: AbstractContextManager[object]) -> Walk:
    things = furnish(house, f"Walled Hotel {next(_names)}")
    theirs = furnish(house, f"Beyond The Wall {next(_names)}", "Australia/Perth")
    before = rows_of(house.database, things.hotel.organization_id)
    with forget:
        found = found_next_door(house, things, theirs, actor)
    after = rows_of(house.database, things.hotel.organization_id)
    return Walk(found, [table for table, rows in before.items() if after[table] != rows])


@pytest.mark.parametrize("actor", NEIGHBORS)
def test_without_the_wall_the_filters_hold(open_house: Running, actor: str) -> None:
    assert walk(open_house, actor, nullcontext()) == Walk({}, [])


@pytest.mark.parametrize("actor", NEIGHBORS)
def test_without_the_filters_the_wall_holds(walled: Running, statements: Watch, actor: str) -> None:
    assert walk(walled, actor, unfiltered(walled)) == Walk({}, [])
    assert statements.take(), "the watch over every statement should have noticed"


@pytest.mark.parametrize("kind", [SQLITE, POSTGRESQL])
def test_without_both_the_hotel_next_door_helps_itself(
    request: pytest.FixtureRequest, statements: Watch, kind: str
) -> None:
    """The control: forgetting the filters is what it takes, and the walk notices. On a program of its own: with more
    than two hotels many a query stumbles over what it finds before it can show it."""
    with started(request, kind, row_security=False) as house:
        walked = walk(house, "owner", unfiltered(house))
    assert len(walked.shown) > 10, walked
    assert walked.damaged
    statements.take()


@pytest.mark.parametrize(
    ("sql", "bare"),
    [
        (
            "FROM people WHERE people.organization_id = ? AND a = ?",
            "FROM people WHERE ? IS NOT NULL AND a = ?",
        ),
        (
            "WHERE pins.organization_id = %(organization_id_1)s::UUID",
            "WHERE %(organization_id_1)s::UUID IS NOT NULL",
        ),
        ("WHERE organizations.id = ?", "WHERE ? IS NOT NULL"),
        ("JOIN roles ON roles.organization_id = people.organization_id", None),
        ("INSERT INTO pins (organization_id) VALUES (?)", None),
    ],
)
def test_which_filters_are_forgotten(sql: str, bare: str | None) -> None:
    assert without_filters(sql) == (bare or sql)
