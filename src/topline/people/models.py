"""Tables: roles and people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant


class Role(Tenant, Base):
    """What somebody is: a free name, a group that decides permissions, a type that decides suggested behaviors."""

    __tablename__ = "roles"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("\"group\" IN ('admin', 'manager', 'staff')", name="known_group"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    group: Mapped[str] = mapped_column(String(10))
    type: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)


class Person(Tenant, Base):
    """Somebody who works here. `display_name` is what colleagues see on the tablet and the wall."""

    __tablename__ = "people"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "role_id"], ["roles.organization_id", "roles.id"]),
        ForeignKeyConstraint(
            ["organization_id", "department_id"], ["departments.organization_id", "departments.id"]
        ),
        UniqueConstraint("organization_id", "email"),
        UniqueConstraint("organization_id", "staff_number"),
        CheckConstraint("shifts_per_week BETWEEN 0 AND 14", name="shifts_range"),
        Index("ix_people_email", "email"),
        Index("ix_people_department", "organization_id", "department_id", "active"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    display_name: Mapped[str] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    staff_number: Mapped[str | None] = mapped_column(String(30))
    role_id: Mapped[UUID]
    department_id: Mapped[UUID]
    color: Mapped[int] = mapped_column(default=0)
    shifts_per_week: Mapped[int] = mapped_column(default=5)
    wall_opt_out: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
