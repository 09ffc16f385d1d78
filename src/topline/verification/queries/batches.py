"""Decisions that were taken on many logs at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from topline.core.errors import not_found
from topline.core.transaction import Read
from topline.logbook.models import LogEvent
from topline.people.models import Person
from topline.verification.models import DecisionBatch
from topline.verification.rules import BATCH_UNDO_WINDOW, BULK_LIMIT, Skipped

_DECIDING = ("verified", "rejected", "reopened", "expired")


@dataclass(frozen=True, slots=True)
class BatchView:
    """One bulk decision and what came of it."""

    id: UUID
    decision: str
    reason: str | None
    note: str | None
    changed: int
    skipped: tuple[Skipped, ...]
    remaining: int
    created_at: datetime
    created_by_name: str | None
    undone_at: datetime | None
    fingerprint: str

    @property
    def undo_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.created_at + BATCH_UNDO_WINDOW


def batch(tx: Read, batch_id: UUID) -> BatchView:
    """One bulk decision. Raises 404 for a foreign or unknown id."""
    found = find_batch(tx, batch_id)
    if found is None:
        raise not_found("batch")
    return found


def find_batch(tx: Read, batch_id: UUID, *, locked: bool = False) -> BatchView | None:
    """The same with None for an unknown one. `locked`: nobody else changes it until this transaction ends."""
    query: Any = (
        select(
            DecisionBatch.id,
            DecisionBatch.decision,
            DecisionBatch.reason,
            DecisionBatch.note,
            DecisionBatch.changed,
            DecisionBatch.left_out,
            DecisionBatch.remaining,
            DecisionBatch.created_at,
            Person.name,
            DecisionBatch.undone_at,
            DecisionBatch.fingerprint,
        )
        .outerjoin(
            Person,
            and_(
                Person.organization_id == DecisionBatch.organization_id, Person.id == DecisionBatch.created_by
            ),
        )
        .where(DecisionBatch.organization_id == tx.organization_id, DecisionBatch.id == batch_id)
    )
    row = tx.execute(query.with_for_update(of=DecisionBatch) if locked else query).one_or_none()
    if row is None:
        return None
    values = list(row)
    values[5] = tuple(Skipped(UUID(log_id), code) for log_id, code in values[5].items())
    return BatchView(*values)


def batch_log_ids(tx: Read, batch_id: UUID) -> list[UUID]:
    """The logs a batch decided."""
    query = select(LogEvent.log_id).where(
        LogEvent.organization_id == tx.organization_id,
        LogEvent.batch_id == batch_id,
        LogEvent.act.in_(("verified", "rejected")),
    )
    return list(tx.execute(query.limit(BULK_LIMIT)).scalars())


def last_batches(tx: Read, ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The batch of the last decision about each of these logs; None for one that was decided singly."""
    query = (
        select(LogEvent.log_id, LogEvent.batch_id)
        .where(
            LogEvent.organization_id == tx.organization_id,
            LogEvent.log_id.in_(list(ids)),
            LogEvent.act.in_(_DECIDING),
        )
        .order_by(LogEvent.at, LogEvent.id)
    )
    return {row.log_id: row.batch_id for row in tx.execute(query)}
