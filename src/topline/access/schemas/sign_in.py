"""JSON shapes of signing in, sessions, PINs and passwords."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from topline.access.schemas.fields import EXAMPLE_ID, EXAMPLE_TIME, Id, Secret, says
from topline.web.schemas import Input, Output


class LoginIn(Input):
    """E-mail and password."""

    email: Annotated[
        str, msgspec.Meta(max_length=300, description="E-mail", examples=["owner@hotel.example"])
    ]
    password: Annotated[Secret, says("Password", "a long phrase of your own")]


class PinIn(Input):
    """The tapped tile and the typed PIN."""

    person_id: Annotated[UUID, says("The person of the tile", EXAMPLE_ID)]
    pin: Annotated[
        str, msgspec.Meta(min_length=1, max_length=32, description="4 to 8 digits", examples=["7294"])
    ]


class LogoutIn(Input):
    """How far to sign out."""

    everywhere: Annotated[bool, says("End the person's sessions on every device", False)] = False


class ChangePinIn(Input):
    """The own PIN, old and new."""

    current_pin: Annotated[str, msgspec.Meta(min_length=1, max_length=32, description="Present PIN")]
    new_pin: Annotated[str, msgspec.Meta(min_length=1, max_length=32, description="4 to 8 digits")]


class ChangePasswordIn(Input):
    """The own password, old and new."""

    current_password: Annotated[Secret, says("Present password")]
    new_password: Annotated[Secret, says("8 to 128 characters, not common, not made of the own name")]


class ConfirmIn(Input):
    """What shows that it is still the caller: one of both."""

    password: Annotated[Secret | None, says("Password", "a long phrase of your own")] = None
    code: Annotated[str | None, says("Six digits of the authenticator app, or a recovery code", None)] = None


class HistoryRowOut(Output):
    """A sign-in, or a try that was refused."""

    at: Annotated[datetime, says("When", EXAMPLE_TIME)]
    opened: Annotated[bool, says("Whether it opened a session", True)]
    method: Annotated[str, says("What was shown; joined by `+`", "password+authenticator")]
    browser: Annotated[str, says("What the browser called itself, in words", "Firefox on Linux")]
    device_name: Annotated[str | None, says("The tablet", None)]
    address: Annotated[str, says("From where; an IPv6 address by its network", "192.0.2.7")]


class HistoryOut(Output):
    """The newest fifty, newest first."""

    items: list[HistoryRowOut]
    next_cursor: str | None = None


class PasswordLinkOut(Output):
    """A link with which its person sets a new password. It is shown this once."""

    url: Annotated[str, says("Hand it over in person", "https://topline.example/password/tl_link_…")]
    expires_at: Annotated[datetime, says("Good until then, and once", EXAMPLE_TIME)]


class ResetPinIn(Input):
    """A PIN for somebody; left out, Topline makes one."""

    pin: Annotated[str | None, says("4 to 8 digits; leave out to have one made")] = None


class SetPasswordIn(Input):
    """A password for somebody."""

    password: Annotated[Secret, says("8 to 128 characters")]


class PersonOut(Output):
    """Who signed in."""

    id: Id
    display_name: Annotated[str, says("Name as colleagues see it", "Fred")]
    initials: Annotated[str, says("One or two letters", "FF")]
    color: Annotated[int, says("Color of the tile, 0 to 5", 2)]
    role_name: Annotated[str, says("Role", "Front desk agent")]
    department_name: Annotated[str, says("Department", "Front desk")]


class HouseOut(Output):
    """The organization in short."""

    id: Id
    name: Annotated[str, says("Name", "House of Examples")]


class LoginOut(Output):
    """A new browser session; its token is in the cookie."""

    session_id: Id
    expires_at: Annotated[datetime, says("When it ends if it is not used", EXAMPLE_TIME)]
    person: PersonOut
    organization: HouseOut


class PinOut(Output):
    """A new tablet session; its token is in the cookie."""

    session_id: Annotated[UUID, says("Name it with every log of a queue", EXAMPLE_ID)]
    expires_at: Annotated[datetime, says("When it ends at the latest", EXAMPLE_TIME)]
    person: PersonOut
    must_change_pin: Annotated[bool, says("A manager gave this PIN; the person should choose another", False)]


class SessionOut(Output):
    """One session of the caller."""

    id: Id
    kind: Annotated[str, says("`tablet` or `browser`", "browser")]
    device_name: Annotated[str | None, says("The tablet", None)]
    created_at: Annotated[datetime, says("Since when", EXAMPLE_TIME)]
    last_seen_at: Annotated[datetime, says("Last used, to within some minutes", EXAMPLE_TIME)]
    expires_at: Annotated[datetime, says("When it ends if it is not used", EXAMPLE_TIME)]
    is_this: Annotated[bool, says("Whether it is the one asking", True)]


class SessionList(Output):
    """The caller's open sessions, at most 100."""

    items: list[SessionOut]
    next_cursor: str | None = None


class MeOut(Output):
    """Who is calling and what they may do."""

    person: PersonOut
    organization: HouseOut
    group: Annotated[str, says("`admin`, `manager` or `staff`", "manager")]
    permissions: Annotated[list[str], says("What this credential may do", ["logs:read", "logs:verify"])]
    session: Annotated[SessionOut | None, says("The session; null for an API key")]
    is_api_key: Annotated[bool, says("Whether an API key was shown", False)]


class NewPinOut(Output):
    """A PIN that was just given. It is shown this once."""

    pin: Annotated[str, says("Tell it to the person; it is stored nowhere", "7294")]
