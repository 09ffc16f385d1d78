"""Read the organization, its locations and departments."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from topline.core.errors import not_found
from topline.core.sight import Door
from topline.core.transaction import Read
from topline.organizations.models import Closure, Department, Location, Organization
from topline.organizations.rules import OpeningHours, business_date, opening_hours_from
from topline.organizations.settings import OrganizationSettings

#: More than these are not added: such a list is shown whole, on pages and in every choice.
MOST_LOCATIONS: Final = 100
MOST_DEPARTMENTS: Final = 200


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """The tenant with its settings read into types."""

    id: UUID
    name: str
    currency: str
    locale: str
    settings: OrganizationSettings
    version: int
    is_demo: bool


@dataclass(frozen=True, slots=True)
class LocationView:
    """One house."""

    id: UUID
    name: str
    zone: str
    turning_hour: int
    opening_hours: dict[str, Any]
    rooms_available: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """One department."""

    id: UUID
    location_id: UUID
    name: str
    position: int
    active: bool


def organization(tx: Read) -> OrganizationView:
    """The caller's organization."""
    row = tx.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.currency,
            Organization.locale,
            Organization.settings,
            Organization.version,
            Organization.is_demo,
        ).where(Organization.id == tx.organization_id)
    ).one()
    return OrganizationView(
        row.id,
        row.name,
        row.currency,
        row.locale,
        msgspec.convert(row.settings, OrganizationSettings),
        row.version,
        row.is_demo,
    )


def organization_ids(tx: Read) -> list[UUID]:
    """Every tenant of the installation, for jobs that act for each in turn. Nothing of them is read."""
    with tx.through(Door.HOUSES):
        return list(tx.execute(select(Organization.id).order_by(Organization.id)).scalars())


def locations(tx: Read, *, with_inactive: bool = False) -> list[LocationView]:
    """The houses, oldest first."""
    query = _locations(tx)
    if not with_inactive:
        query = query.where(Location.active)
    query = query.order_by(Location.created_at, Location.id).limit(MOST_LOCATIONS)
    return [LocationView(*row) for row in tx.execute(query)]


def location(tx: Read, location_id: UUID) -> LocationView:
    """One house. Raises 404 for a foreign or unknown id."""
    row = tx.execute(_locations(tx).where(Location.id == location_id)).one_or_none()
    if row is None:
        raise not_found("location")
    return LocationView(*row)


def main_location(tx: Read) -> LocationView:
    """The house of the caller's device, else the first one."""
    if tx.actor.location_id is not None:
        return location(tx, tx.actor.location_id)
    found = locations(tx)
    if not found:
        raise not_found("location")
    return found[0]


def departments(
    tx: Read, *, location_id: UUID | None = None, with_inactive: bool = False
) -> list[DepartmentView]:
    """Departments in their order."""
    query = select(
        Department.id, Department.location_id, Department.name, Department.position, Department.active
    ).where(Department.organization_id == tx.organization_id)
    if location_id is not None:
        query = query.where(Department.location_id == location_id)
    if not with_inactive:
        query = query.where(Department.active)
    query = query.order_by(Department.position, Department.name).limit(MOST_DEPARTMENTS)
    return [DepartmentView(*row) for row in tx.execute(query)]


def department(tx: Read, department_id: UUID) -> DepartmentView:
    """One department, retired or not. Raises 404 for a foreign or unknown id."""
    found = [d for d in departments(tx, with_inactive=True) if d.id == department_id]
    if not found:
        raise not_found("department")
    return found[0]


def closures(tx: Read, location_id: UUID, first: date) -> list[tuple[date, str]]:
    """Coming and past closures of a house from `first` on, at most a year's worth."""
    rows = tx.execute(
        select(Closure.business_date, Closure.reason)
        .where(
            Closure.organization_id == tx.organization_id,
            Closure.location_id == location_id,
            Closure.business_date >= first,
        )
        .order_by(Closure.business_date)
        .limit(366)
    )
    return [(row.business_date, row.reason) for row in rows]


def opening_hours(tx: Read, house: LocationView) -> OpeningHours:
    """The weekly hours of a house together with its closures."""
    closed: list[date] = list(
        tx.execute(
            select(Closure.business_date).where(
                Closure.organization_id == tx.organization_id, Closure.location_id == house.id
            )
        ).scalars()
    )
    return opening_hours_from(house.opening_hours, closed)


def today(tx: Read, house: LocationView) -> date:
    """The business date at the house right now."""
    return business_date(tx.now, house.zone, house.turning_hour)


def _locations(tx: Read) -> Any:
    return select(
        Location.id,
        Location.name,
        Location.zone,
        Location.turning_hour,
        Location.opening_hours,
        Location.rooms_available,
        Location.active,
    ).where(Location.organization_id == tx.organization_id)
