"""Read people and roles."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_

from topline.core.errors import not_found
from topline.core.text import initials
from topline.core.transaction import Read, Rows
from topline.organizations.models import Department
from topline.people.models import Person, Role

#: More than these, retired ones included, are not added: the list is shown whole, on its page and in every choice.
MOST_ROLES: Final = 100


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody with the names of their role and department."""

    id: UUID
    name: str
    display_name: str
    email: str | None
    staff_number: str | None
    role_id: UUID
    role_name: str
    group: str
    role_type: str
    department_id: UUID
    department_name: str
    color: int
    shifts_per_week: int
    wall_opt_out: bool
    active: bool
    version: int

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)


_COLUMNS = (
    Person.id,
    Person.name,
    Person.display_name,
    Person.email,
    Person.staff_number,
    Person.role_id,
    Role.name.label("role_name"),
    Role.group,
    Role.type.label("role_type"),
    Person.department_id,
    Department.name.label("department_name"),
    Person.color,
    Person.shifts_per_week,
    Person.wall_opt_out,
    Person.active,
    Person.version,
)
_ROLE = and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id)
_DEPARTMENT = and_(
    Department.organization_id == Person.organization_id, Department.id == Person.department_id
)


def person(tx: Read, person_id: UUID) -> PersonView:
    """One person, active or not. Raises 404 for a foreign or unknown id."""
    found = _one(
        tx.execute(
            select(*_COLUMNS)
            .join(Role, _ROLE)
            .join(Department, _DEPARTMENT)
            .where(Person.organization_id == tx.organization_id, Person.id == person_id)
        )
    )
    if found is None:
        raise not_found("person")
    return found


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with how many active people have it."""

    id: UUID
    name: str
    group: str
    type: str
    active: bool
    people: int


def people(
    tx: Read,
    *,
    search: str | None = None,
    department_id: UUID | None = None,
    role_id: UUID | None = None,
    active: bool | None = True,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[PersonView]:
    """People by name; `limit + 1` rows, so the caller sees whether there are more. `search` looks into names, e-mail
    and staff number."""
    query = (
        select(*_COLUMNS)
        .join(Role, _ROLE)
        .join(Department, _DEPARTMENT)
        .where(Person.organization_id == tx.organization_id)
    )
    if active is not None:
        query = query.where(Person.active.is_(active))
    if department_id is not None:
        query = query.where(Person.department_id == department_id)
    if role_id is not None:
        query = query.where(Person.role_id == role_id)
    if search:
        query = query.where(
            or_(
                Person.name.icontains(search, autoescape=True),
                Person.email.icontains(search, autoescape=True),
                Person.staff_number == search,
            )
        )
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple_(*after))
    rows = tx.execute(query.order_by(Person.name, Person.id).limit(limit + 1))
    return [PersonView(*row) for row in rows]


def role(tx: Read, role_id: UUID) -> RoleView:
    """One role. Raises 404 for a foreign or unknown id."""
    row = tx.execute(_roles(tx).where(Role.id == role_id)).one_or_none()
    if row is None:
        raise not_found("role")
    return RoleView(*row)


def roles(tx: Read, *, with_inactive: bool = False) -> list[RoleView]:
    """Roles by name."""
    query = _roles(tx)
    if not with_inactive:
        query = query.where(Role.active)
    return [RoleView(*row) for row in tx.execute(query.order_by(Role.name).limit(MOST_ROLES))]


def people_with_role(tx: Read, role_id: UUID) -> int:
    """How many active people have the role."""
    return role(tx, role_id).people


def _roles(tx: Read) -> Any:
    count = (
        select(func.count())
        .select_from(Person)
        .where(Person.organization_id == Role.organization_id, Person.role_id == Role.id, Person.active)
        .scalar_subquery()
    )
    return select(Role.id, Role.name, Role.group, Role.type, Role.active, count.label("people")).where(
        Role.organization_id == tx.organization_id
    )


def _one(rows: Rows) -> PersonView | None:
    row = rows.one_or_none()
    return None if row is None else PersonView(*row)
