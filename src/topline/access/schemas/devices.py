"""JSON shapes of tablets, displays and what a tablet shows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from topline.access.schemas.fields import EXAMPLE_TIME, Id, Name, says
from topline.web.schemas import Input, Output


class DeviceOut(Output):
    """A tablet or a wall display."""

    id: Id
    name: Annotated[str, says("Name", "Bar tablet")]
    kind: Annotated[str, says("`tablet` or `display`", "tablet")]
    location_id: Id
    location_name: Annotated[str, says("House it stands in", "Main house")]
    department_id: Annotated[UUID | None, says("Department it shows first", None)]
    created_at: Annotated[datetime, says("Enrolled or made", EXAMPLE_TIME)]
    last_seen_at: Annotated[datetime | None, says("Last heard of, to within some minutes", EXAMPLE_TIME)]


class CodeIn(Input):
    """Where the tablet will stand."""

    location_id: Annotated[UUID | None, says("House; left out, the first one")] = None
    department_id: Annotated[UUID | None, says("Department to show first")] = None


class CodeOut(Output):
    """A single-use code. It is shown this once."""

    id: Id
    code: Annotated[str, says("Type it into the tablet", "ABCD-2345")]
    expires_at: Annotated[datetime, says("Ten minutes from now", EXAMPLE_TIME)]
    location_name: Annotated[str, says("House", "Main house")]


class EnrollIn(Input):
    """A manager's code, and what the tablet is called."""

    code: Annotated[
        str, msgspec.Meta(max_length=64, description="As shown or without dash", examples=["ABCD-2345"])
    ]
    name: Annotated[Name, says("What people call this tablet", "Bar tablet")]


class EnrolledOut(Output):
    """The tablet this browser now is; its token is in the cookie."""

    device: DeviceOut


class RenameIn(Input):
    """A new name."""

    name: Annotated[Name, says("Name", "Terrace tablet")]


class DisplayIn(Input):
    """A new wall display."""

    name: Annotated[Name, says("Where it hangs", "Staff canteen")]
    location_id: Annotated[UUID | None, says("House; left out, the first one")] = None


class DisplayOut(Output):
    """A display with its link. The link is shown this once."""

    device: DeviceOut
    url: Annotated[str, says("Open it in the TV's browser", "https://topline.example/wall/tl_display_…")]


class TabletDevice(Output):
    """This tablet."""

    id: Id
    name: Annotated[str, says("Name", "Bar tablet")]
    location_id: Id
    location_name: Annotated[str, says("House", "Main house")]
    department_id: Annotated[UUID | None, says("Department to show first", None)]


class TabletHouse(Output):
    """What the tablet must know to show money and days."""

    name: Annotated[str, says("Name", "House of Examples")]
    currency: Annotated[str, says("ISO 4217", "EUR")]
    currency_digits: Annotated[int, says("Digits of the minor unit", 2)]
    locale: Annotated[str, says("Language", "en")]
    zone: Annotated[str, says("IANA time zone", "Europe/Lisbon")]
    turning_hour: Annotated[int, says("Local hour at which the business day turns", 4)]
    idle_seconds: Annotated[int, says("Seconds without a touch before the tiles return", 30)]


class TabletDepartment(Output):
    """A department to filter by."""

    id: Id
    name: Annotated[str, says("Name", "Bar")]


class TileOut(Output):
    """One tile."""

    id: Id
    display_name: Annotated[str, says("Name", "Bella")]
    initials: Annotated[str, says("One or two letters", "BB")]
    color: Annotated[int, says("0 to 5", 1)]
    department_id: Id
    role_name: Annotated[str, says("Role", "Bartender")]
    last_used_at: Annotated[datetime | None, says("Last sign-in on this tablet", EXAMPLE_TIME)]


class TabletState(Output):
    """Everything the tiles show."""

    device: TabletDevice
    organization: TabletHouse
    departments: list[TabletDepartment]
    people: Annotated[list[TileOut], says("Last used on this tablet first")]
    server_time: Annotated[datetime, says("The server's clock", EXAMPLE_TIME)]
