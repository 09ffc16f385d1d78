"""JSON shapes of the organization, its locations and departments."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from topline.organizations.settings import OrganizationSettings
from topline.web.schemas import Input, Output

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
