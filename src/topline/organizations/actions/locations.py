"""Add and change houses, and say on which days they do not open."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from topline.audit.actions import record
from topline.core.errors import about, invalid
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.text import clean_line
from topline.core.transaction import Write
from topline.organizations import queries
from topline.organizations.actions.storing import store_named
from topline.organizations.events import OrganizationChanged
from topline.organizations.models import Closure, Location
from topline.organizations.rules import (
    CalendarError,
    OpeningHours,
    check_turning_hour,
    opening_hours_data,
    opening_hours_from,
    zone_of,
)


def create_location(
    tx: Write,
    *,
    name: str,
    zone: str,
    turning_hour: int = 4,
    opening_hours: OpeningHours | None = None,
    rooms_available: int | None = None,
) -> UUID:
    """Add a house. Raises 400 for an unknown zone or one house too many, 409 for a name that is taken."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    if len(queries.locations(tx, with_inactive=True)) >= queries.MOST_LOCATIONS:
        raise invalid("name", "too_many", f"A hotel has at most {queries.MOST_LOCATIONS} houses.")
    location_id = new_id()
    values = _location_values(name, zone, turning_hour, opening_hours or OpeningHours(), rooms_available)
    store_named(
        tx,
        insert(Location).values(
            organization_id=tx.organization_id, id=location_id, active=True, created_at=tx.now, **values
        ),
    )
    record(tx, "location.created", "location", location_id, after=values)
    tx.after_commit(OrganizationChanged(tx.organization_id))
    return location_id


def update_location(
    tx: Write,
    location_id: UUID,
    *,
    name: str,
    zone: str,
    turning_hour: int,
    opening_hours: OpeningHours,
    rooms_available: int | None,
) -> None:
    """Change a house. Business dates already stored stay as they are; the new hour counts from the next log on."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    before = queries.location(tx, location_id)
    values = _location_values(name, zone, turning_hour, opening_hours, rooms_available)
    changed = {key: value for key, value in values.items() if getattr(before, key) != value}
    if not changed:
        return
    store_named(
        tx,
        update(Location)
        .where(Location.organization_id == tx.organization_id, Location.id == location_id)
        .values(**changed),
    )
    old = {key: getattr(before, key) for key in changed}
    record(tx, "location.changed", "location", location_id, before=old, after=changed)
    tx.after_commit(OrganizationChanged(tx.organization_id))


def close_on(tx: Write, location_id: UUID, day: date, reason: str = "") -> None:
    """The house does not open on that business date. Saying it twice changes the reason."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    queries.location(tx, location_id)
    where = _closure(tx, location_id, day)
    text = about("reason", clean_line, reason, 100, True)
    if tx.execute(select(Closure.business_date).where(*where)).one_or_none() is None:
        tx.change(
            insert(Closure).values(
                organization_id=tx.organization_id, location_id=location_id, business_date=day, reason=text
            )
        )
    else:
        tx.change(update(Closure).where(*where).values(reason=text))
    record(tx, "location.closed_on", "location", location_id, after={"date": day.isoformat(), "reason": text})
    tx.after_commit(OrganizationChanged(tx.organization_id))


def open_on(tx: Write, location_id: UUID, day: date) -> None:
    """Take a closure back. A day on which the house opens anyway stays so."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    queries.location(tx, location_id)
    if tx.change(delete(Closure).where(*_closure(tx, location_id, day))):
        record(tx, "location.opened_on", "location", location_id, before={"date": day.isoformat()})
        tx.after_commit(OrganizationChanged(tx.organization_id))


def _closure(tx: Write, location_id: UUID, day: date) -> tuple[Any, ...]:
    return (
        Closure.organization_id == tx.organization_id,
        Closure.location_id == location_id,
        Closure.business_date == day,
    )


def _location_values(
    name: str, zone: str, turning_hour: int, opening_hours: OpeningHours, rooms_available: int | None
) -> dict[str, Any]:
    if rooms_available is not None and not 0 <= rooms_available <= 20_000:
        raise invalid("rooms_available", "out_of_range", "Rooms are between 0 and 20,000.")
    try:
        zone_of(zone)
        check_turning_hour(turning_hour)
    except CalendarError as error:
        field = "zone" if error.code == "zone_unknown" else "turning_hour"
        raise invalid(field, error.code, str(error)) from error
    return {
        "name": about("name", clean_line, name, 100),
        "zone": zone,
        "turning_hour": turning_hour,
        "opening_hours": opening_hours_data(opening_hours),
        "rooms_available": rooms_available,
    }


def parse_opening_hours(data: dict[str, Any]) -> OpeningHours:
    """Weekly hours as they come in. Raises 400 naming the field."""
    try:
        return opening_hours_from(data)
    except CalendarError as error:
        raise invalid("opening_hours", error.code, str(error)) from error
