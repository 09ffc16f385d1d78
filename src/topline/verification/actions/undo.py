"""Take a bulk decision back, within ten minutes."""

from uuid import UUID

from sqlalchemy import update

from topline.audit import actions as audit
from topline.core.errors import FieldError, Problem, not_found
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook.actions import lock_logs
from topline.logbook.rules import LogStatus
from topline.verification import queries
from topline.verification.actions.bulk import BulkResult
from topline.verification.actions.deciding import Decision, carry_out
from topline.verification.models import DecisionBatch
from topline.verification.rules import Act, Decided, Skipped, batch_undo_problem, partition_undo

_MESSAGES = {
    "batch_undone": "This decision was taken back already.",
    "batch_undo_too_late": "A decision about many logs can be taken back for ten minutes. Reopen them one by one.",
}


def undo_batch(tx: Write, batch_id: UUID) -> BulkResult:
    """Those logs wait again that stand as the batch left them; the others, and the caller's own, are itemised.

    Raises 404 and 409 `batch_not_undoable`.
    """
    tx.actor.must(P.LOGS_VERIFY)
    batch = queries.find_batch(tx, batch_id, locked=True)
    if batch is None:
        raise not_found("batch")
    code = batch_undo_problem(batch.created_at, batch.undone_at, tx.now)
    if code is not None:
        field = FieldError("batch_id", code, _MESSAGES[code])
        raise Problem("batch_not_undoable", _MESSAGES[code], fields=(field,))
    ids = queries.batch_log_ids(tx, batch_id)
    logs = {log.id: log for log in lock_logs(tx, ids)}
    last = queries.last_batches(tx, ids)
    own = [Skipped(log.id, "own_log") for log in logs.values() if log.person_id == tx.actor.person_id]
    made = LogStatus(batch.decision)
    parts = partition_undo(
        (
            Decided(log.id, log.status, made, last.get(log.id))
            for log in logs.values()
            if log.person_id != tx.actor.person_id
        ),
        batch_id,
    )
    carry_out(tx, [logs[log_id] for log_id in parts.to_change], Decision(Act.REOPEN), batch_id=batch_id)
    tx.change(
        update(DecisionBatch)
        .where(DecisionBatch.organization_id == tx.organization_id, DecisionBatch.id == batch_id)
        .values(undone_at=tx.now)
    )
    skipped = (*parts.skipped, *own)
    audit.record(
        tx,
        "logs.decision_undone",
        "decision_batch",
        batch_id,
        before={"decision": batch.decision, "changed": batch.changed},
        after={"reopened": len(parts.to_change), "skipped": len(skipped)},
    )
    return BulkResult(batch_id, len(parts.to_change), skipped, 0)
