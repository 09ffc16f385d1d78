"""Pages of people and roles."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import Group, Permission, ranks_at_least
from topline.core.transaction import Read
from topline.organizations import queries as organizations
from topline.people import actions, queries
from topline.people.rules import ROLE_TYPES
from topline.people.schemas import PersonChange, RoleIn, RolePatch
from topline.web.forms import errors_by_field, fields_of, parse
from topline.web.pages import is_fragment, redirect, show
from topline.web.paging import named_place, page_of
from topline.web.request import Req, actor, read, write
from topline.web.routing import page

T = TypeVar("T")
PAGE_SIZE = 50
TYPE_NAMES = {name: name.replace("_", " ").capitalize() for name in ROLE_TYPES}


@page("GET", "/people", needs=Permission.PEOPLE_READ)
def people_page(
    request: Req,
    search: str | None = None,
    department: str | None = None,
    show_former: str | None = None,
    cursor: str | None = None,
) -> Response[str]:
    """The people of the house, filtered, fifty at a time."""
    after = named_place(cursor)
    department_id = _id(department)
    with read(request) as tx:
        rows = queries.people(
            tx,
            search=(search or "").strip()[:100] or None,
            department_id=department_id,
            active=None if show_former else True,
            after=after,
            limit=PAGE_SIZE,
        )
        departments = organizations.departments(tx)
    kept, following = page_of(rows, PAGE_SIZE, lambda row: (row.name, row.id))
    template = "people/_more.html" if is_fragment(request) and cursor else "people/list.html"
    return show(
        request,
        template,
        people=kept,
        next_cursor=following,
        department_options=[(d.id, d.name) for d in departments],
        search=search or "",
        department=str(department_id or ""),
        show_former=bool(show_former),
    )


@page("GET", "/people/new", needs=Permission.PEOPLE_MANAGE)
def new_person_page(request: Req) -> Response[str]:
    """An empty form."""
    return _form(request, None, {"shifts_per_week": 5}, {})


@page("GET", "/people/{person_id:uuid}", needs=Permission.PEOPLE_READ)
def person_page(request: Req, person_id: UUID) -> Response[str]:
    """One person's form, with what else can be done about them."""
    with read(request) as tx:
        found = queries.person(tx, person_id)
    values = msgspec.to_builtins(found)
    return _form(request, found, values, {})


@page("POST", "/people/new", needs=Permission.PEOPLE_MANAGE)
async def create_person(request: Req) -> Response[str]:
    """Add somebody; a refused form comes back with what was typed."""
    return await _save(request, None)


@page("POST", "/people/{person_id:uuid}", needs=Permission.PEOPLE_MANAGE)
async def change_person(request: Req, person_id: UUID) -> Response[str]:
    """Change somebody; a refused form comes back with what was typed."""
    return await _save(request, person_id)


@page("POST", "/people/{person_id:uuid}/deactivate", needs=Permission.PEOPLE_MANAGE)
def deactivate_person(request: Req, person_id: UUID) -> Response[str]:
    """Somebody left."""
    with write(request) as tx:
        actions.deactivate_person(tx, person_id)
        name = queries.person(tx, person_id).name
    undo = f"/people/{person_id}/reactivate"
    return redirect(
        request, f"/people/{person_id}", toast={"message": f"{name} is deactivated.", "undo_url": undo}
    )


@page("POST", "/people/{person_id:uuid}/reactivate", needs=Permission.PEOPLE_MANAGE)
def reactivate_person(request: Req, person_id: UUID) -> Response[str]:
    """Somebody came back."""
    with write(request) as tx:
        actions.reactivate_person(tx, person_id)
        name = queries.person(tx, person_id).name
    return redirect(request, f"/people/{person_id}", toast={"message": f"{name} works here again."})


@page("GET", "/roles", needs=Permission.ROLES_MANAGE)
def roles_page(request: Req) -> Response[str]:
    """The roles of the house."""
    with read(request) as tx:
        found = queries.roles(tx, with_inactive=True)
    return show(request, "people/roles.html", roles=found, type_names=TYPE_NAMES, values={}, errors={})


@page("POST", "/roles", needs=Permission.ROLES_MANAGE)
async def create_role(request: Req) -> Response[str]:
    """Add a role; a refused form comes back."""
    fields = await fields_of(request)

    def save() -> None:
        data = parse(RoleIn, fields)
        with write(request) as tx:
            actions.create_role(tx, data.name, Group(data.group), data.type)

    return await _roles_or_errors(request, fields, save)


@page("POST", "/roles/{role_id:uuid}", needs=Permission.ROLES_MANAGE)
async def change_role(request: Req, role_id: UUID) -> Response[str]:
    """Rename, retype, retire or bring back a role."""
    fields = await fields_of(request)

    def save() -> None:
        data = parse(RolePatch, fields)
        with write(request) as tx:
            actions.update_role(tx, role_id, name=data.name, role_type=data.type, active=data.active)

    return await _roles_or_errors(request, {}, save)


async def _roles_or_errors(request: Req, fields: dict[str, Any], save: Any) -> Response[str]:
    def work() -> Response[str]:
        try:
            save()
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            with read(request) as tx:
                found = queries.roles(tx, with_inactive=True)
            errors = errors_by_field(problem) or {"": problem.detail}
            return show(
                request,
                "people/roles.html",
                status=422,
                roles=found,
                type_names=TYPE_NAMES,
                values=fields,
                errors=errors,
            )
        return redirect(request, "/roles")

    return await to_thread.run_sync(work)


async def _save(request: Req, person_id: UUID | None) -> Response[str]:
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _saved(request, person_id, fields))


def _saved(request: Req, person_id: UUID | None, fields: dict[str, Any]) -> Response[str]:
    found = None
    try:
        data = parse(PersonChange, fields)
        values = msgspec.structs.asdict(data)
        version = values.pop("version")
        with write(request) as tx:
            if person_id is None:
                person_id = actions.create_person(tx, actions.PersonFields(**values))
            else:
                found = queries.person(tx, person_id)
                actions.update_person(tx, person_id, actions.PersonFields(**values), version=version)
    except Problem as problem:
        if problem.status >= 500 or problem.code == "not_found":
            raise
        if found is None and person_id is not None:
            with read(request) as tx:
                found = queries.person(tx, person_id)
        return _form(request, found, fields, errors_by_field(problem) or {"": problem.detail}, status=422)
    return redirect(request, f"/people/{person_id}", toast={"message": f"{data.name} is saved."})


def _form(
    request: Req,
    person: queries.PersonView | None,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response[str]:
    with read(request) as tx:
        roles, departments = _grantable(tx), organizations.departments(tx)
    may_edit = actor(request).may(Permission.PEOPLE_MANAGE) and (
        person is None or person.role_id in {role.id for role in roles}
    )
    return show(
        request,
        "people/person.html",
        status=status,
        person=person,
        values=values,
        errors=errors,
        role_options=[(role.id, role.name) for role in roles],
        department_options=[(d.id, d.name) for d in departments],
        may_edit=may_edit,
        is_me=person is not None and person.id == actor(request).person_id,
    )


def _grantable(tx: Read) -> list[queries.RoleView]:
    own = tx.actor.group or Group.STAFF
    return [role for role in queries.roles(tx) if ranks_at_least(own, Group(role.group))]


def _id(text: str | None) -> UUID | None:
    """A chosen id from a select; anything else means no choice."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


ROUTES = [
    people_page,
    new_person_page,
    person_page,
    create_person,
    change_person,
    deactivate_person,
    reactivate_person,
    roles_page,
    create_role,
    change_role,
]
