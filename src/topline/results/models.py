"""Tables: what the house earned and how it did, per location and business date; benchmarks; imports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Minor, Tenant


class DailyEntry(Tenant, Base):
    """The results of one location on one business date. Unknown figures stay null; nothing is invented."""

    __tablename__ = "daily_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        UniqueConstraint("organization_id", "location_id", "business_date"),
        CheckConstraint("status IN ('open', 'closed', 'adjusted')", name="known_status"),
        CheckConstraint("revenue_minor IS NULL OR revenue_minor >= 0", name="revenue_not_negative"),
        CheckConstraint("covers IS NULL OR covers >= 0", name="covers_not_negative"),
        CheckConstraint("rooms_sold IS NULL OR rooms_sold >= 0", name="rooms_sold_not_negative"),
        CheckConstraint(
            "rooms_available IS NULL OR rooms_available >= 0", name="rooms_available_not_negative"
        ),
        CheckConstraint("guests IS NULL OR guests >= 0", name="guests_not_negative"),
        CheckConstraint("arrivals IS NULL OR arrivals >= 0", name="arrivals_not_negative"),
        CheckConstraint(
            "room_revenue_minor IS NULL OR room_revenue_minor >= 0", name="room_revenue_not_negative"
        ),
        Index("ix_daily_entries_date", "organization_id", "business_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID]
    business_date: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), default="open")
    revenue_minor: Mapped[int | None] = mapped_column(Minor)
    room_revenue_minor: Mapped[int | None] = mapped_column(Minor)
    covers: Mapped[int | None]
    rooms_sold: Mapped[int | None]
    rooms_available: Mapped[int | None]
    guests: Mapped[int | None]
    arrivals: Mapped[int | None]
    notes: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(10), default="manual")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None]


class DailyEntryVersion(Tenant, Base):
    """An entry as it stood after each change: an adjusted day shows what it said before, who changed it and why."""

    __tablename__ = "daily_entry_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "entry_id"], ["daily_entries.organization_id", "daily_entries.id"]
        ),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    by_label: Mapped[str] = mapped_column(String(120))


class PersonResult(Tenant, Base):
    """One person's share of a day: revenue and covers, optional."""

    __tablename__ = "person_results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "entry_id"], ["daily_entries.organization_id", "daily_entries.id"]
        ),
        ForeignKeyConstraint(["organization_id", "person_id"], ["people.organization_id", "people.id"]),
        CheckConstraint("revenue_minor >= 0 AND covers >= 0", name="not_negative"),
        Index("ix_person_results_person", "organization_id", "person_id", "business_date"),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date]
    revenue_minor: Mapped[int] = mapped_column(Minor)
    covers: Mapped[int]


class Benchmark(Tenant, Base):
    """What a year looked like: the ground for targets. `is_estimate` says it was not measured."""

    __tablename__ = "benchmarks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        CheckConstraint("days_open BETWEEN 1 AND 366", name="days_range"),
        CheckConstraint("revenue_minor > 0", name="revenue_positive"),
        CheckConstraint("growth_bp BETWEEN -10000 AND 100000", name="growth_range"),
    )

    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    revenue_minor: Mapped[int] = mapped_column(Minor)
    days_open: Mapped[int]
    growth_bp: Mapped[int] = mapped_column(default=0)
    is_estimate: Mapped[bool] = mapped_column(default=False)


class Import(Tenant, Base):
    """One uploaded file that changed rows: all of it or nothing, and undone as a whole."""

    __tablename__ = "imports"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        CheckConstraint("kind IN ('daily', 'roster')", name="known_kind"),
        CheckConstraint("status IN ('preview', 'done', 'undone')", name="known_status"),
        Index("ix_imports_time", "organization_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    file_name: Mapped[str] = mapped_column(String(120))
    file_key: Mapped[str | None] = mapped_column(String(120))
    location_id: Mapped[UUID | None]
    options: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportChange(Tenant, Base):
    """What an import did to one row, with what stood there before (null: it was not there)."""

    __tablename__ = "import_changes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "import_id"], ["imports.organization_id", "imports.id"]),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
