"""Read people as results need them: who exists, and who a row of a roster is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from topline.core.transaction import Read
from topline.organizations.models import Department
from topline.people.models import Person, Role


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody as the house knows them."""

    id: UUID
    name: str
    display_name: str
    email: str | None
    staff_number: str | None
    role_id: UUID
    role_name: str
    group: str
    department_id: UUID
    department_name: str
    shifts_per_week: int
    wall_opt_out: bool
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody to choose from a list."""

    id: UUID
    name: str
    department: str


def known_people(tx: Read, ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids that are people of the house, active or not."""
    query = select(Person.id).where(Person.organization_id == tx.organization_id, Person.id.in_(ids))
    return set(tx.execute(query).scalars())


def person_choices(tx: Read, limit: int = 500) -> list[PersonChoice]:
    """The active people by name, for the table of shares."""
    query = (
        select(Person.id, Person.name, Department.name)
        .join(Department, _department())
        .where(Person.organization_id == tx.organization_id, Person.active)
        .order_by(Person.name, Person.id)
        .limit(limit)
    )
    return [PersonChoice(*row) for row in tx.execute(query)]


def people_matching(
    tx: Read,
    *,
    staff_numbers: Collection[str] = (),
    emails: Collection[str] = (),
    nameless_keys: Collection[str] = (),
    ids: Collection[UUID] = (),
) -> list[KnownPerson]:
    """People with one of these staff numbers (in any case), e-mail addresses or ids.

    `nameless_keys` are names of people who have neither number nor address, so that nothing else tells them apart.
    """
    found: dict[UUID, KnownPerson] = {}
    for column, values in (
        (func.lower(Person.staff_number), sorted({number.lower() for number in staff_numbers})),
        (Person.email, sorted(emails)),
        (Person.id, sorted(ids)),
    ):
        for start in range(0, len(values), 500):
            query = _known(tx).where(column.in_(values[start : start + 500]))
            found |= {row.id: KnownPerson(*row) for row in tx.execute(query)}
    names = sorted(nameless_keys)
    for start in range(0, len(names), 500):
        query = _known(tx).where(
            Person.name.in_(names[start : start + 500]), Person.staff_number.is_(None), Person.email.is_(None)
        )
        found |= {row.id: KnownPerson(*row) for row in tx.execute(query)}
    return list(found.values())


def _known(tx: Read) -> Any:
    return (
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Person.email,
            Person.staff_number,
            Person.role_id,
            Role.name,
            Role.group,
            Person.department_id,
            Department.name,
            Person.shifts_per_week,
            Person.wall_opt_out,
            Person.active,
            Person.version,
        )
        .join(Role, and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id))
        .join(Department, _department())
        .where(Person.organization_id == tx.organization_id)
    )


def _department() -> Any:
    return and_(Department.organization_id == Person.organization_id, Department.id == Person.department_id)
