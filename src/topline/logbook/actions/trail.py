"""What every act on an existing log shares: find it locked and own, and note what happened to it."""

from uuid import UUID

from sqlalchemy import insert, select

from topline.core.errors import Problem, not_found
from topline.core.ids import new_id
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook import queries
from topline.logbook.models import BehaviorLog, LogEvent
from topline.logbook.queries import LogView
from topline.logbook.rules import REFUSALS, LogStatus


def locked(tx: Write, log_id: UUID) -> LogView:
    """A log nobody else can change until this transaction ends. Raises 404 for a foreign or unknown id."""
    tx.execute(
        select(BehaviorLog.id)
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id == log_id)
        .with_for_update()
    )
    return queries.log(tx, log_id)


def locked_own(tx: Write, log_id: UUID, person_id: UUID) -> LogView:
    """The same for the person's own log. A colleague's is 404, or 403 for who may see it."""
    found = locked(tx, log_id)
    if found.person_id != person_id:
        if not tx.actor.may(P.LOGS_READ):
            raise not_found("log")
        raise Problem("forbidden", REFUSALS["not_own"])
    return found


def note_event(
    tx: Write, log: LogView, act: str, status: LogStatus, person_id: UUID, note: str | None = None
) -> None:
    """Add to the log's trail what a person did. `status` is how it stands after the act.

    The label is the caller's: a queue sent by a tablet after its person left carries the tablet's name.
    """
    tx.change(
        insert(LogEvent).values(
            organization_id=tx.organization_id,
            id=new_id(),
            log_id=log.id,
            at=tx.now,
            act=act,
            actor_id=person_id,
            actor_label=tx.actor.label,
            status_before=log.status,
            status_after=status.value,
            note=note,
            request_id=tx.request_id,
        )
    )
