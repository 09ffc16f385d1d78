"""The frame around each page: who is signed in, which pages they may open, and how their house writes numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from topline.core.actor import Actor
from topline.core.permissions import Permission
from topline.organizations import queries as organizations
from topline.people import queries as people
from topline.verification import queries as verification
from topline.verification.sampling import sample_of
from topline.web.formats import Formats
from topline.web.pages import NO_FRAME, Frame, Me, NavItem
from topline.web.request import Req, services
from topline.web.services import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Entry:
    href: str
    label: str
    icon: str
    needs: Permission
    group: str | None = None
    short: str | None = None


MENU: Final = (
    _Entry("/today", "Today", "home", Permission.SCOREBOARD_READ),
    _Entry("/verify", "Verify", "clipboard-check", Permission.LOGS_VERIFY),
    _Entry("/results", "Day’s results", "chart", Permission.RESULTS_READ, short="Results"),
    _Entry("/board", "Board", "trophy", Permission.LEADERBOARD_READ),
    _Entry("/people", "People", "users", Permission.PEOPLE_READ, "House"),
    _Entry("/behaviors", "Behaviors", "list-x", Permission.BEHAVIORS_READ, "House"),
    _Entry("/devices", "Tablets and wall", "tablet", Permission.DEVICES_MANAGE, "House"),
    _Entry("/settings", "Settings", "settings", Permission.ORGANIZATION_MANAGE, "House"),
    _Entry("/audit", "Audit trail", "eye", Permission.AUDIT_READ, "House"),
)
#: How long a frame's facts may be old when no write forgot them.
FRAME_SECONDS: Final = 300.0
PENDING_SECONDS: Final = 5.0


class _House(msgspec.Struct):
    name: str
    currency: str
    locale: str
    zone: str
    is_demo: bool


class _Person(msgspec.Struct):
    name: str
    initials: str
    color: int
    role: str


def frame_of(request: Req) -> Frame:
    """The frame of whoever is calling; a bare one for nobody."""
    actor: Actor | None = request.scope.get("user")
    if actor is None:
        return NO_FRAME
    parts = services(request)
    house = _cached(
        parts,
        f"organization:{actor.organization_id}",
        "frame",
        FRAME_SECONDS,
        lambda: _house(parts, actor),
        _House,
    )
    me: Me | None = None
    if actor.person_id is not None:
        key = f"me:{actor.person_id}"
        person = _cached(
            parts,
            f"people:{actor.organization_id}",
            key,
            FRAME_SECONDS,
            lambda: _person(parts, actor),
            _Person,
        )
        me = Me(person.name, person.initials, person.color, person.role)
    return Frame(
        formats=Formats(house.locale, house.currency, house.zone),
        organization_name=house.name,
        demo=house.is_demo,
        me=me,
        nav=_menu(parts, actor, request.scope["path"]),
        locale=house.locale,
    )


def _menu(parts: Services, actor: Actor, path: str) -> list[NavItem]:
    return [
        NavItem(
            entry.href,
            entry.label,
            entry.icon,
            badge=_pending(parts, actor) if entry.href == "/verify" else None,
            current=path == entry.href or path.startswith(entry.href + "/"),
            group=entry.group,
            short=entry.short,
        )
        for entry in MENU
        if actor.may(entry.needs)
    ]


def _pending(parts: Services, actor: Actor) -> int | None:
    def count() -> int:
        with parts.db.read(actor) as tx:
            return verification.to_check(tx, sample_of(tx, parts))

    # Nobody decides about their own logs, so the number is not the same for everybody.
    key = f"pending:{actor.person_id}"
    return _cached(parts, f"queue:{actor.organization_id}", key, PENDING_SECONDS, count, int) or None


def _house(parts: Services, actor: Actor) -> _House:
    with parts.db.read(actor) as tx:
        found = organizations.organization(tx)
        zone = organizations.main_location(tx).zone
    return _House(found.name, found.currency, found.locale, zone, found.is_demo)


def _person(parts: Services, actor: Actor) -> _Person:
    with parts.db.read(actor) as tx:
        found = people.person(tx, actor.person())
    return _Person(found.name, found.initials, found.color, found.role_name)


def _cached(parts: Services, group: str, key: str, seconds: float, make: Callable[[], T], kind: type[T]) -> T:
    return msgspec.json.decode(
        parts.cache.fetch(group, key, seconds, lambda: msgspec.json.encode(make())), type=kind
    )
