"""The audit trail as JSON, for scripts and for those who watch from outside."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar.params import Parameter

from topline.audit import queries
from topline.audit.cursors import cursor_of, place_of
from topline.audit.queries import AuditRow, Wanted
from topline.audit.schemas import AuditEventOut
from topline.core.errors import invalid
from topline.core.permissions import Permission
from topline.web.paging import Cursor, Limit, Page, page_of
from topline.web.request import Req, read
from topline.web.routing import api

Actor = Annotated[UUID | None, Parameter(description="Only what this person or device did")]
Subject = Annotated[UUID | None, Parameter(description="Only what was done to this person, day, device …")]
Kind = Annotated[str | None, Parameter(max_length=30, description="Only what is about such things: `person`")]
Act = Annotated[str | None, Parameter(max_length=60, description="Only acts of this kind: `person.created`")]
Since = Annotated[datetime | None, Parameter(description="From this moment on")]
Until = Annotated[datetime | None, Parameter(description="Before this moment")]


@api("GET", "/api/audit-events", needs=Permission.AUDIT_READ, summary="Audit trail", tag="Audit")
def list_events(
    request: Req,
    actor_id: Actor = None,
    subject_id: Subject = None,
    subject_type: Kind = None,
    act: Act = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditEventOut]:
    """Who did what, newest first. Nothing in it can be changed; `topline audit verify` shows that nothing was."""
    for name, value in (("since", since), ("until", until)):
        if value is not None and value.tzinfo is None:
            raise invalid(name, "zone_missing", "Give the moment with its zone, for example with a Z.")
    wanted = Wanted(actor_id, subject_type, subject_id, act, since, until)
    with read(request) as tx:
        rows = queries.newest(tx, wanted, after=place_of(cursor), limit=limit)
    kept, following = page_of(rows, limit, cursor_of)
    return Page(items=[_out(row) for row in kept], next_cursor=following)


def _out(row: AuditRow) -> AuditEventOut:
    return AuditEventOut(**{name: getattr(row, name) for name in AuditEventOut.__struct_fields__})


ROUTES = [list_events]
