"""Read tablets, displays, enrolment codes, and the people a tablet shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select

from topline.access.models import Device, EnrollmentCode, SignIn
from topline.core.errors import not_found
from topline.core.sight import Door
from topline.core.text import initials
from topline.core.transaction import Read
from topline.organizations.models import Department, Location
from topline.people.models import Person, Role

#: A tablet shows everybody of its house at once, so that finding oneself needs no server; no house has more.
MOST_TILES: Final = 2000


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A tablet or display with the names of where it stands."""

    id: UUID
    kind: str
    name: str
    location_id: UUID
    location_name: str
    department_id: UUID | None
    department_name: str | None
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class TabletPerson:
    """One tile. `last_used_at` is when the person last signed in on this very tablet."""

    id: UUID
    name: str
    display_name: str
    color: int
    department_id: UUID
    role_name: str
    last_used_at: datetime | None

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class CodeView:
    """An enrolment code that was found by its hash."""

    organization_id: UUID
    id: UUID
    location_id: UUID
    department_id: UUID | None
    created_by: UUID | None
    created_at: datetime
    used_at: datetime | None


def devices(tx: Read, *, after: tuple[str, UUID] | None = None, limit: int = 100) -> list[DeviceView]:
    """Tablets and displays that were not revoked, by name, then by id. `after` is the last pair of the page before."""
    query = _devices(tx)
    if after is not None:
        name, device_id = after
        query = query.where((Device.name > name) | ((Device.name == name) & (Device.id > device_id)))
    return [
        DeviceView(*row) for row in tx.execute(query.order_by(Device.name, Device.id).limit(min(limit, 101)))
    ]


def device(tx: Read, device_id: UUID) -> DeviceView:
    """One device that was not revoked. Raises 404 for a foreign, unknown or revoked one."""
    row = tx.execute(_devices(tx).where(Device.id == device_id)).one_or_none()
    if row is None:
        raise not_found("device")
    return DeviceView(*row)


def house_of_code(tx: Read, code_hash: bytes) -> UUID | None:
    """The organization whose code has this hash; None when nobody's has."""
    with tx.through(Door.CODES):
        return tx.execute(
            select(EnrollmentCode.organization_id).where(EnrollmentCode.code_hash == code_hash)
        ).scalar_one_or_none()


def usable_code(tx: Read, code_hash: bytes) -> CodeView | None:
    """The house's code with this hash, locked; whether it still works is for the rules to say."""
    row = tx.execute(
        select(
            EnrollmentCode.organization_id,
            EnrollmentCode.id,
            EnrollmentCode.location_id,
            EnrollmentCode.department_id,
            EnrollmentCode.created_by,
            EnrollmentCode.created_at,
            EnrollmentCode.used_at,
        )
        .where(EnrollmentCode.organization_id == tx.organization_id, EnrollmentCode.code_hash == code_hash)
        .with_for_update()
    ).one_or_none()
    return None if row is None else CodeView(*row)


def code_use(tx: Read, code_id: UUID) -> tuple[datetime, str | None]:
    """When a code of the caller's house ends, and the name of the tablet it made. Raises 404 for a foreign one."""
    row = tx.execute(
        select(EnrollmentCode.expires_at, Device.name)
        .outerjoin(
            Device,
            and_(
                Device.organization_id == EnrollmentCode.organization_id,
                Device.id == EnrollmentCode.device_id,
            ),
        )
        .where(EnrollmentCode.organization_id == tx.organization_id, EnrollmentCode.id == code_id)
    ).one_or_none()
    if row is None:
        raise not_found("code")
    return row[0], row[1]


def same_tablet(tx: Read, token_hash: bytes) -> UUID | None:
    """The tablet of the caller's house that once had this token, revoked or not."""
    found: UUID | None = tx.execute(
        select(Device.id).where(
            Device.organization_id == tx.organization_id,
            Device.token_hash == token_hash,
            Device.kind == "tablet",
        )
    ).scalar_one_or_none()
    return found


def tablet_people(tx: Read, location_id: UUID, device_id: UUID) -> list[TabletPerson]:
    """Who works at the tablet's house: those who last used this tablet first, then by name."""
    used = (
        select(SignIn.person_id, func.max(SignIn.created_at).label("at"))
        .where(SignIn.organization_id == tx.organization_id, SignIn.device_id == device_id)
        .group_by(SignIn.person_id)
        .subquery()
    )
    rows = tx.execute(
        select(
            Person.id,
            Person.name,
            Person.display_name,
            Person.color,
            Person.department_id,
            Role.name,
            used.c.at,
        )
        .join(Role, and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id))
        .join(
            Department,
            and_(Department.organization_id == Person.organization_id, Department.id == Person.department_id),
        )
        .outerjoin(used, used.c.person_id == Person.id)
        .where(
            Person.organization_id == tx.organization_id,
            Person.active,
            Department.location_id == location_id,
        )
        .order_by(used.c.at.is_(None), used.c.at.desc(), Person.display_name, Person.id)
        .limit(MOST_TILES)
    )
    return [TabletPerson(*row) for row in rows]


def _devices(tx: Read) -> Any:
    return (
        select(
            Device.id,
            Device.kind,
            Device.name,
            Device.location_id,
            Location.name,
            Device.department_id,
            Department.name,
            Device.created_at,
            Device.last_seen_at,
        )
        .join(
            Location,
            and_(Location.organization_id == Device.organization_id, Location.id == Device.location_id),
        )
        .outerjoin(
            Department,
            and_(Department.organization_id == Device.organization_id, Department.id == Device.department_id),
        )
        .where(Device.organization_id == tx.organization_id, Device.revoked_at.is_(None))
    )
