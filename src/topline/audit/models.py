"""Tables: the append-only record of who did what, and the chain that shows whether anybody touched it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant

#: SQLite has one kind of integer.
Number = BigInteger().with_variant(Integer(), "sqlite")


class AuditEvent(Tenant, Base):
    """One act. `before` and `after` hold changed fields only, never a PIN, token or password.

    The database refuses to change or delete a row, except to blank `actor_label` with `address`, or `before` with
    `after`: personal data that was erased.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        Index("ix_audit_events_time", "organization_id", "at", "id"),
        Index("ix_audit_events_subject", "organization_id", "subject_type", "subject_id"),
        Index("ix_audit_events_about", "organization_id", "subject_id", "at", "id"),
        Index("ix_audit_events_actor", "organization_id", "actor_id", "at", "id"),
        Index("ix_audit_events_act", "organization_id", "act", "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str] = mapped_column(String(120))
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")


class AuditSeal(Tenant, Base):
    """The place of one event in its organization's chain, written in the event's own transaction.

    `hash` covers the seal before it, the event's plain fields and the two digests. A digest covers personal fields
    together with a random salt; once the salt is gone, nobody can find out by trying what the fields were.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("organization_id", "event_id"),
    )

    seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    previous: Mapped[str] = mapped_column(String(64))
    who_digest: Mapped[str] = mapped_column(String(64))
    what_digest: Mapped[str] = mapped_column(String(64))
    who_salt: Mapped[str | None] = mapped_column(String(32))
    what_salt: Mapped[str | None] = mapped_column(String(32))
    hash: Mapped[str] = mapped_column(String(64))


class AuditChain(Tenant, Base):
    """The head of an organization's chain. Whoever adds to the chain holds this row, so it cannot fork.

    `swept_at` is when events without a seal were last looked for, None before the first time.
    """

    __tablename__ = "audit_chains"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organizations.id"]),)

    seq: Mapped[int] = mapped_column(Number)
    hash: Mapped[str] = mapped_column(String(64))
    swept_at: Mapped[datetime | None]
