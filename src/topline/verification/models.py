"""Tables: decisions taken on many logs at once, so that they can be taken back at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant


class DecisionBatch(Tenant, Base):
    """One press of "Verify 120". Its logs are the `log_events` that carry its id.

    What was answered is kept (`left_out` maps a log's id to why it was skipped), and `fingerprint` of what was asked,
    so that the same request sent twice is decided once and answered twice.
    """

    __tablename__ = "decision_batches"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        CheckConstraint("decision IN ('verified', 'rejected')", name="known_decision"),
        Index("ix_decision_batches_time", "organization_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(500))
    changed: Mapped[int]
    skipped: Mapped[int]
    left_out: Mapped[dict[str, Any]]
    remaining: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
