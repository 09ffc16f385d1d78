"""What the demo hotel consists of. Plain values; instants are aware UTC, money is whole minor units."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from topline.behaviors.catalog import BehaviorTemplate
from topline.organizations.rules import OpeningHours
from topline.people.rules import RoleType

Group = Literal["admin", "manager", "staff"]


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    id: UUID
    name: str
    currency: str
    locale: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DemoLocation:
    id: UUID
    name: str
    zone: str
    turning_hour: int
    rooms_available: int
    opening_hours: OpeningHours


@dataclass(frozen=True, slots=True)
class DemoDepartment:
    id: UUID
    key: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class DemoRole:
    id: UUID
    key: str
    name: str
    group: Group
    type: RoleType
    department_id: UUID


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody invented. `pin` and `password` are in clear for the loader to hash; they are demo data, no secret.

    `password` is set exactly for those with an e-mail address. `color` is 0–5, the ground of the initials.
    """

    id: UUID
    name: str
    display_name: str
    staff_number: str
    role_id: UUID
    department_id: UUID
    color: int
    pin: str
    email: str | None
    password: str | None
    shifts_per_week: int
    wall_opt_out: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DemoBehavior:
    """A behavior of the catalog as this hotel has it, valid from the first business day on."""

    id: UUID
    template: BehaviorTemplate
    position: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class DemoAssignment:
    """A role that has a behavior on its tablet."""

    behavior_id: UUID
    role_id: UUID


@dataclass(frozen=True, slots=True)
class DemoDevice:
    """A tablet of a department, or the wall display (no department). Its token is the loader's to make."""

    id: UUID
    kind: Literal["tablet", "display"]
    name: str
    department_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DemoDay:
    """One real business day, moved to `business_date`; `source_date` is the night it really was.

    The only revenue known is that of the rooms, so `revenue_minor` equals `room_revenue_minor`. Covers are not in
    the data and stay `None`. The day was entered and closed by `entered_by` when it turned.
    """

    id: UUID
    business_date: date
    source_date: date
    arrivals: int
    rooms_sold: int
    rooms_available: int
    guests: int
    special_requests: int
    room_revenue_minor: int
    revenue_minor: int
    covers: None
    entered_at: datetime
    entered_by: UUID


@dataclass(frozen=True, slots=True)
class DemoBenchmark:
    """The year before. There is no real figure for it: an estimate, and `note` says from what."""

    year: int
    revenue_minor: int
    days_open: int
    is_estimate: Literal[True]
    note: str


class DemoLog(NamedTuple):
    """One tap, with everything that happened to it until the demo's `now`. A tuple because there are very many.

    `points` are the behavior's base points. `undone_at` is set exactly for undone logs; `decided_at` and
    `decided_by` exactly for verified and rejected ones. Self-reported logs are never decided and stay pending.
    """

    id: UUID
    person_id: UUID
    behavior_id: UUID
    device_id: UUID
    business_date: date
    occurred_at: datetime
    received_at: datetime
    status: Literal["pending", "verified", "rejected", "undone", "expired"]
    verification: str
    points: int
    outcome: Literal["offered", "accepted", "declined"] | None
    place: str | None
    amount_minor: int | None
    covers: int | None
    note: str | None
    flags: tuple[str, ...]
    has_evidence: bool
    undone_at: datetime | None
    decided_at: datetime | None
    decided_by: UUID | None
    reject_reason: str | None
    reject_note: str | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DemoHotel:
    """The whole house without its logs, which `logs(hotel)` streams because they are many.

    `owner`, `manager` and `staff` are the accounts shown to whoever tries the demo: the owner and one manager with
    e-mail and password, three of the staff with their PINs (front desk, bar, housekeeping).
    """

    seed: int
    today: date
    now: datetime
    organization: DemoOrganization
    location: DemoLocation
    departments: tuple[DemoDepartment, ...]
    roles: tuple[DemoRole, ...]
    people: tuple[DemoPerson, ...]
    behaviors: tuple[DemoBehavior, ...]
    assignments: tuple[DemoAssignment, ...]
    devices: tuple[DemoDevice, ...]
    days: tuple[DemoDay, ...]
    benchmark: DemoBenchmark
    owner: DemoPerson
    manager: DemoPerson
    staff: tuple[DemoPerson, ...]
