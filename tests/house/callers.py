"""Whose requests the walk of every route sends, in which order, and what people of the hotel next door may find."""

from tests.factories import key_of, session_of
from tests.house.route_table import allowed
from tests.house.walk import ENDLESS, Route, routes_of, visit
from tests.support.apps import Running
from tests.support.cast import Who
from tests.support.furnished import Furnished, at_tablet
from tests.support.hotel import Hotel, Member, headers
from topline.core.permissions import Permission

#: Everybody next door who could find something.
NEIGHBORS = ["owner", "manager", "staff@tablet", "tablet", "display", "key"]


def in_order(house: Running) -> list[Route]:
    """Those that take something away come after the others, those that end the caller's sessions last."""
    return sorted(routes_of(house.app.litestar), key=lambda route: (ends_sessions(route), takes_away(route)))


def takes_away(route: Route) -> bool:
    words = ("deactivate", "discard", "revoke", "remove", "link", "/undo")
    return route.method == "DELETE" or route.path.endswith(words)


def ends_sessions(route: Route) -> bool:
    words = ("logout", "sign-out", "password", "account/sessions", "not-me")
    return any(word in route.path for word in words)


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


def found_next_door(house: Running, things: Furnished, theirs: Furnished, actor: str) -> dict[str, str]:
    """Route → what is wrong with its answer to an actor of their hotel who sends the ids of our things."""
    sent = credentials(house, theirs.hotel, actor)
    ours = {str(value) for value in things.ids.values()} | our_ids(things.hotel)
    found = {}
    for route in in_order(house):
        if expected(actor, route.permission) is not None or route.name in ENDLESS:
            continue
        mine = credentials(house, theirs.hotel, actor) if ends_sessions(route) else sent
        answer = visit(house, route, mine, things)
        refused = (400, 403, 404, 409, 415, 422) if route.method != "GET" else (404,)
        if answer.status_code >= 500 or (route.names_a_row and answer.status_code not in refused):
            found[route.name] = f"{answer.status_code} {answer.text[:200]}"
        elif answer.is_success and any(one in answer.text for one in ours):
            found[route.name] = f"shows ours: {answer.text[:200]}"
    return found


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
