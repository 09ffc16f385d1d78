"""Change the organization, its locations, departments and closures."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from topline.audit.actions import record
from topline.core.db import upsert
from topline.core.errors import Problem, about, invalid, not_found
from topline.core.ids import new_id
from topline.core.money import MoneyError, currency_digits
from topline.core.permissions import Permission
from topline.core.text import clean_line
from topline.core.transaction import Write
from topline.organizations import queries
from topline.organizations.events import OrganizationChanged
from topline.organizations.models import Closure, Department, Installation, Location, Organization
from topline.organizations.rules import (
    CalendarError,
    OpeningHours,
    check_turning_hour,
    opening_hours_data,
    opening_hours_from,
    zone_of,
)
from topline.organizations.settings import OrganizationSettings


def check_currency(currency: str) -> str:
    """An ISO 4217 code in capitals. Raises 400 for one Topline does not know."""
    code = currency.strip().upper()
    try:
        currency_digits(code)
    except MoneyError as error:
        raise invalid("currency", error.code, str(error)) from error
    return code


def claim_installation(tx: Write, organization_id: UUID) -> bool:
    """Be the one who sets this installation up. False when somebody was first: the only row is taken, for good."""
    claimed = tx.change(
        upsert(tx.dialect)(Installation)
        .values(id=1, organization_id=organization_id, created_at=tx.now)
        .on_conflict_do_nothing()
    )
    return claimed == 1


def create_organization(
    tx: Write, organization_id: UUID, *, name: str, currency: str, locale: str, is_demo: bool = False
) -> None:
    """The tenant's own row. Called once by set-up, whose actor already has this organization."""
    tx.change(
        insert(Organization).values(
            id=organization_id,
            name=about("name", clean_line, name, 100),
            currency=check_currency(currency),
            locale=locale,
            settings={},
            version=1,
            is_demo=is_demo,
            created_at=tx.now,
        )
    )
    record(
        tx,
        "organization.created",
        "organization",
        organization_id,
        after={"name": name, "currency": currency},
    )


def update_organization(
    tx: Write,
    *,
    version: int,
    name: str | None = None,
    locale: str | None = None,
    settings: OrganizationSettings | None = None,
) -> None:
    """Change name, language or settings. `version` is what the editor saw; another change in between is a 409."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    before = queries.organization(tx)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = about("name", clean_line, name, 100)
    if locale is not None:
        values["locale"] = about("locale", clean_line, locale, 20)
    if settings is not None:
        if settings.scoreboard.neutral_bp >= settings.scoreboard.winning_bp:
            raise invalid("settings.scoreboard.neutral_bp", "out_of_range", "Neutral begins below winning.")
        if settings.access != before.settings.access:
            _must_be_confirmed_person(tx)
        values["settings"] = msgspec.to_builtins(settings)
    old = {"name": before.name, "locale": before.locale, "settings": msgspec.to_builtins(before.settings)}
    changed = {key: value for key, value in values.items() if old[key] != value}
    if not changed:
        return
    touched = tx.change(
        update(Organization)
        .where(Organization.id == tx.organization_id, Organization.version == version)
        .values(**changed, version=version + 1)
    )
    if touched != 1:
        raise Problem("conflict", "Somebody else changed the settings in the meantime. Please look again.")
    record(
        tx,
        "organization.changed",
        "organization",
        tx.organization_id,
        before={key: old[key] for key in changed},
        after=changed,
    )
    tx.after_commit(OrganizationChanged(tx.organization_id))


def _must_be_confirmed_person(tx: Write) -> None:
    # Neither a key that leaked nor a browser left open may take the second step away from everybody.
    if tx.actor.is_api_key:
        raise Problem("forbidden", "How people get in is changed by somebody who signed in, not by a key.")
    tx.actor.must_be_confirmed(tx.now)


def create_location(
    tx: Write,
    *,
    name: str,
    zone: str,
    turning_hour: int = 4,
    opening_hours: OpeningHours | None = None,
    rooms_available: int | None = None,
) -> UUID:
    """Add a house. Raises 400 for an unknown zone, 409 for a name that is taken."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    location_id = new_id()
    values = _location_values(name, zone, turning_hour, opening_hours or OpeningHours(), rooms_available)
    _unique(
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
    _unique(
        tx,
        update(Location)
        .where(Location.organization_id == tx.organization_id, Location.id == location_id)
        .values(**changed),
    )
    old = {key: getattr(before, key) for key in changed}
    record(tx, "location.changed", "location", location_id, before=old, after=changed)
    tx.after_commit(OrganizationChanged(tx.organization_id))


def create_department(tx: Write, location_id: UUID, name: str) -> UUID:
    """Add a department at the end of the list. Raises 409 for a name that is taken."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    queries.location(tx, location_id)
    department_id = new_id()
    values = {
        "location_id": location_id,
        "name": about("name", clean_line, name, 100),
        "position": len(queries.departments(tx, with_inactive=True)),
    }
    _unique(
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
    _unique(
        tx,
        update(Department)
        .where(Department.organization_id == tx.organization_id, Department.id == department_id)
        .values(**changed),
    )
    old = {key: getattr(before, key) for key in changed}
    record(tx, "department.changed", "department", department_id, before=old, after=changed)
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


def _unique(tx: Write, statement: Any) -> None:
    try:
        with tx.savepoint():
            touched = tx.change(statement)
    except IntegrityError as error:
        raise Problem("duplicate", "This name is already taken.") from error
    if touched != 1:
        raise not_found("row")
