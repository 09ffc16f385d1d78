"""Add, rename, move and retire departments."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from topline.audit.actions import record
from topline.core.errors import about, invalid
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.text import clean_line
from topline.core.transaction import Write
from topline.organizations import queries
from topline.organizations.actions.storing import store_named
from topline.organizations.events import OrganizationChanged
from topline.organizations.models import Department


def create_department(tx: Write, location_id: UUID, name: str) -> UUID:
    """Add a department at the end of the list. Raises 400 for one too many, 409 for a name that is taken."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    queries.location(tx, location_id)
    position = len(queries.departments(tx, with_inactive=True))
    if position >= queries.MOST_DEPARTMENTS:
        raise invalid("name", "too_many", f"A hotel has at most {queries.MOST_DEPARTMENTS} departments.")
    department_id = new_id()
    values = {
        "location_id": location_id,
        "name": about("name", clean_line, name, 100),
        "position": position,
    }
    store_named(
        tx,
        insert(Department).values(
            organization_id=tx.organization_id, id=department_id, active=True, **values
        ),
    )
    record(tx, "department.created", "department", department_id, after={"name": values["name"]})
    tx.after_commit(OrganizationChanged(tx.organization_id))
    return department_id


def update_department(
    tx: Write,
    department_id: UUID,
    *,
    name: str | None = None,
    position: int | None = None,
    active: bool | None = None,
) -> None:
    """Rename, move or retire a department."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    before = queries.department(tx, department_id)
    values: dict[str, Any] = {"position": position, "active": active}
    values["name"] = None if name is None else about("name", clean_line, name, 100)
    changed = {k: v for k, v in values.items() if v is not None and getattr(before, k) != v}
    if not changed:
        return
    store_named(
        tx,
        update(Department)
        .where(Department.organization_id == tx.organization_id, Department.id == department_id)
        .values(**changed),
    )
    old = {key: getattr(before, key) for key in changed}
    record(tx, "department.changed", "department", department_id, before=old, after=changed)
    tx.after_commit(OrganizationChanged(tx.organization_id))
