"""JSON shapes of the organization, and the settings a hotel changes in the app."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from topline.web.schemas import Input, Output


class ScoreboardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the wall and the game state behave. Thresholds are basis points of where the house should be now."""

    winning_bp: Annotated[int, msgspec.Meta(ge=5000, le=15000)] = 9500
    neutral_bp: Annotated[int, msgspec.Meta(ge=3000, le=15000)] = 8500
    show_revenue: bool = True
    names: Annotated[str, msgspec.Meta(pattern="^(names|initials|numbers)$")] = "names"
    leaderboard: Annotated[str, msgspec.Meta(pattern="^(points|verified|average_check)$")] = "points"


class VerificationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much is looked at: `sample_bp` of ordinary logs are put into the sample; flagged ones always are."""

    grace_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = 7
    sample_bp: Annotated[int, msgspec.Meta(ge=0, le=10000)] = 10000
    auto_verify: bool = False
    auto_verify_accuracy_bp: Annotated[int, msgspec.Meta(ge=5000, le=10000)] = 9500


class TabletSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The shared tablet. `idle_seconds` without a touch bring back the tiles."""

    idle_seconds: Annotated[int, msgspec.Meta(ge=10, le=600)] = 30


class OrganizationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a hotel can set; stored as one JSON document with a version."""

    scoreboard: ScoreboardSettings = ScoreboardSettings()
    verification: VerificationSettings = VerificationSettings()
    tablet: TabletSettings = TabletSettings()


Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=100, description="As people call it", examples=["Bar"])
]
Hours = Annotated[
    dict[str, list[str] | None],
    msgspec.Meta(
        description="Opening and closing time per weekday `mon` … `sun`; null or missing: closed that day",
        examples=[{"mon": ["07:00", "23:00"], "sun": None}],
    ),
]


class OrganizationOut(Output):
    """The tenant."""

    id: UUID
    name: Name
    currency: Annotated[str, msgspec.Meta(description="ISO 4217", examples=["EUR"])]
    locale: Annotated[str, msgspec.Meta(description="Language and region", examples=["en"])]
    settings: OrganizationSettings
    version: Annotated[int, msgspec.Meta(description="Send it back with a change", examples=[1])]


class OrganizationPatch(Input):
    """What to change."""

    version: Annotated[int, msgspec.Meta(ge=1, description="The version that was read", examples=[1])]
    name: Name | None = None
    locale: Annotated[str, msgspec.Meta(pattern="^[a-z]{2}(-[A-Z]{2})?$", examples=["en"])] | None = None
    settings: OrganizationSettings | None = None


class LocationIn(Input):
    """A house."""

    name: Name
    zone: Annotated[
        str, msgspec.Meta(max_length=64, description="IANA time zone", examples=["Europe/Lisbon"])
    ]
    opening_hours: Hours
    turning_hour: Annotated[
        int, msgspec.Meta(ge=0, le=12, description="Local hour at which the business day turns", examples=[4])
    ] = 4
    rooms_available: Annotated[int, msgspec.Meta(ge=0, le=20_000, examples=[220])] | None = None


class LocationOut(Output):
    """A house."""

    id: UUID
    name: Name
    zone: Annotated[str, msgspec.Meta(description="IANA time zone", examples=["Europe/Lisbon"])]
    turning_hour: Annotated[
        int, msgspec.Meta(description="Local hour at which the business day turns", examples=[4])
    ]
    opening_hours: Hours
    rooms_available: Annotated[int | None, msgspec.Meta(description="Rooms to sell a night", examples=[220])]
    active: bool


class ClosureIn(Input):
    """Why the house does not open."""

    reason: Annotated[str, msgspec.Meta(max_length=100, examples=["Renovation"])] = ""


class ClosureOut(Output):
    """A day on which the house does not open."""

    business_date: date
    reason: str


class DepartmentIn(Input):
    """A new department."""

    location_id: UUID
    name: Name


class DepartmentPatch(Input):
    """What to change of a department."""

    name: Name | None = None
    position: Annotated[int, msgspec.Meta(ge=0, le=999)] | None = None
    active: bool | None = None


class DepartmentOut(Output):
    """A department."""

    id: UUID
    location_id: UUID
    name: Name
    position: Annotated[int, msgspec.Meta(description="Order in lists", examples=[0])]
    active: bool
