"""JSON shapes of API keys and sign-in locks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from topline.access.schemas.fields import EXAMPLE_ID, EXAMPLE_TIME, Id, Name, says
from topline.web.schemas import Input, Output


class KeyIn(Input):
    """A new API key."""

    name: Annotated[Name, says("What it is for", "Nightly export")]
    permissions: Annotated[
        list[str] | None, says("Narrow it to these; left out, all of yours", ["results:read"])
    ] = None
    expires_at: Annotated[datetime | None, says("When it ends; left out, when you revoke it")] = None


class KeyOut(Output):
    """An API key, without its token."""

    id: Id
    name: Annotated[str, says("What it is for", "Nightly export")]
    prefix: Annotated[str, says("How its token begins", "tl_key_Ab3dEf…")]
    permissions: Annotated[list[str] | None, says("Null: all of its maker's", ["results:read"])]
    created_at: Annotated[datetime, says("Made", EXAMPLE_TIME)]
    expires_at: Annotated[datetime | None, says("Ends", None)]
    last_used_at: Annotated[datetime | None, says("Last used, to within some minutes", None)]


class KeyList(Output):
    """The caller's keys; nobody has more than 20."""

    items: list[KeyOut]
    next_cursor: str | None = None


class NewKeyOut(Output):
    """A key with its token, which is shown this once."""

    key: KeyOut
    token: Annotated[str, says("Send it as `Authorization: Bearer …`", "tl_key_…")]


class LockOut(Output):
    """Something that keeps somebody out right now."""

    kind: Annotated[
        str,
        says(
            "`pin`, `pin_disabled`, `password`, `device`, `organization` (no tablet takes PINs) or `unknown_devices`"
            " (only known devices get in)",
            "pin",
        ),
    ]
    subject_id: Annotated[UUID, says("The person, device or organization", EXAMPLE_ID)]
    label: Annotated[str, says("Its name", "Fred")]
    device_name: Annotated[str | None, says("The tablet a PIN is paused on", "Bar tablet")]
    until: Annotated[datetime | None, says("When it ends by itself; null: a manager must act", EXAMPLE_TIME)]


class LockList(Output):
    """The locks of the house."""

    items: list[LockOut]
    next_cursor: str | None = None
