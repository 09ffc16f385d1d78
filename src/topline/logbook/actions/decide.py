"""Give many logs a new status at once: what verification builds on. Who may decide what is not decided here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from topline.core.ids import new_id
from topline.core.transaction import Write
from topline.logbook.models import BehaviorLog, LogEvent
from topline.logbook.rules import LogStatus


@dataclass(frozen=True, slots=True)
class LockedLog:
    """A log nobody else can change until this transaction ends."""

    id: UUID
    person_id: UUID
    business_date: date
    status: LogStatus
    verification: str
    has_evidence: bool
    decided_at: datetime | None
    decided_by: UUID | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of logs: the status, the word for it in their trail, and why."""

    status: LogStatus
    act: str
    reason: str | None = None
    note: str | None = None
    batch_id: UUID | None = None


def lock_logs(tx: Write, ids: Collection[UUID]) -> list[LockedLog]:
    """The logs of these ids that the organization has, locked.

    Always in the order of their ids, so that two managers never wait for each other.
    """
    query = (
        select(
            BehaviorLog.id,
            BehaviorLog.person_id,
            BehaviorLog.business_date,
            BehaviorLog.status,
            BehaviorLog.verification,
            BehaviorLog.has_evidence,
            BehaviorLog.decided_at,
            BehaviorLog.decided_by,
        )
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id.in_(list(ids)))
        .order_by(BehaviorLog.id)
        .with_for_update()
    )
    if not ids:
        return []
    return [LockedLog(**{**row._asdict(), "status": LogStatus(row.status)}) for row in tx.execute(query)]


def rule_on(tx: Write, logs: Sequence[LockedLog], ruling: Ruling) -> None:
    """Change the status of locked logs and add to the trail of each: two statements, however many there are.

    Pending again means that nobody has decided. A new rejection can be answered anew.
    """
    if not logs:
        return
    decided = ruling.status is not LogStatus.PENDING
    values = {
        "status": ruling.status.value,
        "decided_at": tx.now if decided else None,
        "decided_by": tx.actor.person_id if decided else None,
        "reject_reason": ruling.reason if decided else None,
        "reject_note": ruling.note if decided else None,
    }
    if ruling.status is LogStatus.REJECTED:
        values |= {"answer": None, "answered_at": None}
    tx.change(
        update(BehaviorLog)
        .where(
            BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id.in_([log.id for log in logs])
        )
        .values(**values)
    )
    tx.change(insert(LogEvent), list(_trail(tx, logs, ruling)))


def _trail(tx: Write, logs: Sequence[LockedLog], ruling: Ruling) -> Iterable[dict[str, object]]:
    for log in logs:
        yield {
            "organization_id": tx.organization_id,
            "id": new_id(),
            "log_id": log.id,
            "at": tx.now,
            "act": ruling.act,
            "actor_id": tx.actor.person_id,
            "actor_label": tx.actor.label,
            "status_before": log.status.value,
            "status_after": ruling.status.value,
            "reason": ruling.reason,
            "note": ruling.note,
            "batch_id": ruling.batch_id,
            "request_id": tx.request_id,
        }
