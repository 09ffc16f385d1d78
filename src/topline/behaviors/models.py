"""Tables: the catalog of behaviors, their dated points and targets, and which roles have them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant


class Behavior(Tenant, Base):
    """Something staff do that should move a result."""

    __tablename__ = "behaviors"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("organization_id", "name"),
        CheckConstraint(
            "verification IN ('self_reported', 'manager', 'evidence')", name="known_verification"
        ),
        CheckConstraint("place_label IS NULL OR place_label IN ('room', 'table')", name="known_place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(500), default="")
    category: Mapped[str] = mapped_column(String(20))
    icon: Mapped[str] = mapped_column(String(30))
    verification: Mapped[str] = mapped_column(String(20))
    place_label: Mapped[str | None] = mapped_column(String(10))
    asks_amount: Mapped[bool] = mapped_column(default=False)
    asks_covers: Mapped[bool] = mapped_column(default=False)
    asks_outcome: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class BehaviorTerm(Tenant, Base):
    """Points and target from a date on. Changing them starts a new term, so last month's points stay as they were."""

    __tablename__ = "behavior_terms"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "behavior_id"], ["behaviors.organization_id", "behaviors.id"]
        ),
        CheckConstraint("points BETWEEN 1 AND 100", name="points_range"),
        CheckConstraint("target BETWEEN 0 AND 500", name="target_range"),
        CheckConstraint(
            "frequency IN ('PER_SHIFT', 'PER_DAY', 'PER_WEEK', 'PER_MONTH')", name="known_frequency"
        ),
    )

    behavior_id: Mapped[UUID] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[int]
    target: Mapped[int]
    frequency: Mapped[str] = mapped_column(String(10))


class BehaviorRole(Tenant, Base):
    """A role that has the behavior on its tablet."""

    __tablename__ = "behavior_roles"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "behavior_id"], ["behaviors.organization_id", "behaviors.id"]
        ),
        ForeignKeyConstraint(["organization_id", "role_id"], ["roles.organization_id", "roles.id"]),
        Index("ix_behavior_roles_role", "organization_id", "role_id"),
    )

    behavior_id: Mapped[UUID] = mapped_column(primary_key=True)
    role_id: Mapped[UUID] = mapped_column(primary_key=True)
