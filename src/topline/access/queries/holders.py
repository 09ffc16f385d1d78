"""Read who holds a PIN or a password, with all that a sign-in must know about them in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from topline.access.models import Password, Pin, PinFailure
from topline.access.rules import PinFailures
from topline.core.errors import not_found
from topline.core.permissions import Group
from topline.core.sight import Door
from topline.core.transaction import Read
from topline.organizations.models import Department, Organization
from topline.people.models import Person, Role

_ROLE: Final = and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id)
_DEPARTMENT: Final = and_(
    Department.organization_id == Person.organization_id, Department.id == Person.department_id
)
_PIN: Final = and_(Pin.organization_id == Person.organization_id, Pin.person_id == Person.id)
_PASSWORD: Final = and_(Password.organization_id == Person.organization_id, Password.person_id == Person.id)
#: One address in so many houses at most; more are not tried, so that a sign-in has a bounded price.
MOST_ACCOUNTS: Final = 5


@dataclass(frozen=True, slots=True)
class PinHolder:
    """An active person with their PIN; `pin_hash` is None where none was set."""

    person_id: UUID
    name: str
    display_name: str
    color: int
    role_name: str
    group: Group
    department_name: str
    pin_hash: str | None
    pepper_version: int | None
    must_change: bool | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """An active person who has an e-mail address; `password_hash` is None where none was set."""

    organization_id: UUID
    organization_name: str
    person_id: UUID
    name: str
    display_name: str
    email: str | None
    group: Group
    password_hash: str | None
    password_changed_at: datetime | None

    @property
    def password_version(self) -> str:
        """What a ticket says that ends with the present password; of somebody who has none, nothing can change."""
        return self.password_changed_at.isoformat() if self.password_changed_at else "never"


def pin_holder(tx: Read, person_id: UUID) -> PinHolder | None:
    """The active person of the caller's house with this id; None for anybody else."""
    row = tx.execute(
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Person.color,
            Role.name,
            Role.group,
            Department.name,
            Pin.pin_hash,
            Pin.pepper_version,
            Pin.must_change,
            Pin.disabled_at,
        )
        .join(Role, _ROLE)
        .join(Department, _DEPARTMENT)
        .outerjoin(Pin, _PIN)
        .where(Person.organization_id == tx.organization_id, Person.id == person_id, Person.active)
    ).one_or_none()
    if row is None:
        return None
    person_id, name, display_name, color, role, group, department, *pin = row
    return PinHolder(person_id, name, display_name, color, role, Group(group), department, *pin)


def pin_states(tx: Read, person_id: UUID) -> dict[UUID, tuple[PinFailures, datetime]]:
    """A person's wrong PINs by device, each with the moment of the last one; locked where the database can."""
    rows = tx.execute(
        select(PinFailure.device_id, PinFailure.consecutive, PinFailure.paused_until, PinFailure.last_at)
        .where(PinFailure.organization_id == tx.organization_id, PinFailure.person_id == person_id)
        .with_for_update()
    )
    return {
        row.device_id: (PinFailures(row.consecutive, row.paused_until, disabled=False), row.last_at)
        for row in rows
    }


def accounts_of_email(tx: Read, email: str) -> list[Account]:
    """Every active person with this address, in any house: at sign-in the house is not known yet."""
    with tx.through(Door.ADDRESSES):
        rows = tx.execute(
            _accounts()
            .where(Person.email == email, Person.active)
            .order_by(Person.created_at, Person.id)
            .limit(MOST_ACCOUNTS)
        )
    return [_account(row) for row in rows]


def own_account(tx: Read, person_id: UUID) -> Account:
    """One active person of the caller's house as an account. Raises 404 for anybody else."""
    row = tx.execute(
        _accounts().where(Person.organization_id == tx.organization_id, Person.id == person_id, Person.active)
    ).one_or_none()
    if row is None:
        raise not_found("person")
    return _account(row)


def rank_of(tx: Read, person_id: UUID) -> Group:
    """The group of a person of the caller's house, active or not. Raises 404 for anybody else."""
    group = tx.execute(
        select(Role.group)
        .join(Person, _ROLE)
        .where(Person.organization_id == tx.organization_id, Person.id == person_id)
    ).scalar_one_or_none()
    if group is None:
        raise not_found("person")
    return Group(group)


def _accounts() -> Any:
    return (
        select(
            Person.organization_id,
            Organization.name,
            Person.id,
            Person.name,
            Person.display_name,
            Person.email,
            Role.group,
            Password.password_hash,
            Password.changed_at,
        )
        .join(Organization, Organization.id == Person.organization_id)
        .join(Role, _ROLE)
        .outerjoin(Password, _PASSWORD)
    )


def _account(row: Any) -> Account:
    house_id, house, person_id, name, display_name, email, group, *password = row
    return Account(house_id, house, person_id, name, display_name, email, Group(group), *password)
