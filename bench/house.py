"""A hotel to measure on: 200 staff of one role signed in on tablets, 22 behaviors, and keys of two managers."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from topline.access.hashing import hash_token
from topline.access.models import ApiKey, Device, SignIn
from topline.access.rules import CredentialKind, generate_token
from topline.behaviors.catalog import HOTEL_BEHAVIORS
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.core.ids import new_id
from topline.core.transaction import Database, Write
from topline.organizations.models import Department, Location, Organization
from topline.people.models import Person, Role

STAFF: Final = 200
TABLETS: Final = 10


@dataclass(frozen=True)
class House:
    """What a load needs: session tokens of the staff, their behaviors, an API key of a manager."""

    organization_id: UUID
    session_tokens: tuple[str, ...]
    behavior_ids: tuple[UUID, ...]
    manager_key: str


def build(db: Database) -> House:
    """Write the house into an empty, migrated database."""
    with db.write() as tx:
        return _Builder(tx).build()


class _Builder:
    def __init__(self, tx: Write) -> None:
        self.tx = tx
        self.organization_id = new_id()

    def add(self, table: type[Any], **values: Any) -> UUID:
        row_id = new_id()
        self.tx.change(insert(table).values(organization_id=self.organization_id, id=row_id, **values))
        return row_id

    def build(self) -> House:
        now = self.tx.now
        self.tx.change(
            insert(Organization).values(
                id=self.organization_id,
                name="Measured House",
                currency="EUR",
                locale="en",
                settings={},
                created_at=now,
            )
        )
        location = self.add(Location, name="House", zone="Europe/Lisbon", opening_hours={}, created_at=now)
        department = self.add(Department, name="Restaurant", location_id=location)
        staff = self.add(Role, name="Server", group="staff", type="SERVER")
        managers = self.add(Role, name="Manager", group="manager", type="CUSTOM")
        behaviors = tuple(self.behavior(number, staff) for number in range(len(HOTEL_BEHAVIORS)))
        tablets = [self.tablet(number, location) for number in range(TABLETS)]
        tokens = []
        for number in range(STAFF):
            person = self.person(f"Person {number}", staff, department)
            tokens.append(self.session(person, tablets[number % TABLETS]))
        return House(
            self.organization_id, tuple(tokens), behaviors, self.key(self.person("Max", managers, department))
        )

    def behavior(self, number: int, role_id: UUID) -> UUID:
        template = HOTEL_BEHAVIORS[number]
        behavior_id = self.add(
            Behavior,
            name=template.name,
            category=template.category,
            icon=template.icon,
            verification=template.verification,
            place_label="table",
            asks_outcome=True,
            position=number,
            created_at=self.tx.now,
        )
        own = {"organization_id": self.organization_id, "behavior_id": behavior_id}
        self.tx.change(insert(BehaviorRole).values(**own, role_id=role_id))
        self.tx.change(
            insert(BehaviorTerm).values(
                **own,
                valid_from=date(2020, 1, 1),
                points=template.points,
                target=template.target,
                frequency="PER_SHIFT",
            )
        )
        return behavior_id

    def person(self, name: str, role_id: UUID, department_id: UUID) -> UUID:
        return self.add(
            Person,
            name=name,
            display_name=name,
            role_id=role_id,
            department_id=department_id,
            created_at=self.tx.now,
        )

    def tablet(self, number: int, location_id: UUID) -> UUID:
        token = generate_token(CredentialKind.DEVICE, secrets.token_urlsafe)
        made = {"token_hash": hash_token(token), "created_at": self.tx.now}
        return self.add(Device, kind="tablet", name=f"Tablet {number}", location_id=location_id, **made)

    def session(self, person_id: UUID, device_id: UUID) -> str:
        token = generate_token(CredentialKind.SESSION, secrets.token_urlsafe)
        made = {"token_hash": hash_token(token), "created_at": self.tx.now, "last_seen_at": self.tx.now}
        self.add(SignIn, person_id=person_id, device_id=device_id, kind="tablet", **made)
        return token

    def key(self, person_id: UUID) -> str:
        token = generate_token(CredentialKind.API_KEY, secrets.token_urlsafe)
        made = {"token_hash": hash_token(token), "created_at": self.tx.now}
        self.add(ApiKey, person_id=person_id, name="bench", prefix=token[:14], **made)
        return token
