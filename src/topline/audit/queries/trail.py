"""Search the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal, select, tuple_

from topline.audit.models import AuditEvent
from topline.core.db import Id, Instant
from topline.core.transaction import Read

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts; None leaves a question open. `since` is included, `until` is not."""

    actor_id: UUID | None = None
    subject_type: str | None = None
    subject_id: UUID | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act as it was recorded."""

    id: UUID
    at: datetime
    act: str
    actor_kind: str
    actor_id: UUID | None
    actor_label: str
    subject_type: str
    subject_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    address: str
    request_id: str


_COLUMNS: Final = tuple(getattr(AuditEvent, name) for name in AuditRow.__dataclass_fields__)


def newest(
    tx: Read, wanted: Wanted | None = None, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[AuditRow]:
    """The newest acts first, `limit + 1` of them so the caller sees whether there are more.

    `after` is the time and id of the last row of the page before.
    """
    wanted = wanted or Wanted()
    query = select(*_COLUMNS).where(AuditEvent.organization_id == tx.organization_id)
    for column, value in (
        (AuditEvent.actor_id, wanted.actor_id),
        (AuditEvent.subject_type, wanted.subject_type),
        (AuditEvent.subject_id, wanted.subject_id),
        (AuditEvent.act, wanted.act),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.at < wanted.until)
    if after is not None:
        place = tuple_(literal(after[0], Instant()), literal(after[1], Id))
        query = query.where(tuple_(AuditEvent.at, AuditEvent.id) < place)
    rows = tx.execute(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(min(limit, MOST) + 1))
    return [AuditRow(*row) for row in rows]
