"""What happened to a log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from topline.core.transaction import Read
from topline.logbook.models import LogEvent

_MOST_ENTRIES: Final = 100


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act on a log: undone, verified, rejected, reopened, expired, answered, evidence_added."""

    at: datetime
    act: str
    actor_label: str
    status_before: str
    status_after: str
    reason: str | None
    note: str | None
    batch_id: UUID | None


def history(tx: Read, log_id: UUID) -> list[HistoryEntry]:
    """The acts on a log, oldest first. Empty for one that nobody touched since it came in."""
    query = (
        select(
            LogEvent.at,
            LogEvent.act,
            LogEvent.actor_label,
            LogEvent.status_before,
            LogEvent.status_after,
            LogEvent.reason,
            LogEvent.note,
            LogEvent.batch_id,
        )
        .where(LogEvent.organization_id == tx.organization_id, LogEvent.log_id == log_id)
        .order_by(LogEvent.at, LogEvent.id)
        .limit(_MOST_ENTRIES)
    )
    return [HistoryEntry(*row) for row in tx.execute(query)]
