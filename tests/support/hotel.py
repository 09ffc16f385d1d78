"""The cast: a small hotel with the same few people in every test, written straight into the tables.

Olive owns it, Max manages, Sam and Cleo serve, Bea tends the bar. Everybody is signed in, Sam, Cleo and Bea on the
tablet in the restaurant; a display hangs on the wall. `headers(hotel.sam)` are those of a request by Sam.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from topline.access.hashing import hash_token
from topline.access.models import Device, SignIn
from topline.access.queries import actor_of_token
from topline.access.rules import CredentialKind, generate_token
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.core.actor import Actor
from topline.core.ids import new_id
from topline.core.transaction import Database, Write
from topline.organizations.models import Department, Location, Organization
from topline.organizations.rules import ALWAYS_OPEN, opening_hours_data
from topline.people.models import Person, Role

SINCE_EVER = date(2020, 1, 1)


@dataclass(frozen=True)
class Member:
    """One of the cast. `actor` is what the credential `token` makes of them."""

    id: UUID
    name: str
    role_id: UUID
    department_id: UUID
    token: str
    actor: Actor


@dataclass(frozen=True)
class Machine:
    """An enrolled tablet or a display."""

    id: UUID
    token: str
    actor: Actor


@dataclass(frozen=True)
class Hotel:
    """The house, its people by first name, and its behaviors.

    `offer` is checked by the manager and asks for everything, `greet` is self-reported, `clean` needs a photo; these
    belong to servers. `shake` belongs to bartenders only.
    """

    organization_id: UUID
    location_id: UUID
    restaurant_id: UUID
    bar_id: UUID
    olive: Member
    max: Member
    sam: Member
    cleo: Member
    bea: Member
    tablet: Machine
    display: Machine
    offer: UUID
    greet: UUID
    clean: UUID
    shake: UUID


def headers(who: Member | Machine) -> dict[str, str]:
    """The headers of a browser's request by a member, or by a tablet or display at which nobody is signed in."""
    cookie = "topline_session" if isinstance(who, Member) else "topline_device"
    return {"Cookie": f"{cookie}={who.token}", "Sec-Fetch-Site": "same-origin"}


def build_hotel(database: Database, name: str = "House of Examples", zone: str = "Europe/Lisbon") -> Hotel:
    """A new organization with the whole cast. Call it again, with another name, for the hotel next door."""
    with database.write() as tx:
        return _Builder(tx, name, zone).build()


class _Builder:
    def __init__(self, tx: Write, name: str, zone: str) -> None:
        self.tx = tx
        self.name = name
        self.zone = zone
        self.slug = name.lower().replace(" ", "-")
        self.organization_id = new_id()

    def add(self, table: type[Any], **values: Any) -> UUID:
        """A row of this organization with an id of its own, which is returned."""
        row_id = new_id()
        self.tx.change(insert(table).values(organization_id=self.organization_id, id=row_id, **values))
        return row_id

    def build(self) -> Hotel:
        now = self.tx.now
        organization = {
            "id": self.organization_id,
            "name": self.name,
            "currency": "EUR",
            "locale": "en",
            "settings": {},
        }
        self.tx.change(insert(Organization).values(**organization, created_at=now))
        hours = opening_hours_data(ALWAYS_OPEN)
        location_id = self.add(
            Location, name="Main house", zone=self.zone, opening_hours=hours, created_at=now
        )
        restaurant = self.add(Department, name="Restaurant", location_id=location_id, position=1)
        bar = self.add(Department, name="Bar", location_id=location_id, position=2)
        owner = self.add(Role, name="Owner", group="admin", type="CUSTOM")
        manager = self.add(Role, name="Manager", group="manager", type="CUSTOM")
        server = self.add(Role, name="Server", group="staff", type="SERVER")
        bartender = self.add(Role, name="Bartender", group="staff", type="BARTENDER")
        tablet = self.machine("tablet", "Restaurant tablet", location_id)
        return Hotel(
            organization_id=self.organization_id,
            location_id=location_id,
            restaurant_id=restaurant,
            bar_id=bar,
            olive=self.member("Olive Owner", owner, restaurant),
            max=self.member("Max Manager", manager, restaurant),
            sam=self.member("Sam Server", server, restaurant, tablet),
            cleo=self.member("Cleo Server", server, restaurant, tablet),
            bea=self.member("Bea Bartender", bartender, bar, tablet),
            tablet=tablet,
            display=self.machine("display", "Wall", location_id),
            offer=self.behavior("Offer a starter", server, verification="manager", **ASKS_EVERYTHING),
            greet=self.behavior("Greet by name", server, verification="self_reported"),
            clean=self.behavior("Deep-clean a station", server, verification="evidence"),
            shake=self.behavior("Suggest a signature drink", bartender, verification="manager"),
        )

    def member(self, name: str, role_id: UUID, department_id: UUID, tablet: Machine | None = None) -> Member:
        first = name.split()[0]
        email = None if tablet else f"{first.lower()}@{self.slug}.invalid"
        work = {"role_id": role_id, "department_id": department_id}
        person_id = self.add(
            Person, name=name, display_name=first, email=email, **work, created_at=self.tx.now
        )
        token = generate_token(CredentialKind.SESSION, secrets.token_urlsafe)
        self.add(
            SignIn,
            person_id=person_id,
            device_id=tablet.id if tablet else None,
            kind="tablet" if tablet else "browser",
            token_hash=hash_token(token),
            created_at=self.tx.now - timedelta(minutes=1),
            last_seen_at=self.tx.now,
            confirmed_at=self.tx.now,
        )
        return Member(
            person_id, name, role_id, department_id, token, self.actor(CredentialKind.SESSION, token)
        )

    def machine(self, kind: str, name: str, location_id: UUID) -> Machine:
        credential = CredentialKind.DEVICE if kind == "tablet" else CredentialKind.DISPLAY
        token = generate_token(credential, secrets.token_urlsafe)
        hashed = hash_token(token)
        made = {"created_at": self.tx.now, "token_hash": hashed}
        machine_id = self.add(Device, kind=kind, name=name, location_id=location_id, **made)
        return Machine(machine_id, token, self.actor(credential, token))

    def behavior(self, name: str, role_id: UUID, **values: Any) -> UUID:
        made = {"category": "REVENUE", "icon": "star", "created_at": self.tx.now}
        behavior_id = self.add(Behavior, name=name, **made, **values)
        mine = {"organization_id": self.organization_id, "behavior_id": behavior_id}
        self.tx.change(insert(BehaviorRole).values(**mine, role_id=role_id))
        term = {"valid_from": SINCE_EVER, "points": 10, "target": 5, "frequency": "PER_SHIFT"}
        self.tx.change(insert(BehaviorTerm).values(**mine, **term))
        return behavior_id

    def actor(self, kind: CredentialKind, token: str) -> Actor:
        found = actor_of_token(self.tx, kind, hash_token(token))
        assert found is not None, "a credential of the cast opens nothing"
        return found


ASKS_EVERYTHING = {"asks_amount": True, "asks_covers": True, "asks_outcome": True, "place_label": "table"}
