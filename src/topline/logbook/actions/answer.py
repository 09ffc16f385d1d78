"""Answer a rejection, once."""

from uuid import UUID

from sqlalchemy import update

from topline.core.errors import FieldError, Problem, invalid
from topline.core.permissions import Permission as P
from topline.core.text import TextError, clean_note
from topline.core.transaction import Write
from topline.logbook import queries
from topline.logbook.actions.trail import locked_own, note_event
from topline.logbook.events import LogAnswered
from topline.logbook.models import BehaviorLog
from topline.logbook.queries import LogView
from topline.logbook.rules import ANSWER_LENGTH, REFUSALS, LogStatus, answer_problem


def answer(tx: Write, log_id: UUID, text: str) -> LogView:
    """Say something to the rejection of an own log. The same words again are a retry; raises 409
    `log_not_answerable`."""
    tx.actor.must(P.LOGS_READ_OWN)
    try:
        words = clean_note(text, ANSWER_LENGTH)
    except TextError as error:
        raise invalid("text", error.code, str(error)) from error
    found = locked_own(tx, log_id, tx.actor.person())
    if found.answer == words:
        return found
    code = answer_problem(is_own=True, status=LogStatus(found.status), answered_at=found.answered_at)
    if code is not None:
        raise Problem("log_not_answerable", REFUSALS[code], fields=(FieldError("id", code, REFUSALS[code]),))
    tx.change(
        update(BehaviorLog)
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id == log_id)
        .values(answer=words, answered_at=tx.now)
    )
    # The words stand in the trail too: a second rejection makes room for a second answer.
    note_event(tx, found, "answered", LogStatus(found.status), found.person_id, note=words)
    tx.after_commit(LogAnswered(tx.organization_id, log_id, found.person_id, found.business_date))
    return queries.log(tx, log_id)
