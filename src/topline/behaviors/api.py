"""JSON routes of the catalog."""

from typing import Any
from uuid import UUID

import msgspec

from topline.behaviors import actions, queries
from topline.behaviors.actions import Definition, NewTerm
from topline.behaviors.schemas import (
    BehaviorIn,
    BehaviorOut,
    BehaviorPatch,
    TermIn,
    TermsOut,
    behavior_out,
    term_out,
)
from topline.core.errors import invalid
from topline.core.ids import parse_id
from topline.core.permissions import Permission as P
from topline.core.transaction import Read
from topline.organizations.queries import main_location, today
from topline.web.paging import Cursor, Limit, Page, decode_cursor, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "Behaviors"


@api("GET", "/api/behaviors", needs=P.BEHAVIORS_READ_OWN, summary="List behaviors", tag=TAG)
def list_behaviors(
    request: Req, include_inactive: bool = False, limit: Limit = 50, cursor: Cursor = None
) -> Page[BehaviorOut]:
    """The catalog in its order, each with today's points and target and its roles; staff see their own role's."""
    with read(request) as tx:
        day = today(tx, main_location(tx))
        found = queries.behaviors(
            tx, day, with_inactive=include_inactive, limit=limit + 1, after=_place_after(cursor)
        )
    kept, following = page_of(found, limit, lambda view: (view.position, view.id))
    return Page(items=[behavior_out(view) for view in kept], next_cursor=following)


@api(
    "POST",
    "/api/behaviors",
    needs=P.BEHAVIORS_MANAGE,
    summary="Add a behavior",
    tag=TAG,
    errors=["duplicate"],
    status=201,
)
def create_behavior(request: Req, data: BehaviorIn) -> BehaviorOut:
    """Its points and target hold from today on."""
    values = msgspec.structs.asdict(data)
    term = NewTerm(values.pop("points"), values.pop("target"), values.pop("frequency"))
    roles = values.pop("role_ids")
    with write(request) as tx:
        return _shown(tx, actions.create(tx, Definition(**values), term, roles))


@api("GET", "/api/behaviors/{behavior_id:uuid}", needs=P.BEHAVIORS_READ_OWN, summary="One behavior", tag=TAG)
def get_behavior(request: Req, behavior_id: UUID) -> BehaviorOut:
    """A behavior, active or not, as it holds today."""
    with read(request) as tx:
        return _shown(tx, behavior_id)


@api(
    "PATCH",
    "/api/behaviors/{behavior_id:uuid}",
    needs=P.BEHAVIORS_MANAGE,
    summary="Change a behavior",
    tag=TAG,
    errors=["duplicate", "conflict"],
)
def change_behavior(request: Req, behavior_id: UUID, data: BehaviorPatch) -> BehaviorOut:
    """Only what is named changes, all of it or nothing. `active` false takes it off the tablets."""
    changes: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET
    }
    version, active = changes.pop("version"), changes.pop("active", None)
    roles = changes.pop("role_ids", None)
    with write(request) as tx:
        actions.update_definition(tx, behavior_id, changes, version)
        if roles is not None:
            actions.assign_roles(tx, behavior_id, roles)
        if active is not None:
            (actions.reactivate if active else actions.deactivate)(tx, behavior_id)
        return _shown(tx, behavior_id)


@api(
    "GET",
    "/api/behaviors/{behavior_id:uuid}/terms",
    needs=P.BEHAVIORS_READ_OWN,
    summary="Points and targets over time",
    tag=TAG,
)
def list_terms(request: Req, behavior_id: UUID) -> TermsOut:
    """Newest first, those of the future too. A term holds until the next one begins."""
    with read(request) as tx:
        _shown(tx, behavior_id)
        return TermsOut(items=[term_out(view) for view in queries.terms(tx, behavior_id)])


@api(
    "POST",
    "/api/behaviors/{behavior_id:uuid}/terms",
    needs=P.BEHAVIORS_MANAGE,
    summary="Change points or target",
    tag=TAG,
    status=201,
)
def add_term(request: Req, behavior_id: UUID, data: TermIn) -> BehaviorOut:
    """From a business date on. What was logged before keeps the points it was logged with."""
    with write(request) as tx:
        term = NewTerm(data.points, data.target, data.frequency)
        actions.change_term(tx, behavior_id, term, data.valid_from)
        return _shown(tx, behavior_id)


def _shown(tx: Read, behavior_id: UUID) -> BehaviorOut:
    return behavior_out(queries.behavior(tx, behavior_id, today(tx, main_location(tx))))


def _place_after(cursor: str | None) -> tuple[int, UUID] | None:
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    behavior_id = parse_id(values[1])
    if behavior_id is None or not values[0].isdecimal() or len(values[0]) > 9:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
    return int(values[0]), behavior_id


ROUTES = [list_behaviors, create_behavior, get_behavior, change_behavior, list_terms, add_term]
