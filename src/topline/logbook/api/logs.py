"""Read logs, undo an own one, answer a rejection."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from litestar.params import Parameter

from topline.core.errors import Problem, invalid
from topline.core.ids import parse_id
from topline.core.permissions import Permission as P
from topline.logbook import actions, queries
from topline.logbook.api.shared import TAG, one_log
from topline.logbook.queries import LogFilter
from topline.logbook.rules import Flag
from topline.logbook.schemas import AnswerIn, LogOut, OneLogOut, log_out
from topline.web.paging import Cursor, Limit, Page, decode_cursor, page_of
from topline.web.request import Req, read, write
from topline.web.routing import api

Status = Literal["pending", "verified", "rejected", "undone", "expired"]
FlagName = Literal["offline", "clock_ahead", "burst"]


@api("GET", "/api/behavior-logs", needs=P.LOGS_READ_OWN, summary="List logs", tag=TAG)
def list_logs(
    request: Req,
    person_id: UUID | None = None,
    behavior_id: UUID | None = None,
    department_id: UUID | None = None,
    status: Status | None = None,
    first: Annotated[date | None, Parameter(description="First business date")] = None,
    last: Annotated[date | None, Parameter(description="Last business date")] = None,
    flag: FlagName | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[LogOut]:
    """Logs, newest business date first. Without the right to see everybody's, one's own only."""
    with read(request) as tx:
        if not tx.actor.may(P.LOGS_READ):
            own = tx.actor.person()
            if person_id not in (None, own):
                raise Problem("forbidden", "You may see your own logs only.")
            person_id = own
        wanted = LogFilter(
            person_id, behavior_id, department_id, status, first, last, None if flag is None else Flag(flag)
        )
        found = queries.logs(tx, wanted, limit=limit + 1, after=_place_after(cursor))
        kept, following = page_of(found, limit, lambda view: (view.business_date, view.id))
        return Page([log_out(view, tx.now, tx.actor.person_id) for view in kept], following)


@api("GET", "/api/behavior-logs/{log_id:uuid}", needs=P.LOGS_READ_OWN, summary="One log", tag=TAG)
def get_log(request: Req, log_id: UUID) -> OneLogOut:
    """An own log; anybody's with the right to see them."""
    with read(request) as tx:
        found = queries.log(tx, log_id)
        if found.person_id != tx.actor.person_id and not tx.actor.may(P.LOGS_READ):
            raise Problem("not_found", "There is no such log.")
        return OneLogOut(log=log_out(found, tx.now, tx.actor.person_id))


@api(
    "POST",
    "/api/behavior-logs/{log_id:uuid}/undo",
    needs=P.LOGS_CREATE,
    summary="Undo an own log",
    tag=TAG,
    errors=["log_not_undoable"],
    status=200,
)
def undo_log(request: Req, log_id: UUID) -> OneLogOut:
    """Within five minutes and while nobody decided about it. The log stays in the book as undone."""
    with write(request) as tx:
        return one_log(tx, actions.undo(tx, log_id))


@api(
    "POST",
    "/api/behavior-logs/{log_id:uuid}/answer",
    needs=P.LOGS_READ_OWN,
    summary="Answer a rejection",
    tag=TAG,
    errors=["log_not_answerable"],
    status=200,
)
def answer_log(request: Req, log_id: UUID, data: AnswerIn) -> OneLogOut:
    """Once, for an own rejected log. The manager sees it beside the log."""
    with write(request) as tx:
        return one_log(tx, actions.answer(tx, log_id, data.text))


def _place_after(cursor: str | None) -> tuple[date, UUID] | None:
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    log_id = parse_id(values[1])
    try:
        day = date.fromisoformat(values[0])
    except ValueError:
        log_id = None
    if log_id is None:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
    return day, log_id
