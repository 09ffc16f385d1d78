"""Change people and roles."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from topline.audit.actions import record
from topline.core.errors import Problem, about, invalid, not_found
from topline.core.ids import new_id
from topline.core.permissions import Group, Permission
from topline.core.text import clean_line, normalise_email
from topline.core.transaction import Write
from topline.organizations import queries as organizations
from topline.people import queries
from topline.people.events import AccessLost, PeopleChanged
from topline.people.models import Person, Role
from topline.people.rules import GRANT_MESSAGES, ROLE_TYPES, assignment_problem, leaves_no_admin

COLORS: Final = 6


@dataclass(frozen=True, slots=True)
class PersonFields:
    """What can be said of a person. `display_name` empty: the first word of the name."""

    name: str
    role_id: UUID
    department_id: UUID
    display_name: str = ""
    email: str | None = None
    staff_number: str | None = None
    shifts_per_week: int = 5
    wall_opt_out: bool = False


def create_person(tx: Write, fields: PersonFields) -> UUID:
    """Add somebody. Raises 403 for a role above the own, 409 for an e-mail or staff number that is taken."""
    tx.actor.must(Permission.PEOPLE_MANAGE)
    role = _grantable_role(tx, fields.role_id, current=None)
    values = _clean(tx, fields)
    person_id = new_id()
    _unique(
        tx,
        insert(Person).values(
            organization_id=tx.organization_id,
            id=person_id,
            color=person_id.int % COLORS,
            active=True,
            created_at=tx.now,
            version=1,
            **values,
        ),
    )
    record(tx, "person.created", "person", person_id, after={**_json(values), "role": role.name})
    tx.after_commit(PeopleChanged(tx.organization_id))
    return person_id


def update_person(tx: Write, person_id: UUID, fields: PersonFields, *, version: int | None = None) -> None:
    """Change somebody. `version` is what the editor had before them; another one in between is a 409."""
    tx.actor.must(Permission.PEOPLE_MANAGE)
    before = _locked(tx, person_id)
    if version is not None and version != before.version:
        raise Problem("conflict", "Somebody else changed this person in the meantime. Please look again.")
    role = _grantable_role(tx, fields.role_id, current=Group(before.group))
    if role.group != Group.ADMIN:
        _keep_an_admin(tx, person_id, before)
    values = _clean(tx, fields)
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    if not changed:
        return
    _unique(tx, _person(tx, person_id).values(**changed, version=before.version + 1))
    old = {name: getattr(before, name) for name in changed}
    record(tx, "person.changed", "person", person_id, before=_json(old), after=_json(changed))
    tx.after_commit(PeopleChanged(tx.organization_id))
    if "role_id" in changed:
        tx.after_commit(AccessLost(tx.organization_id, person_id, "role_changed"))


def deactivate_person(tx: Write, person_id: UUID) -> None:
    """Somebody left: they disappear from tiles and sign-ins, what they did stays. Not oneself, not the last owner."""
    tx.actor.must(Permission.PEOPLE_MANAGE)
    before = _locked(tx, person_id)
    _refuse_rank(tx, before)
    if person_id == tx.actor.person_id:
        raise Problem("conflict", "You cannot deactivate yourself.")
    if not before.active:
        return
    _keep_an_admin(tx, person_id, before)
    tx.change(_person(tx, person_id).values(active=False, deactivated_at=tx.now, version=before.version + 1))
    record(tx, "person.deactivated", "person", person_id, before={"active": True}, after={"active": False})
    tx.after_commit(PeopleChanged(tx.organization_id))
    tx.after_commit(AccessLost(tx.organization_id, person_id, "deactivated"))


def reactivate_person(tx: Write, person_id: UUID) -> None:
    """Somebody came back."""
    tx.actor.must(Permission.PEOPLE_MANAGE)
    before = _locked(tx, person_id)
    _refuse_rank(tx, before)
    if before.active:
        return
    tx.change(_person(tx, person_id).values(active=True, deactivated_at=None, version=before.version + 1))
    record(tx, "person.reactivated", "person", person_id, before={"active": False}, after={"active": True})
    tx.after_commit(PeopleChanged(tx.organization_id))


def create_role(tx: Write, name: str, group: Group, role_type: str) -> UUID:
    """Add a role. Raises 400 for one too many, 409 when the name is taken."""
    tx.actor.must(Permission.ROLES_MANAGE)
    if len(queries.roles(tx, with_inactive=True)) >= queries.MOST_ROLES:
        raise invalid("name", "too_many", f"A hotel has at most {queries.MOST_ROLES} roles.")
    role_id = new_id()
    values = {
        "name": about("name", clean_line, name, 50),
        "group": group.value,
        "type": _role_type(role_type),
    }
    _unique(
        tx, insert(Role).values(organization_id=tx.organization_id, id=role_id, active=True, **values), "name"
    )
    record(tx, "role.created", "role", role_id, after=values)
    tx.after_commit(PeopleChanged(tx.organization_id))
    return role_id


def update_role(
    tx: Write,
    role_id: UUID,
    *,
    name: str | None = None,
    role_type: str | None = None,
    active: bool | None = None,
) -> None:
    """Rename a role, change its type, or retire it (only when nobody active has it). Its group never changes."""
    tx.actor.must(Permission.ROLES_MANAGE)
    before = queries.role(tx, role_id)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = about("name", clean_line, name, 50)
    if role_type is not None:
        values["type"] = _role_type(role_type)
    if active is not None:
        values["active"] = active
        if not active and queries.people_with_role(tx, role_id):
            raise Problem("in_use", "People still have this role. Give them another one first.")
    changed = {key: value for key, value in values.items() if getattr(before, key) != value}
    if not changed:
        return
    statement = update(Role).where(Role.organization_id == tx.organization_id, Role.id == role_id)
    _unique(tx, statement.values(**changed), "name")
    record(
        tx, "role.changed", "role", role_id, before={k: getattr(before, k) for k in changed}, after=changed
    )
    tx.after_commit(PeopleChanged(tx.organization_id))


def _person(tx: Write, person_id: UUID) -> Any:
    return update(Person).where(Person.organization_id == tx.organization_id, Person.id == person_id)


def _locked(tx: Write, person_id: UUID) -> queries.PersonView:
    """The person, held until the end of the transaction."""
    tx.execute(
        select(Person.id)
        .where(Person.organization_id == tx.organization_id, Person.id == person_id)
        .with_for_update()
    )
    return queries.person(tx, person_id)


def _clean(tx: Write, fields: PersonFields) -> dict[str, Any]:
    name = about("name", clean_line, fields.name, 100)
    display_name = fields.display_name or name.split(" ")[0][:40]
    number = fields.staff_number
    if not 0 <= fields.shifts_per_week <= 14:
        raise invalid("shifts_per_week", "out_of_range", "Shifts a week are between 0 and 14.")
    if fields.department_id not in {department.id for department in organizations.departments(tx)}:
        raise invalid("department_id", "unknown", "There is no such department.")
    return {
        "name": name,
        "display_name": about("display_name", clean_line, display_name, 40),
        "email": about("email", normalise_email, fields.email) if fields.email else None,
        "staff_number": about("staff_number", clean_line, number, 30) if number else None,
        "role_id": fields.role_id,
        "department_id": fields.department_id,
        "shifts_per_week": fields.shifts_per_week,
        "wall_opt_out": fields.wall_opt_out,
    }


def _grantable_role(tx: Write, role_id: UUID, current: Group | None) -> queries.RoleView:
    try:
        role = queries.role(tx, role_id)
    except Problem:
        raise invalid("role_id", "unknown", "There is no such role.") from None
    if not role.active:
        raise invalid("role_id", "inactive", "This role is retired.")
    problem = assignment_problem(tx.actor.group, current, Group(role.group))
    if problem is not None:
        raise Problem("forbidden", GRANT_MESSAGES[problem])
    return role


def _refuse_rank(tx: Write, person: queries.PersonView) -> None:
    problem = assignment_problem(tx.actor.group, Group(person.group), Group.STAFF)
    if problem is not None:
        raise Problem("forbidden", GRANT_MESSAGES[problem])


def _keep_an_admin(tx: Write, leaving: UUID, before: queries.PersonView) -> None:
    if before.group != Group.ADMIN or not before.active:
        return
    role = and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id)
    admins = tx.execute(
        select(Person.id)
        .join(Role, role)
        .where(Person.organization_id == tx.organization_id, Person.active, Role.group == Group.ADMIN.value)
        .order_by(Person.id)
        .with_for_update(of=Person)
    ).scalars()
    if leaves_no_admin(list(admins), [leaving]):
        raise Problem("last_owner")


def _role_type(text: str) -> str:
    if text not in ROLE_TYPES:
        raise invalid("type", "unknown", f"One of {', '.join(ROLE_TYPES)}.")
    return text


def _unique(tx: Write, statement: Any, field: str = "") -> None:
    """Run a statement; a clash with somebody's e-mail, number or name is a 409 that names the field."""
    try:
        with tx.savepoint():
            touched = tx.change(statement)
    except IntegrityError as error:
        text = str(error.orig).lower()
        name = field or ("staff_number" if "staff_number" in text else "email")
        shown = {"email": "e-mail address", "staff_number": "staff number", "name": "name"}[name]
        raise Problem("duplicate", f"This {shown} is already taken.") from error
    if touched != 1:
        raise not_found("person")


def _json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
