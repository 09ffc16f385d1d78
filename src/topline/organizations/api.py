"""JSON routes of the organization, its locations and departments."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from topline.core.permissions import Permission
from topline.organizations import actions, queries
from topline.organizations.schemas import (
    ClosureIn,
    ClosureOut,
    DepartmentIn,
    DepartmentOut,
    DepartmentPatch,
    LocationIn,
    LocationOut,
    OrganizationOut,
    OrganizationPatch,
)
from topline.web.request import Req, read, write
from topline.web.routing import api
from topline.web.schemas import Output

TAG = "Organization"


class Departments(Output):
    """Departments in their order."""

    items: list[DepartmentOut]


class Locations(Output):
    """Houses, oldest first."""

    items: list[LocationOut]


class Closures(Output):
    """Days on which a house does not open."""

    items: list[ClosureOut]


@api("GET", "/api/organization", needs=Permission.ORGANIZATION_READ, summary="The organization", tag=TAG)
def get_organization(request: Req) -> OrganizationOut:
    """Name, currency, language and settings of the caller's organization."""
    with read(request) as tx:
        return _organization(queries.organization(tx))


@api(
    "PATCH",
    "/api/organization",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Change name, language or settings",
    tag=TAG,
    errors=["conflict"],
)
def patch_organization(request: Req, data: OrganizationPatch) -> OrganizationOut:
    """Only what is named changes. `version` is the one that was read; a 409 says somebody was quicker."""
    with write(request) as tx:
        actions.update_organization(
            tx, version=data.version, name=data.name, locale=data.locale, settings=data.settings
        )
        found = queries.organization(tx)
    return _organization(found)


@api("GET", "/api/locations", needs=Permission.ORGANIZATION_READ, summary="Locations", tag=TAG)
def list_locations(request: Req) -> Locations:
    """Every active house of the organization."""
    with read(request) as tx:
        return Locations(items=[_location(item) for item in queries.locations(tx)])


@api(
    "GET",
    "/api/locations/{location_id:uuid}",
    needs=Permission.ORGANIZATION_READ,
    summary="One location",
    tag=TAG,
)
def get_location(request: Req, location_id: UUID) -> LocationOut:
    """A house with its zone, turning hour and opening hours."""
    with read(request) as tx:
        return _location(queries.location(tx, location_id))


@api(
    "POST",
    "/api/locations",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Add a location",
    tag=TAG,
    errors=["duplicate"],
    status=201,
)
def create_location(request: Req, data: LocationIn) -> LocationOut:
    """A further house of the same organization."""
    with write(request) as tx:
        location_id = actions.create_location(tx, **_location_values(data))
        found = queries.location(tx, location_id)
    return _location(found)


@api(
    "PUT",
    "/api/locations/{location_id:uuid}",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Change a location",
    tag=TAG,
    errors=["duplicate"],
)
def put_location(request: Req, location_id: UUID, data: LocationIn) -> LocationOut:
    """Replaces name, zone, turning hour, opening hours and rooms. Business dates already stored do not move."""
    with write(request) as tx:
        actions.update_location(tx, location_id, **_location_values(data))
        found = queries.location(tx, location_id)
    return _location(found)


@api(
    "GET",
    "/api/locations/{location_id:uuid}/closures",
    needs=Permission.ORGANIZATION_READ,
    summary="Closed days",
    tag=TAG,
)
def list_closures(request: Req, location_id: UUID, since: date) -> Closures:
    """Days from `since` on, at most a year's worth, on which the house does not open."""
    with read(request) as tx:
        queries.location(tx, location_id)
        found = queries.closures(tx, location_id, since)
    return Closures(items=[ClosureOut(business_date=day, reason=reason) for day, reason in found])


@api(
    "PUT",
    "/api/locations/{location_id:uuid}/closures/{day:date}",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Close on a day",
    tag=TAG,
)
def put_closure(request: Req, location_id: UUID, day: date, data: ClosureIn) -> ClosureOut:
    """The house does not open on that business date; targets leave it out."""
    with write(request) as tx:
        actions.close_on(tx, location_id, day, data.reason)
    return ClosureOut(business_date=day, reason=data.reason)


@api(
    "DELETE",
    "/api/locations/{location_id:uuid}/closures/{day:date}",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Open on a day after all",
    tag=TAG,
    status=204,
)
def delete_closure(request: Req, location_id: UUID, day: date) -> None:
    """Takes a closure back; there being none is fine."""
    with write(request) as tx:
        actions.open_on(tx, location_id, day)


@api("GET", "/api/departments", needs=Permission.ORGANIZATION_READ, summary="Departments", tag=TAG)
def list_departments(request: Req, location_id: UUID | None = None) -> Departments:
    """Active departments in their order, of one house when `location_id` is given."""
    with read(request) as tx:
        found = queries.departments(tx, location_id=location_id)
    return Departments(items=[_department(item) for item in found])


@api(
    "POST",
    "/api/departments",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Add a department",
    tag=TAG,
    errors=["duplicate", "not_found"],
    status=201,
)
def create_department(request: Req, data: DepartmentIn) -> DepartmentOut:
    """A new department at the end of the list."""
    with write(request) as tx:
        department_id = actions.create_department(tx, data.location_id, data.name)
        found = queries.department(tx, department_id)
    return _department(found)


@api(
    "PATCH",
    "/api/departments/{department_id:uuid}",
    needs=Permission.ORGANIZATION_MANAGE,
    summary="Change a department",
    tag=TAG,
    errors=["duplicate"],
)
def patch_department(request: Req, department_id: UUID, data: DepartmentPatch) -> DepartmentOut:
    """Rename, move or retire a department. Only what is named changes."""
    with write(request) as tx:
        actions.update_department(
            tx, department_id, name=data.name, position=data.position, active=data.active
        )
        found = queries.department(tx, department_id)
    return _department(found)


def _organization(found: queries.OrganizationView) -> OrganizationOut:
    return msgspec.convert(found, OrganizationOut, from_attributes=True)


def _location(found: queries.LocationView) -> LocationOut:
    return msgspec.convert(found, LocationOut, from_attributes=True)


def _location_values(data: LocationIn) -> dict[str, Any]:
    return {
        "name": data.name,
        "zone": data.zone,
        "turning_hour": data.turning_hour,
        "opening_hours": actions.parse_opening_hours(data.opening_hours),
        "rooms_available": data.rooms_available,
    }


def _department(found: queries.DepartmentView) -> DepartmentOut:
    return msgspec.convert(found, DepartmentOut, from_attributes=True)


ROUTES = [
    get_organization,
    patch_organization,
    list_locations,
    get_location,
    create_location,
    put_location,
    list_closures,
    put_closure,
    delete_closure,
    list_departments,
    create_department,
    patch_department,
]
