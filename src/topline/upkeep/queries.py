"""What the audit trail's page wants to know of all rooms: how things are called, and the house's zone."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from topline.access.models import Device
from topline.behaviors.models import Behavior
from topline.core.transaction import Read
from topline.organizations.models import Department, Location
from topline.organizations.queries import main_location
from topline.people.models import Person, Role
from topline.results.models import DailyEntry, Import

#: Kind of thing → its table, and the column that names it.
_NAMED: Final[dict[str, tuple[Any, Any]]] = {
    "behavior": (Behavior, Behavior.name),
    "daily_entry": (DailyEntry, DailyEntry.business_date),
    "department": (Department, Department.name),
    "device": (Device, Device.name),
    "import": (Import, Import.file_name),
    "location": (Location, Location.name),
    "person": (Person, Person.name),
    "role": (Role, Role.name),
}
#: A list to choose from has an end.
_MOST_PEOPLE: Final = 1_000


def names_of(tx: Read, kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """How these things of a kind are called now. Those that are gone, and kinds without names, are left out."""
    if kind not in _NAMED:
        return {}
    table, name = _NAMED[kind]
    rows = tx.execute(
        select(table.id, name).where(table.organization_id == tx.organization_id, table.id.in_(ids))
    )
    return {row[0]: str(row[1]) for row in rows}


def people_to_choose(tx: Read) -> list[tuple[UUID, str]]:
    """Everybody by name, those who left too: what they did stays."""
    rows = tx.execute(
        select(Person.id, Person.name)
        .where(Person.organization_id == tx.organization_id)
        .order_by(Person.name, Person.id)
        .limit(_MOST_PEOPLE)
    )
    return [(row[0], row[1]) for row in rows]


def zone_of(tx: Read) -> str:
    """The zone of the main house."""
    return main_location(tx).zone
