"""The cast of two houses, written straight into the tables: fast, without an action and without a slow hash.

`cast = make_house(database)` gives a house with Olga (owner), Mina and Milo (managers), Fred (front desk), Bella (bar),
five behaviors, and the hotel next door with its own owner and one of its staff. `cast.mina.actor` goes into
`database.write(cast.mina.actor)`; `session_of(database, cast.mina)` makes a cookie; `headers(token)` sends it.

Every helper takes a `Database` or an open `Write`.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from tests.support.cast import Cast, Machine, Neighbor, Who
from topline.access.hashing import Hasher, hash_token
from topline.access.models import ApiKey, Device, Password, Pin, SignIn
from topline.access.rules import CredentialKind, generate_token, token_hint
from topline.access.sealing import Seal
from topline.access.tickets import Tickets
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.core.ids import new_id
from topline.core.peppers import Peppers
from topline.core.permissions import Group, Permission
from topline.core.transaction import Database, Write
from topline.organizations.models import Department, Location, Organization
from topline.organizations.rules import ALWAYS_OPEN, opening_hours_data
from topline.people.models import Person, Role

__all__ = [
    "Cast",
    "Machine",
    "Neighbor",
    "Who",
    "display_of",
    "headers",
    "key_of",
    "make_house",
    "quick_hasher",
    "session_of",
    "set_password",
    "set_pin",
    "tablet_of",
]

Where = Database | Write

SINCE_EVER: Final = date(2020, 1, 1)
PEPPER: Final = b"a pepper of at least thirty-two bytes"
#: What `Doors` are built with where no program is started.
TICKETS: Final = Tickets(lambda: [b"a session key of at least thirty-two bytes"])
SEAL: Final = Seal(lambda: Peppers({1: PEPPER}, 1))
#: bcrypt's least cost: a PIN hash in a millisecond.
QUICK_COST: Final = 4
COOKIES: Final = {
    CredentialKind.SESSION: "topline_session",
    CredentialKind.DEVICE: "topline_device",
    CredentialKind.DISPLAY: "topline_display",
}


def make_house(where: Where, *, zone: str = "Europe/Lisbon", currency: str = "EUR") -> Cast:
    """The cast of a fresh database; its e-mail addresses end in `@house.invalid` and `@next.invalid`."""
    with _writing(where) as tx:
        house = _Maker(tx, "House of Examples", zone, currency, "house.invalid")
        front_desk, bar = house.department("Front desk", 1), house.department("Bar", 2)
        owner_role, manager_role = house.role("Owner", Group.ADMIN), house.role("Manager", Group.MANAGER)
        agent = house.role("Front desk agent", Group.STAFF, "FRONT_DESK")
        bartender = house.role("Bartender", Group.STAFF, "BARTENDER")
        return Cast(
            organization_id=house.id,
            location_id=house.location_id,
            front_desk_id=front_desk,
            bar_id=bar,
            owner_role_id=owner_role,
            manager_role_id=manager_role,
            front_desk_role_id=agent,
            bartender_role_id=bartender,
            olga=house.person("Olga Owner", Group.ADMIN, owner_role, front_desk),
            mina=house.person("Mina Manager", Group.MANAGER, manager_role, front_desk),
            milo=house.person("Milo Manager", Group.MANAGER, manager_role, bar),
            fred=house.person("Fred Frontdesk", Group.STAFF, agent, front_desk),
            bella=house.person("Bella Bartender", Group.STAFF, bartender, bar),
            behaviors={
                "upsell": house.behavior("Offer a better room", agent, "manager", place="room", asks=True),
                "greet": house.behavior("Greet by name", agent, "self_reported"),
                "photo": house.behavior("Check a room with a photo", agent, "evidence", place="room"),
                "cocktail": house.behavior(
                    "Suggest a cocktail", bartender, "manager", place="table", asks=True
                ),
                "tidy": house.behavior("Tidy the station", bartender, "self_reported"),
            },
            other=_next_door(tx),
        )


def _next_door(tx: Write) -> Neighbor:
    house = _Maker(tx, "Hotel Next Door", "Australia/Perth", "AUD", "next.invalid")
    department = house.department("Front desk", 1)
    owner_role = house.role("Owner", Group.ADMIN)
    staff_role = house.role("Front desk agent", Group.STAFF, "FRONT_DESK")
    return Neighbor(
        organization_id=house.id,
        location_id=house.location_id,
        department_id=department,
        staff_role_id=staff_role,
        owner=house.person("Nora Neighbor", Group.ADMIN, owner_role, department),
        staff=house.person("Ned Neighbor", Group.STAFF, staff_role, department),
        behavior_id=house.behavior("Greet by name", staff_role, "manager"),
    )


class _Maker:
    """Adds the rows of one organization."""

    def __init__(self, tx: Write, name: str, zone: str, currency: str, domain: str) -> None:
        self.tx = tx
        self.domain = domain
        self.id = new_id()
        made = {"currency": currency, "locale": "en", "settings": {}, "created_at": tx.now}
        tx.change(insert(Organization).values(id=self.id, name=name, **made))
        self.location_id = self.add(
            Location,
            name="Main house",
            zone=zone,
            opening_hours=opening_hours_data(ALWAYS_OPEN),
            rooms_available=50,
            created_at=tx.now,
        )

    def add(self, table: type[Any], **values: Any) -> UUID:
        row_id = new_id()
        self.tx.change(insert(table).values(organization_id=self.id, id=row_id, **values))
        return row_id

    def department(self, name: str, position: int) -> UUID:
        return self.add(Department, name=name, location_id=self.location_id, position=position)

    def role(self, name: str, group: Group, kind: str = "CUSTOM") -> UUID:
        return self.add(Role, name=name, group=group.value, type=kind)

    def person(self, name: str, group: Group, role_id: UUID, department_id: UUID) -> Who:
        first = name.split()[0]
        email = None if group is Group.STAFF else f"{first.lower()}@{self.domain}"
        person_id = self.add(
            Person,
            name=name,
            display_name=first,
            email=email,
            role_id=role_id,
            department_id=department_id,
            created_at=self.tx.now,
        )
        return Who(self.id, person_id, name, first, email, group, role_id, department_id)

    def behavior(
        self, name: str, role_id: UUID, verification: str, *, place: str | None = None, asks: bool = False
    ) -> UUID:
        behavior_id = self.add(
            Behavior,
            name=name,
            category="REVENUE",
            icon="star",
            verification=verification,
            place_label=place,
            asks_amount=asks,
            asks_covers=asks,
            asks_outcome=asks,
            created_at=self.tx.now,
        )
        mine = {"organization_id": self.id, "behavior_id": behavior_id}
        self.tx.change(insert(BehaviorRole).values(**mine, role_id=role_id))
        term = {"valid_from": SINCE_EVER, "points": 10, "target": 5, "frequency": "PER_SHIFT"}
        self.tx.change(insert(BehaviorTerm).values(**mine, **term))
        return behavior_id


def tablet_of(where: Where, house: Cast | Neighbor, name: str = "Bar tablet") -> Machine:
    """An enrolled tablet in the house."""
    return _machine(where, house, "tablet", name)


def display_of(where: Where, house: Cast | Neighbor, name: str = "Wall") -> Machine:
    """A wall display in the house."""
    return _machine(where, house, "display", name)


def session_of(
    where: Where, who: Who, tablet: Machine | None = None, *, since: datetime | None = None
) -> str:
    """The token of a fresh session: on a tablet when one is given, else at a browser."""
    token = generate_token(CredentialKind.SESSION, secrets.token_urlsafe)
    with _writing(where) as tx:
        tx.change(
            insert(SignIn).values(
                organization_id=who.organization_id,
                id=new_id(),
                person_id=who.id,
                device_id=tablet.id if tablet else None,
                kind="tablet" if tablet else "browser",
                token_hash=hash_token(token),
                created_at=since or tx.now,
                last_seen_at=since or tx.now,
                confirmed_at=since or tx.now,
            )
        )
    return token


def key_of(where: Where, who: Who, permissions: list[Permission] | None = None) -> str:
    """The token of an API key of this person, narrowed to `permissions` when given."""
    token = generate_token(CredentialKind.API_KEY, secrets.token_urlsafe)
    with _writing(where) as tx:
        tx.change(
            insert(ApiKey).values(
                organization_id=who.organization_id,
                id=new_id(),
                person_id=who.id,
                name="Test key",
                prefix=token_hint(token),
                token_hash=hash_token(token),
                permissions=None if permissions is None else [p.value for p in permissions],
                created_at=tx.now,
            )
        )
    return token


def set_pin(where: Where, hasher: Hasher, who: Who, pin: str) -> None:
    """Give the person a PIN. Costs one hash: only for tests that sign in by PIN."""
    stored, version = hasher.hash_pin(who.id, pin)
    row = {"organization_id": who.organization_id, "person_id": who.id}
    with _writing(where) as tx:
        tx.change(insert(Pin).values(**row, pin_hash=stored, pepper_version=version, set_at=tx.now))


def set_password(where: Where, hasher: Hasher, who: Who, password: str) -> None:
    """Give the person a password. Costs one hash: only for tests that sign in by password."""
    stored = hasher.hash_password(password)
    row = {"organization_id": who.organization_id, "person_id": who.id}
    with _writing(where) as tx:
        tx.change(insert(Password).values(**row, password_hash=stored, changed_at=tx.now))


def quick_hasher(threads: int = 1) -> Hasher:
    """A hasher whose PIN hashes cost a millisecond. Close it, or use the fixture of the test that needs it."""
    return Hasher({1: PEPPER}, 1, QUICK_COST, threads)


def headers(*tokens: str) -> dict[str, str]:
    """The headers of a request from our own pages that shows these tokens; an API key goes as a bearer token."""
    found = {"Sec-Fetch-Site": "same-origin"}
    cookies = []
    for token in tokens:
        kind = CredentialKind(token.split("_", 2)[1])
        if kind is CredentialKind.API_KEY:
            found["Authorization"] = f"Bearer {token}"
        else:
            cookies.append(f"{COOKIES[kind]}={token}")
    if cookies:
        found["Cookie"] = "; ".join(cookies)
    return found


def _machine(where: Where, house: Cast | Neighbor, kind: str, name: str) -> Machine:
    credential = CredentialKind.DEVICE if kind == "tablet" else CredentialKind.DISPLAY
    token = generate_token(credential, secrets.token_urlsafe)
    device_id = new_id()
    with _writing(where) as tx:
        tx.change(
            insert(Device).values(
                organization_id=house.organization_id,
                id=device_id,
                kind=kind,
                name=name,
                location_id=house.location_id,
                token_hash=hash_token(token),
                created_at=tx.now,
            )
        )
    return Machine(house.organization_id, house.location_id, device_id, name, kind, token)


@contextmanager
def _writing(where: Where) -> Iterator[Write]:
    if isinstance(where, Write):
        yield where
    else:
        with where.write() as tx:
            yield tx
