"""Every route with every actor, on both databases: who may come in, who may not, and what the hotel next door finds.

The routes are read from the program; who may call them stands in `route_table.py`.
"""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.house.callers import (
    NEIGHBORS,
    credentials,
    ends_sessions,
    expected,
    found_next_door,
    in_order,
)
from tests.house.route_table import allowed, declared
from tests.house.walk import ENDLESS, Route, code_of, is_kept_out, reasons, visit
from tests.support.apps import Running, running
from tests.support.furnished import Furnished, furnish, rows_of
from tests.support.hotel import headers
from topline.core.permissions import OF_DISPLAY, OF_GROUP, OF_TABLET, Group, Permission

ACTORS = ["nobody", *allowed()]
_names = count(1)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    databases = request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_databases")
    generous = "1000000/minute"
    limits = {"limit_uploads": generous, "limit_unknown_sign_in": generous, "limit_device_sign_in": generous}
    with databases.fresh() as url, running(url, tmp_path_factory.mktemp("routes"), **limits) as house:
        yield house


@pytest.fixture(scope="module")
def routes(house: Running) -> list[Route]:
    """Those that take something away come after the others, those that end the caller's sessions last."""
    return in_order(house)


def report(found: dict[str, str]) -> str:
    """One route a line."""
    return "\n" + "\n".join(f"{name}: {what}" for name, what in found.items())


@pytest.fixture
def things(house: Running) -> Furnished:
    """A hotel of this test's own."""
    return furnish(house, f"Walked Hotel {next(_names)}")


def test_every_route_is_declared(routes: list[Route]) -> None:
    """A new route goes into `route_table.py`, where somebody reads who may call it."""
    assert {route.name: route.permission for route in routes} == declared()


def test_every_public_route_says_why(routes: list[Route]) -> None:
    found = dict(reasons(routes))
    assert len(found) > 3
    assert {name: reason for name, reason in found.items() if len(reason.split()) < 4} == {}


def test_the_table_of_actors_says_what_the_program_says() -> None:
    table = allowed()
    assert {row for actor in table.values() for row in actor} == {
        permission.value for permission in Permission
    }
    for actor, program in {
        "staff": OF_GROUP[Group.STAFF],
        "staff@tablet": OF_GROUP[Group.STAFF] | OF_TABLET,
        "manager": OF_GROUP[Group.MANAGER],
        "manager@tablet": OF_GROUP[Group.STAFF] | OF_TABLET,
        "owner": OF_GROUP[Group.ADMIN],
        "key": OF_GROUP[Group.MANAGER] - {Permission.KEYS_OWN},
        "narrow_key": {Permission.PEOPLE_READ},
        "tablet": OF_TABLET,
        "display": OF_DISPLAY,
    }.items():
        assert table[actor] == {permission.value for permission in program}, actor


@pytest.mark.parametrize("actor", ACTORS)
def test_who_may_not_is_refused_and_changes_nothing(
    house: Running, routes: list[Route], things: Furnished, actor: str
) -> None:
    sent = credentials(house, things.hotel, actor)
    before = rows_of(house.database, things.hotel.organization_id)
    found = {}
    for route in routes:
        refusal = expected(actor, route.permission)
        if refusal is not None:
            answer = visit(house, route, sent, things)
            status = 401 if refusal.startswith(("un", "de", "di")) else 403
            if (answer.status_code, code_of(answer)) != (status, refusal):
                found[route.name] = f"{answer.status_code} {code_of(answer)}, not {status} {refusal}"
    assert not found, report(found)
    assert rows_of(house.database, things.hotel.organization_id) == before


@pytest.mark.parametrize("actor", ACTORS)
def test_who_may_is_let_in_and_never_meets_an_error_of_ours(
    house: Running, routes: list[Route], things: Furnished, actor: str
) -> None:
    sent = credentials(house, things.hotel, actor)
    found = {}
    for route in routes:
        if expected(actor, route.permission) is None and route.name not in ENDLESS:
            mine = credentials(house, things.hotel, actor) if ends_sessions(route) else sent
            answer = visit(house, route, mine, things)
            if answer.status_code >= 500 or (is_kept_out(answer) and route.permission != "public"):
                found[route.name] = f"{answer.status_code} {answer.text[:300]}"
    assert not found, report(found)


def test_every_id_of_the_walk_is_a_real_one(house: Running, routes: list[Route], things: Furnished) -> None:
    """The control of the test below: for our own owner each of these addresses leads somewhere."""
    olive = headers(things.hotel.olive)
    found = {}
    for route in routes:
        if route.method == "GET" and "{" in route.path and route.permission != "public":
            answer = visit(house, route, olive, things)
            if answer.status_code != 200:
                found[route.name] = f"{answer.status_code} {answer.text[:200]}"
    assert not found, report(found)


@pytest.mark.parametrize("actor", NEIGHBORS)
def test_the_hotel_next_door_finds_and_changes_nothing(house: Running, things: Furnished, actor: str) -> None:
    """Their people, with all their rights, and ids of our rows in every path and body."""
    theirs = furnish(house, f"Next Door {next(_names)}", "Australia/Perth")
    before = rows_of(house.database, things.hotel.organization_id)
    found = found_next_door(house, things, theirs, actor)
    assert not found, report(found)
    assert rows_of(house.database, things.hotel.organization_id) == before
