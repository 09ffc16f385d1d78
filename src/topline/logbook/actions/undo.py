"""Take an own pending log back. It stays in the book as undone, with its trail, and counts nothing any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from topline.core.errors import FieldError, Problem
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook import queries
from topline.logbook.actions.trail import locked_own, note_event
from topline.logbook.events import LogUndone
from topline.logbook.models import BehaviorLog
from topline.logbook.queries import LogView
from topline.logbook.rules import REFUSALS, LogStatus, undo_problem


def undo(tx: Write, log_id: UUID) -> LogView:
    """Undo the caller's own log. Doing it twice is doing it once. Raises 404, 403 and 409 `log_not_undoable`."""
    tx.actor.must(P.LOGS_CREATE)
    person_id = tx.actor.person()
    found = locked_own(tx, log_id, person_id)
    return undo_for(tx, found, person_id, undone_at=None)


def undo_for(tx: Write, found: LogView, person_id: UUID, *, undone_at: datetime | None) -> LogView:
    """Undo a locked log in the name of `person_id`. `undone_at` is when a tablet says they did."""
    code = undo_problem(
        is_own=found.person_id == person_id,
        status=LogStatus(found.status),
        occurred_at=found.occurred_at,
        received_at=found.received_at,
        undone_at=undone_at,
        now=tx.now,
    )
    if code == "already_undone":
        return found
    if code is not None:
        raise Problem("log_not_undoable", REFUSALS[code], fields=(FieldError("id", code, REFUSALS[code]),))
    tx.change(
        update(BehaviorLog)
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id == found.id)
        .values(status=LogStatus.UNDONE.value)
    )
    note_event(tx, found, "undone", LogStatus.UNDONE, person_id)
    tx.after_commit(
        LogUndone(tx.organization_id, found.id, found.person_id, found.behavior_id, found.business_date)
    )
    return queries.log(tx, found.id)
