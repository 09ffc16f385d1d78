"""Every route with every actor, on both databases: who may come in, who may not, and what the hotel next door finds.

The routes are read from the program; who may call them stands in `route_table.py`.
"""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.factories import key_of, session_of
from tests.house.route_table import allowed, declared
from tests.house.walk import ENDLESS, Route, code_of, is_kept_out, reasons, routes_of, visit
from tests.support.apps import Running, running
from tests.support.cast import Who
from tests.support.furnished import Furnished, at_tablet, furnish, rows_of
from tests.support.hotel import Hotel, Member, headers
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
    return sorted(routes_of(house.app.litestar), key=lambda route: (ends_sessions(route), takes_away(route)))


def takes_away(route: Route) -> bool:
    words = ("deactivate", "discard", "revoke", "remove", "link", "/undo")
    return route.method == "DELETE" or route.path.endswith(words)


def ends_sessions(route: Route) -> bool:
    return any(word in route.path for word in ("logout", "sign-out", "password", "account/sessions"))


def report(found: dict[str, str]) -> str:
    """One route a line."""
    return "\n" + "\n".join(f"{name}: {what}" for name, what in found.items())


@pytest.fixture
def things(house: Running) -> Furnished:
    """A hotel of this test's own."""
    return furnish(house, f"Walked Hotel {next(_names)}")


def credentials(house: Running, hotel: Hotel, actor: str) -> dict[str, str]:
    """The headers of an actor's request. Fresh ones: some routes end the session that called them."""
    match actor:
        case "nobody":
            return {"Sec-Fetch-Site": "same-origin"}
        case "tablet":
            return headers(hotel.tablet)
        case "display":
            return {**headers(hotel.display), "Cookie": f"topline_display={hotel.display.token}"}
        case "key":
            return {"Authorization": f"Bearer {key_of(house.database, who(hotel, hotel.max))}"}
        case "narrow_key":
            narrow = key_of(house.database, who(hotel, hotel.max), [Permission.PEOPLE_READ])
            return {"Authorization": f"Bearer {narrow}"}
    name, _, place = actor.partition("@")
    member = {"staff": hotel.sam, "manager": hotel.max, "owner": hotel.olive}[name]
    tablet = hotel.tablet if place else None
    token = session_of(house.database, who(hotel, member), tablet)  # type: ignore[arg-type]
    return at_tablet(hotel, token) if place else {**headers(member), "Cookie": f"topline_session={token}"}


def who(hotel: Hotel, member: Member) -> Who:
    """A member as the factories name one."""
    group = member.actor.group
    assert group is not None
    ids = (member.role_id, member.department_id)
    return Who(hotel.organization_id, member.id, member.name, member.name, None, group, *ids)


def expected(actor: str, permission: str) -> str | None:
    """The code of the refusal, or None for whoever may come in."""
    if permission == "public" or permission in allowed().get(actor, set()):
        return None
    missing = {"tablet:use": "device_unknown", "wall:show": "display_unknown"}.get(permission)
    return missing or ("unauthenticated" if actor == "nobody" else "forbidden")


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


@pytest.mark.parametrize("actor", ["owner", "manager", "staff@tablet", "tablet", "display", "key"])
def test_the_hotel_next_door_finds_and_changes_nothing(
    house: Running, routes: list[Route], things: Furnished, actor: str
) -> None:
    """Their people, with all their rights, and ids of our rows in every path and body."""
    theirs = furnish(house, f"Next Door {next(_names)}", "Australia/Perth")
    sent = credentials(house, theirs.hotel, actor)
    before = rows_of(house.database, things.hotel.organization_id)
    ours = {str(value) for value in things.ids.values()} | our_ids(things.hotel)
    found = {}
    for route in routes:
        if expected(actor, route.permission) is not None or route.name in ENDLESS:
            continue
        mine = credentials(house, theirs.hotel, actor) if ends_sessions(route) else sent
        answer = visit(house, route, mine, things)
        refused = (400, 403, 404, 409, 415, 422) if route.method != "GET" else (404,)
        if answer.status_code >= 500 or (route.names_a_row and answer.status_code not in refused):
            found[route.name] = f"{answer.status_code} {answer.text[:200]}"
        elif answer.is_success and any(one in answer.text for one in ours):
            found[route.name] = f"shows ours: {answer.text[:200]}"
    assert not found, report(found)
    assert rows_of(house.database, things.hotel.organization_id) == before


def our_ids(hotel: Hotel) -> set[str]:
    people = (hotel.olive, hotel.max, hotel.sam, hotel.cleo, hotel.bea)
    rows = (
        hotel.organization_id,
        hotel.restaurant_id,
        hotel.offer,
        hotel.clean,
        hotel.shake,
        hotel.tablet.id,
    )
    return {str(person.id) for person in people} | {str(row) for row in rows}
