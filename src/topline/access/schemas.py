"""JSON shapes of signing in, devices, keys and locks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from topline.web.schemas import Input, Output


def _says(description: str, *examples: object) -> msgspec.Meta:
    return msgspec.Meta(description=description, examples=list(examples) or None)


_EXAMPLE_ID = "01981f3a-7f7e-7a3c-9f60-0d6b8f0c5a11"
_EXAMPLE_TIME = "2026-03-04T10:00:00Z"

Id = Annotated[UUID, _says("Id", _EXAMPLE_ID)]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class LoginIn(Input):
    """E-mail and password."""

    email: Annotated[
        str, msgspec.Meta(max_length=300, description="E-mail", examples=["owner@hotel.example"])
    ]
    password: Annotated[Secret, _says("Password", "a long phrase of your own")]


class PinIn(Input):
    """The tapped tile and the typed PIN."""

    person_id: Annotated[UUID, _says("The person of the tile", _EXAMPLE_ID)]
    pin: Annotated[
        str, msgspec.Meta(min_length=1, max_length=32, description="4 to 8 digits", examples=["7294"])
    ]


class LogoutIn(Input):
    """How far to sign out."""

    everywhere: Annotated[bool, _says("End the person's sessions on every device", False)] = False


class ChangePinIn(Input):
    """The own PIN, old and new."""

    current_pin: Annotated[str, msgspec.Meta(min_length=1, max_length=32, description="Present PIN")]
    new_pin: Annotated[str, msgspec.Meta(min_length=1, max_length=32, description="4 to 8 digits")]


class ChangePasswordIn(Input):
    """The own password, old and new."""

    current_password: Annotated[Secret, _says("Present password")]
    new_password: Annotated[Secret, _says("8 to 128 characters, not common, not made of the own name")]


class ResetPinIn(Input):
    """A PIN for somebody; left out, Topline makes one."""

    pin: Annotated[str | None, _says("4 to 8 digits; leave out to have one made")] = None


class SetPasswordIn(Input):
    """A password for somebody."""

    password: Annotated[Secret, _says("8 to 128 characters")]


class PersonOut(Output):
    """Who signed in."""

    id: Id
    display_name: Annotated[str, _says("Name as colleagues see it", "Fred")]
    initials: Annotated[str, _says("One or two letters", "FF")]
    color: Annotated[int, _says("Color of the tile, 0 to 5", 2)]
    role_name: Annotated[str, _says("Role", "Front desk agent")]
    department_name: Annotated[str, _says("Department", "Front desk")]


class HouseOut(Output):
    """The organization in short."""

    id: Id
    name: Annotated[str, _says("Name", "House of Examples")]


class LoginOut(Output):
    """A new browser session; its token is in the cookie."""

    session_id: Id
    expires_at: Annotated[datetime, _says("When it ends if it is not used", _EXAMPLE_TIME)]
    person: PersonOut
    organization: HouseOut


class PinOut(Output):
    """A new tablet session; its token is in the cookie."""

    session_id: Annotated[UUID, _says("Name it with every log of a queue", _EXAMPLE_ID)]
    expires_at: Annotated[datetime, _says("When it ends at the latest", _EXAMPLE_TIME)]
    person: PersonOut
    must_change_pin: Annotated[
        bool, _says("A manager gave this PIN; the person should choose another", False)
    ]


class SessionOut(Output):
    """One session of the caller."""

    id: Id
    kind: Annotated[str, _says("`tablet` or `browser`", "browser")]
    device_name: Annotated[str | None, _says("The tablet", None)]
    created_at: Annotated[datetime, _says("Since when", _EXAMPLE_TIME)]
    last_seen_at: Annotated[datetime, _says("Last used, to within some minutes", _EXAMPLE_TIME)]
    expires_at: Annotated[datetime, _says("When it ends if it is not used", _EXAMPLE_TIME)]
    is_this: Annotated[bool, _says("Whether it is the one asking", True)]


class SessionList(Output):
    """The caller's open sessions, at most 100."""

    items: list[SessionOut]
    next_cursor: str | None = None


class MeOut(Output):
    """Who is calling and what they may do."""

    person: PersonOut
    organization: HouseOut
    group: Annotated[str, _says("`admin`, `manager` or `staff`", "manager")]
    permissions: Annotated[list[str], _says("What this credential may do", ["logs:read", "logs:verify"])]
    session: Annotated[SessionOut | None, _says("The session; null for an API key")]
    is_api_key: Annotated[bool, _says("Whether an API key was shown", False)]


class NewPinOut(Output):
    """A PIN that was just given. It is shown this once."""

    pin: Annotated[str, _says("Tell it to the person; it is stored nowhere", "7294")]


class DeviceOut(Output):
    """A tablet or a wall display."""

    id: Id
    name: Annotated[str, _says("Name", "Bar tablet")]
    kind: Annotated[str, _says("`tablet` or `display`", "tablet")]
    location_id: Id
    location_name: Annotated[str, _says("House it stands in", "Main house")]
    department_id: Annotated[UUID | None, _says("Department it shows first", None)]
    created_at: Annotated[datetime, _says("Enrolled or made", _EXAMPLE_TIME)]
    last_seen_at: Annotated[datetime | None, _says("Last heard of, to within some minutes", _EXAMPLE_TIME)]


