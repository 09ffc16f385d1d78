"""Tables: the tenant, its locations and departments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant


class Organization(Base):
    """One hotel company. `settings` is the JSON of `organizations.settings.OrganizationSettings`."""

    __tablename__ = "organizations"
    __table_args__ = (CheckConstraint("length(currency) = 3", name="currency_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Installation(Base):
    """At most one row: whoever inserts it has set this installation up. The database closes the race."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[UUID]
    created_at: Mapped[datetime]


class Location(Tenant, Base):
    """One house. `opening_hours` maps weekday 0–6 to a list of `[opens, closes]`, minutes after local midnight."""

    __tablename__ = "locations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("turning_hour BETWEEN 0 AND 12", name="turning_hour_range"),
        CheckConstraint("rooms_available IS NULL OR rooms_available >= 0", name="rooms_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    zone: Mapped[str] = mapped_column(String(64))
    turning_hour: Mapped[int] = mapped_column(default=4)
    opening_hours: Mapped[dict[str, Any]]
    rooms_available: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Closure(Tenant, Base):
    """A business date on which a location does not open."""

    __tablename__ = "closures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
    )

    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_date: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(100), default="")


class Department(Tenant, Base):
    """A department of a location: front desk, bar, …"""

    __tablename__ = "departments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        UniqueConstraint("organization_id", "location_id", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
