"""Read the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from topline.audit.models import AuditEvent
from topline.core.transaction import Read


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act as it was recorded."""

    id: UUID
    at: datetime
    act: str
    actor_label: str
    subject_type: str
    subject_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str


def newest(
    tx: Read, *, before_id: UUID | None = None, act: str | None = None, limit: int = 50
) -> list[AuditRow]:
    """The newest acts first, `limit + 1` of them so the caller sees whether there are more.

    `before_id` continues after the last row of the page before.
    """
    query = select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.act,
        AuditEvent.actor_label,
        AuditEvent.subject_type,
        AuditEvent.subject_id,
        AuditEvent.before,
        AuditEvent.after,
        AuditEvent.request_id,
    ).where(AuditEvent.organization_id == tx.organization_id)
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    if act is not None:
        query = query.where(AuditEvent.act == act)
    rows = tx.execute(query.order_by(AuditEvent.id.desc()).limit(min(limit, 100) + 1))
    return [AuditRow(*row) for row in rows]


def acts(tx: Read) -> list[str]:
    """The kinds of acts that were recorded, for the filter."""
    rows = tx.execute(
        select(AuditEvent.act)
        .where(AuditEvent.organization_id == tx.organization_id)
        .distinct()
        .order_by(AuditEvent.act)
        .limit(200)
    )
    return list(rows.scalars())
