"""Read people and roles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from topline.core.errors import not_found
from topline.core.text import initials
from topline.core.transaction import Read, Rows
from topline.organizations.models import Department
from topline.people.models import Person, Role


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


def _one(rows: Rows) -> PersonView | None:
    row = rows.one_or_none()
    return None if row is None else PersonView(*row)
