"""JSON routes of people and roles. The path says `users`, the word scripts expect."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import Parameter

from topline.core.permissions import Group, Permission
from topline.people import actions, queries
from topline.people.schemas import (
    PersonChange,
    PersonIn,
    PersonOut,
    RoleIn,
    RoleList,
    RoleOut,
    RolePatch,
)
from topline.web.paging import Cursor, Limit, Page, named_place, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "People"
Search = Annotated[
    str | None, Parameter(max_length=200, description="Part of a name or e-mail address, or a staff number")
]


@api("GET", "/api/users", needs=Permission.PEOPLE_READ, summary="People", tag=TAG)
def list_people(
    request: Req,
    search: Search = None,
    department_id: UUID | None = None,
    role_id: UUID | None = None,
    active: bool | None = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[PersonOut]:
    """People by name. `search` looks into names and e-mail addresses and matches a staff number exactly."""
    after = named_place(cursor)
    with read(request) as tx:
        rows = queries.people(
            tx,
            search=search,
            department_id=department_id,
            role_id=role_id,
            active=active,
            after=after,
            limit=limit,
        )
    kept, following = page_of(rows, limit, lambda row: (row.name, row.id))
    return Page(items=[_person(row) for row in kept], next_cursor=following)


@api(
    "POST",
    "/api/users",
    needs=Permission.PEOPLE_MANAGE,
    summary="Add a person",
    tag=TAG,
    errors=["duplicate"],
    status=201,
)
def create_person(request: Req, data: PersonIn) -> PersonOut:
    """Adds somebody in a role not above the caller's own. A PIN is given separately."""
    with write(request) as tx:
        person_id = actions.create_person(tx, _fields(data))
        found = queries.person(tx, person_id)
    return _person(found)


@api("GET", "/api/users/{person_id:uuid}", needs=Permission.PEOPLE_READ, summary="One person", tag=TAG)
def get_person(request: Req, person_id: UUID) -> PersonOut:
    """Somebody, whether still working here or not."""
    with read(request) as tx:
        return _person(queries.person(tx, person_id))


@api(
    "PUT",
    "/api/users/{person_id:uuid}",
    needs=Permission.PEOPLE_MANAGE,
    summary="Change a person",
    tag=TAG,
    errors=["duplicate", "conflict", "last_owner"],
)
def put_person(request: Req, person_id: UUID, data: PersonChange) -> PersonOut:
    """Replaces what is known of somebody. Another role ends their sessions."""
    with write(request) as tx:
        actions.update_person(tx, person_id, _fields(data), version=data.version)
        found = queries.person(tx, person_id)
    return _person(found)


@api(
    "POST",
    "/api/users/{person_id:uuid}/deactivate",
    needs=Permission.PEOPLE_MANAGE,
    summary="Deactivate a person",
    tag=TAG,
    errors=["conflict", "last_owner"],
    status=200,
)
def deactivate_person(request: Req, person_id: UUID) -> PersonOut:
    """They disappear from tiles and sign-ins and every session ends; what they logged stays."""
    with write(request) as tx:
        actions.deactivate_person(tx, person_id)
        found = queries.person(tx, person_id)
    return _person(found)


@api(
    "POST",
    "/api/users/{person_id:uuid}/reactivate",
    needs=Permission.PEOPLE_MANAGE,
    summary="Bring a person back",
    tag=TAG,
    status=200,
)
def reactivate_person(request: Req, person_id: UUID) -> PersonOut:
    """Somebody who had left works here again."""
    with write(request) as tx:
        actions.reactivate_person(tx, person_id)
        found = queries.person(tx, person_id)
    return _person(found)


@api("GET", "/api/roles", needs=Permission.PEOPLE_READ, summary="Roles", tag=TAG)
def list_roles(request: Req, with_inactive: bool = False) -> RoleList:
    """Every role of the house, by name."""
    with read(request) as tx:
        return RoleList(items=[_role(row) for row in queries.roles(tx, with_inactive=with_inactive)])


@api(
    "POST",
    "/api/roles",
    needs=Permission.ROLES_MANAGE,
    summary="Add a role",
    tag=TAG,
    errors=["duplicate"],
    status=201,
)
def create_role(request: Req, data: RoleIn) -> RoleOut:
    """A free name in one of the three groups."""
    with write(request) as tx:
        role_id = actions.create_role(tx, data.name, Group(data.group), data.type)
        found = queries.role(tx, role_id)
    return _role(found)


@api(
    "PATCH",
    "/api/roles/{role_id:uuid}",
    needs=Permission.ROLES_MANAGE,
    summary="Change a role",
    tag=TAG,
    errors=["duplicate", "in_use"],
)
def patch_role(request: Req, role_id: UUID, data: RolePatch) -> RoleOut:
    """Renames a role, changes its type or retires it; a role that people have cannot be retired."""
    with write(request) as tx:
        actions.update_role(tx, role_id, name=data.name, role_type=data.type, active=data.active)
        found = queries.role(tx, role_id)
    return _role(found)


def _fields(data: PersonIn) -> actions.PersonFields:
    values = msgspec.structs.asdict(data)
    values.pop("version", None)
    return actions.PersonFields(**values)


def _person(found: queries.PersonView) -> PersonOut:
    return msgspec.convert(found, PersonOut, from_attributes=True)


def _role(found: queries.RoleView) -> RoleOut:
    return msgspec.convert(found, RoleOut, from_attributes=True)


ROUTES = [
    list_people,
    create_person,
    get_person,
    put_person,
    deactivate_person,
    reactivate_person,
    list_roles,
    create_role,
    patch_role,
]