class CodeIn(Input):
    """Where the tablet will stand."""

    location_id: Annotated[UUID | None, _says("House; left out, the first one")] = None
    department_id: Annotated[UUID | None, _says("Department to show first")] = None


class CodeOut(Output):
    """A single-use code. It is shown this once."""

    id: Id
    code: Annotated[str, _says("Type it into the tablet", "ABCD-2345")]
    expires_at: Annotated[datetime, _says("Ten minutes from now", _EXAMPLE_TIME)]
    location_name: Annotated[str, _says("House", "Main house")]


class EnrollIn(Input):
    """A manager's code, and what the tablet is called."""

    code: Annotated[
        str, msgspec.Meta(max_length=64, description="As shown or without dash", examples=["ABCD-2345"])
    ]
    name: Annotated[Name, _says("What people call this tablet", "Bar tablet")]


class EnrolledOut(Output):
    """The tablet this browser now is; its token is in the cookie."""

    device: DeviceOut


class RenameIn(Input):
    """A new name."""

    name: Annotated[Name, _says("Name", "Terrace tablet")]


class DisplayIn(Input):
    """A new wall display."""

    name: Annotated[Name, _says("Where it hangs", "Staff canteen")]
    location_id: Annotated[UUID | None, _says("House; left out, the first one")] = None


class DisplayOut(Output):
    """A display with its link. The link is shown this once."""

    device: DeviceOut
    url: Annotated[str, _says("Open it in the TV's browser", "https://topline.example/wall/tl_display_…")]


class TabletDevice(Output):
    """This tablet."""

    id: Id
    name: Annotated[str, _says("Name", "Bar tablet")]
    location_id: Id
    location_name: Annotated[str, _says("House", "Main house")]
    department_id: Annotated[UUID | None, _says("Department to show first", None)]


class TabletHouse(Output):
    """What the tablet must know to show money and days."""

    name: Annotated[str, _says("Name", "House of Examples")]
    currency: Annotated[str, _says("ISO 4217", "EUR")]
    currency_digits: Annotated[int, _says("Digits of the minor unit", 2)]
    locale: Annotated[str, _says("Language", "en")]
    zone: Annotated[str, _says("IANA time zone", "Europe/Lisbon")]
    turning_hour: Annotated[int, _says("Local hour at which the business day turns", 4)]
    idle_seconds: Annotated[int, _says("Seconds without a touch before the tiles return", 30)]


class TabletDepartment(Output):
    """A department to filter by."""

    id: Id
    name: Annotated[str, _says("Name", "Bar")]


class TileOut(Output):
    """One tile."""

    id: Id
    display_name: Annotated[str, _says("Name", "Bella")]
    initials: Annotated[str, _says("One or two letters", "BB")]
    color: Annotated[int, _says("0 to 5", 1)]
    department_id: Id
    role_name: Annotated[str, _says("Role", "Bartender")]
    last_used_at: Annotated[datetime | None, _says("Last sign-in on this tablet", _EXAMPLE_TIME)]


class TabletState(Output):
    """Everything the tiles show."""

    device: TabletDevice
    organization: TabletHouse
    departments: list[TabletDepartment]
    people: Annotated[list[TileOut], _says("Last used on this tablet first")]
    server_time: Annotated[datetime, _says("The server's clock", _EXAMPLE_TIME)]


class KeyIn(Input):
    """A new API key."""

    name: Annotated[Name, _says("What it is for", "Nightly export")]
    permissions: Annotated[
        list[str] | None, _says("Narrow it to these; left out, all of yours", ["results:read"])
    ] = None
    expires_at: Annotated[datetime | None, _says("When it ends; left out, when you revoke it")] = None


class KeyOut(Output):
    """An API key, without its token."""

    id: Id
    name: Annotated[str, _says("What it is for", "Nightly export")]
    prefix: Annotated[str, _says("How its token begins", "tl_key_Ab3dEf…")]
    permissions: Annotated[list[str] | None, _says("Null: all of its maker's", ["results:read"])]
    created_at: Annotated[datetime, _says("Made", _EXAMPLE_TIME)]
    expires_at: Annotated[datetime | None, _says("Ends", None)]
    last_used_at: Annotated[datetime | None, _says("Last used, to within some minutes", None)]


class KeyList(Output):
    """The caller's keys; nobody has more than 20."""

    items: list[KeyOut]
    next_cursor: str | None = None


class NewKeyOut(Output):
    """A key with its token, which is shown this once."""

    key: KeyOut
    token: Annotated[str, _says("Send it as `Authorization: Bearer …`", "tl_key_…")]


class LockOut(Output):
    """Something that keeps somebody out right now."""

    kind: Annotated[str, _says("`pin`, `pin_disabled`, `password`, `device` or `organization`", "pin")]
    subject_id: Annotated[UUID, _says("The person, device or organization", _EXAMPLE_ID)]
    label: Annotated[str, _says("Its name", "Fred")]
    device_name: Annotated[str | None, _says("The tablet a PIN is paused on", "Bar tablet")]
    until: Annotated[
        datetime | None, _says("When it ends by itself; null: a manager must act", _EXAMPLE_TIME)
    ]


class LockList(Output):
    """The locks of the house."""

    items: list[LockOut]
    next_cursor: str | None = None
