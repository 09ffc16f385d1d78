"""Do and undo an import of the staff roster: people are added and changed by the same acts as by hand."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from topline.core.errors import FieldError, Problem
from topline.core.permissions import Group, P
from topline.core.text import fold_for_search
from topline.core.transaction import Write
from topline.organizations.actions import create_department
from topline.organizations.queries import departments
from topline.people.actions import (
    PersonFields,
    create_person,
    create_role,
    deactivate_person,
    reactivate_person,
    update_person,
)
from topline.people.queries import roles
from topline.results import queries
from topline.results.queries import (
    WRITTEN,
    ImportChangeView,
    ImportView,
    KnownPerson,
    Plan,
    PlannedPerson,
    merged,
)

_SAID: Final = (
    *("name", "display_name", "email", "staff_number", "role_id", "department_id"),
    *("shifts_per_week", "wall_opt_out", "active"),
)


def apply_people(
    tx: Write, view: ImportView, plan: Plan[PlannedPerson]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Add the missing roles and departments that were asked for, then the people. Tells the changes for an undo."""
    tx.actor.must(P.PEOPLE_MANAGE)
    assert view.location_id is not None
    told: dict[str, list[str]] = {"new_roles": [], "new_departments": []}
    if view.options.create_roles:
        told["new_roles"] = plan.extras["new_roles"]
        for name in told["new_roles"]:
            create_role(tx, name, Group.STAFF, "CUSTOM")
    if view.options.create_departments:
        told["new_departments"] = plan.extras["new_departments"]
        for name in told["new_departments"]:
            create_department(tx, view.location_id, name)
    role_ids = {fold_for_search(role.name): role.id for role in roles(tx)}
    places = departments(tx, location_id=view.location_id)
    department_ids = {fold_for_search(place.name): place.id for place in places}
    written = [planned for planned in plan.rows if planned.act in WRITTEN]
    ids = [_write(tx, planned, role_ids, department_ids) for planned in written]
    now = {person.id: image(person) for person in queries.people_matching(tx, ids=ids)}
    changes = [
        {
            "row_number": planned.row,
            "subject_id": person_id,
            "before": image(planned.before) if planned.before is not None else None,
            "after": now[person_id],
        }
        for planned, person_id in zip(written, ids, strict=True)
    ]
    return changes, told


def undo_people(tx: Write, view: ImportView, changes: Sequence[ImportChangeView]) -> None:
    """Bring people back to what they were; those who were added are deactivated, since others may refer to them."""
    tx.actor.must(P.PEOPLE_MANAGE)
    now = {p.id: p for p in queries.people_matching(tx, ids=[change.subject_id for change in changes])}
    stale = [
        FieldError(
            f"rows.{change.row_number}", "changed_since", f"{_name(change)} was changed after the import."
        )
        for change in changes
        if change.subject_id not in now or image(now[change.subject_id]) != change.after
    ]
    if stale:
        message = f"{len(stale)} of these people were changed since. Nothing was undone."
        raise Problem("import_not_undoable", message, fields=tuple(stale[:100]))
    for change in reversed(changes):
        if change.before is None:
            deactivate_person(tx, change.subject_id)
            continue
        if not change.before["active"]:
            deactivate_person(tx, change.subject_id)
        update_person(tx, change.subject_id, _fields(change.before))


def image(person: KnownPerson) -> dict[str, Any]:
    """What a roster can say of a person, as JSON values."""
    values = {name: getattr(person, name) for name in _SAID}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def _write(
    tx: Write, planned: PlannedPerson, role_ids: dict[str, UUID], department_ids: dict[str, UUID]
) -> UUID:
    person, before = merged(planned.person, planned.before), planned.before
    fields = PersonFields(
        name=person.name,
        role_id=role_ids[fold_for_search(person.role)],
        department_id=department_ids[fold_for_search(person.department)],
        display_name=person.display_name or "",
        email=person.email,
        staff_number=person.staff_number,
        shifts_per_week=person.shifts_per_week if person.shifts_per_week is not None else 5,
        wall_opt_out=before.wall_opt_out if before is not None else False,
    )
    try:
        if before is None:
            return create_person(tx, fields)
        update_person(tx, before.id, fields, version=before.version)
        if not before.active:
            reactivate_person(tx, before.id)
    except Problem as problem:
        # The file's row is what a person can correct.
        field = FieldError(f"rows.{planned.row}", problem.code, problem.detail)
        raise Problem(problem.code, f"Row {planned.row}: {problem.detail}", fields=(field,)) from problem
    return before.id


def _fields(said: dict[str, Any]) -> PersonFields:
    values = {name: said[name] for name in _SAID if name != "active"}
    ids = {name: UUID(values[name]) for name in ("role_id", "department_id")}
    return PersonFields(**(values | ids))


def _name(change: ImportChangeView) -> str:
    return str(change.after.get("name", "Somebody"))
