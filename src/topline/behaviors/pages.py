"""Pages of the catalog: a table everybody who manages may read, and a form for those who may change it."""

from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Response

from topline.behaviors import actions, queries
from topline.behaviors.actions import CATEGORIES, ICONS, Definition, NewTerm
from topline.behaviors.queries import BehaviorView
from topline.behaviors.schemas import BehaviorForm
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.core.transaction import Write
from topline.organizations.queries import main_location, today
from topline.web.forms import errors_by_field, fields_of, parse
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, read, write
from topline.web.routing import page

FREQUENCY_NAMES: Final = {
    "PER_SHIFT": "a shift",
    "PER_DAY": "a day",
    "PER_WEEK": "a week",
    "PER_MONTH": "a month",
}
VERIFICATION_NAMES: Final = {
    "self_reported": "self-reported",
    "manager": "by a manager",
    "evidence": "with a photo",
}
_EMPTY: Final = {
    "points": 5,
    "target": 5,
    "frequency": "PER_SHIFT",
    "verification": "manager",
    "icon": "star",
}


@page("GET", "/behaviors", needs=Permission.BEHAVIORS_READ)
def behaviors_page(request: Req, show_inactive: str | None = None) -> Response[str]:
    """The catalog in its order."""
    with read(request) as tx:
        day = today(tx, main_location(tx))
        found = queries.behaviors(tx, day, with_inactive=bool(show_inactive))
    return show(
        request,
        "behaviors/list.html",
        behaviors=found,
        show_inactive=bool(show_inactive),
        may_edit=actor(request).may(Permission.BEHAVIORS_MANAGE),
        frequency_names=FREQUENCY_NAMES,
        verification_names=VERIFICATION_NAMES,
    )


@page("GET", "/behaviors/new", needs=Permission.BEHAVIORS_MANAGE)
def new_behavior_page(request: Req) -> Response[str]:
    """An empty form."""
    return _form(request, None, dict(_EMPTY), {})


@page("GET", "/behaviors/{behavior_id:uuid}", needs=Permission.BEHAVIORS_READ)
def behavior_page(request: Req, behavior_id: UUID) -> Response[str]:
    """One behavior with its terms; a form for those who may change it."""
    with read(request) as tx:
        found = queries.behavior(tx, behavior_id, today(tx, main_location(tx)))
    return _form(request, found, _values(found), {})


@page("POST", "/behaviors/new", needs=Permission.BEHAVIORS_MANAGE)
async def create_behavior_page(request: Req) -> Response[str]:
    """Add a behavior; a refused form comes back with what was typed."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _saved(request, None, fields))


@page("POST", "/behaviors/{behavior_id:uuid}", needs=Permission.BEHAVIORS_MANAGE)
async def change_behavior_page(request: Req, behavior_id: UUID) -> Response[str]:
    """Change a behavior; a refused form comes back with what was typed."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _saved(request, behavior_id, fields))


@page("POST", "/behaviors/{behavior_id:uuid}/deactivate", needs=Permission.BEHAVIORS_MANAGE)
def deactivate_behavior(request: Req, behavior_id: UUID) -> Response[str]:
    """Take it off the tablets, with a way back."""
    with write(request) as tx:
        actions.deactivate(tx, behavior_id)
        name = _name(tx, behavior_id)
    undo = f"/behaviors/{behavior_id}/restore"
    return redirect(request, "/behaviors", toast={"message": f"{name} is off the tablets.", "undo_url": undo})


@page("POST", "/behaviors/{behavior_id:uuid}/restore", needs=Permission.BEHAVIORS_MANAGE)
def restore_behavior(request: Req, behavior_id: UUID) -> Response[str]:
    """Bring it back as it was."""
    with write(request) as tx:
        actions.reactivate(tx, behavior_id)
        name = _name(tx, behavior_id)
    return redirect(request, "/behaviors", toast={"message": f"{name} is on the tablets again."})


def _saved(request: Req, behavior_id: UUID | None, fields: dict[str, Any]) -> Response[str]:
    found: BehaviorView | None = None
    # A single checked box comes as text, none at all not at all.
    roles = fields.get("role_ids") or []
    fields["role_ids"] = roles if isinstance(roles, list) else [roles]
    try:
        data = parse(BehaviorForm, fields)
        with write(request) as tx:
            if behavior_id is None:
                actions.create(tx, _definition(data), _term(data), data.role_ids, data.valid_from)
            else:
                found = queries.behavior(tx, behavior_id, today(tx, main_location(tx)))
                actions.update_definition(tx, behavior_id, asdict(_definition(data)), data.version)
                actions.assign_roles(tx, behavior_id, data.role_ids)
                actions.change_term(tx, behavior_id, _term(data), data.valid_from)
    except Problem as problem:
        if problem.status >= 500 or problem.code == "not_found":
            raise
        if found is None and behavior_id is not None:
            with read(request) as tx:
                found = queries.behavior(tx, behavior_id, today(tx, main_location(tx)))
        errors = errors_by_field(problem) or {"": problem.detail}
        return _form(request, found, fields, errors, status=422)
    return redirect(request, "/behaviors", toast={"message": f"{data.name} is saved."})


def _form(
    request: Req,
    behavior: BehaviorView | None,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response[str]:
    with read(request) as tx:
        roles = queries.assignable_roles(tx)
        terms = [] if behavior is None else queries.terms(tx, behavior.id)
        day = today(tx, main_location(tx))
    return show(
        request,
        "behaviors/form.html",
        status=status,
        behavior=behavior,
        values=values,
        errors=errors,
        role_options=[(str(role.id), role.name) for role in roles],
        terms=terms,
        today=day,
        may_edit=actor(request).may(Permission.BEHAVIORS_MANAGE),
        categories=[(name, name.capitalize()) for name in CATEGORIES],
        icons=[(name, name.replace("-", " ").capitalize()) for name in ICONS],
        frequency_names=FREQUENCY_NAMES,
        verification_names=VERIFICATION_NAMES,
    )


def _values(view: BehaviorView) -> dict[str, Any]:
    """What the form shows of a behavior that is there."""
    values: dict[str, Any] = msgspec.to_builtins(view)
    term = view.term
    if term is not None:
        values |= {"points": term.points, "target": term.target, "frequency": term.frequency}
    return values | {"role_ids": [str(role.id) for role in view.roles]}


def _definition(data: BehaviorForm) -> Definition:
    return Definition(**{name: getattr(data, name) for name in Definition.__dataclass_fields__})


def _term(data: BehaviorForm) -> NewTerm:
    return NewTerm(data.points, data.target, data.frequency)


def _name(tx: Write, behavior_id: UUID) -> str:
    return queries.behavior(tx, behavior_id, today(tx, main_location(tx))).name


ROUTES = [
    behaviors_page,
    new_behavior_page,
    behavior_page,
    create_behavior_page,
    change_behavior_page,
    deactivate_behavior,
    restore_behavior,
]
