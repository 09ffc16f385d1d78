"""Tables: behavior logs, what happened to each, and the photos that prove them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Minor, Tenant

STATUSES = "('pending', 'verified', 'rejected', 'undone', 'expired')"
#: Conditions of partial indexes: a statement uses the index only if it says the same with the same constants.
WAITING = text("status = 'pending' AND verification <> 'self_reported'")
DECIDED = text("decided_at IS NOT NULL")


class BehaviorLog(Tenant, Base):
    """One thing somebody did. The tablet makes the id: the same id twice is the same log.

    `points` are the behavior's points on that business date, before the status decides what they count.
    `occurred_at` is the tablet's claim, `received_at` the server's time.
    """

    __tablename__ = "behavior_logs"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "person_id"], ["people.organization_id", "people.id"]),
        ForeignKeyConstraint(
            ["organization_id", "behavior_id"], ["behaviors.organization_id", "behaviors.id"]
        ),
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        CheckConstraint(f"status IN {STATUSES}", name="known_status"),
        CheckConstraint(
            "outcome IS NULL OR outcome IN ('offered', 'accepted', 'declined')", name="known_outcome"
        ),
        CheckConstraint("amount_minor IS NULL OR amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("covers IS NULL OR covers >= 0", name="covers_not_negative"),
        Index("ix_behavior_logs_person_day", "organization_id", "person_id", "business_date", "behavior_id"),
        # Self-reported logs stay pending for good: an index of every pending log would grow with the years, and the
        # queue of a week would have to be looked for in it.
        Index(
            "ix_behavior_logs_queue",
            "organization_id",
            "business_date",
            "id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index(
            "ix_behavior_logs_decided",
            "organization_id",
            "decided_at",
            "id",
            sqlite_where=DECIDED,
            postgresql_where=DECIDED,
        ),
        Index("ix_behavior_logs_day", "organization_id", "business_date", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    behavior_id: Mapped[UUID]
    location_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    sign_in_id: Mapped[UUID | None]
    business_date: Mapped[date]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10), default="pending")
    verification: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(10))
    place: Mapped[str | None] = mapped_column(String(10))
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    covers: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(500))
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata")
    flags: Mapped[list[str] | None]
    has_evidence: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reject_reason: Mapped[str | None] = mapped_column(String(20))
    reject_note: Mapped[str | None] = mapped_column(String(500))
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime | None]


class LogEvent(Tenant, Base):
    """What happened to a log after it was made: undone, verified, rejected, reopened, answered, evidence added."""

    __tablename__ = "log_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "log_id"], ["behavior_logs.organization_id", "behavior_logs.id"]
        ),
        Index("ix_log_events_log", "organization_id", "log_id"),
        Index("ix_log_events_batch", "organization_id", "batch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    log_id: Mapped[UUID]
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str] = mapped_column(String(120))
    status_before: Mapped[str] = mapped_column(String(10))
    status_after: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(500))
    batch_id: Mapped[UUID | None]
    request_id: Mapped[str] = mapped_column(String(40), default="")


class Evidence(Tenant, Base):
    """A photo behind a log, re-encoded, kept as a file outside the database."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "log_id"], ["behavior_logs.organization_id", "behavior_logs.id"]
        ),
    )

    log_id: Mapped[UUID] = mapped_column(primary_key=True)
    file_key: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
