"""Tables: day totals, kept up to date after each log and decision and always rebuildable from the logs."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Minor, Tenant


class DayTotal(Tenant, Base):
    """One person's doings of one behavior on one business date, as they count."""

    __tablename__ = "day_totals"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "person_id"], ["people.organization_id", "people.id"]),
        ForeignKeyConstraint(
            ["organization_id", "behavior_id"], ["behaviors.organization_id", "behaviors.id"]
        ),
        Index("ix_day_totals_person", "organization_id", "person_id", "business_date"),
    )

    business_date: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    behavior_id: Mapped[UUID] = mapped_column(primary_key=True)
    standing: Mapped[int]
    verified: Mapped[int]
    accepted: Mapped[int]
    points: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(Minor)
