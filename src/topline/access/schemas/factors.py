"""JSON shapes of the second step."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from topline.access.schemas.fields import EXAMPLE_ID, EXAMPLE_TIME, says
from topline.web.schemas import Input, Output

Ticket = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=4000, description="As it was given out", examples=["eyJpZCI6…"]),
]
Code = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=64,
        description="Six digits of the authenticator app, or a recovery code",
        examples=["492039"],
    ),
]


class SecondStepIn(Input):
    """The ticket of the first step, and a code."""

    ticket: Ticket
    code: Code


class NewAuthenticatorOut(Output):
    """A secret for an authenticator app, shown this once."""

    secret: Annotated[str, says("To type into the app", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    address: Annotated[str, says("To show as a QR code", "otpauth://totp/Topline…")]
    ticket: Annotated[str, says("Send it back with a code the app shows", "eyJpZCI6…")]


class AddAuthenticatorIn(Input):
    """The ticket of the offered secret, and a code the app shows."""

    ticket: Ticket
    code: Code


class RecoveryCodesOut(Output):
    """Codes for the day the phone is lost, each good once; shown this once."""

    codes: Annotated[list[str], says("Empty when none were made", ["ABCD-2345-EFGH-6789"])]


class PasskeyOut(Output):
    """A passkey."""

    id: Annotated[UUID, says("Id", EXAMPLE_ID)]
    name: Annotated[str, says("As its owner calls it", "Work laptop")]
    backed_up: Annotated[bool, says("Whether it is kept in an account and works on several devices", True)]
    added_at: Annotated[datetime, says("Since when", EXAMPLE_TIME)]
    last_used_at: Annotated[datetime | None, says("Last used", None)]


class FactorsOut(Output):
    """The caller's second factors."""

    required: Annotated[bool, says("Whether the house requires one of those who manage", False)]
    authenticator_added_at: Annotated[datetime | None, says("Since when; null: none", EXAMPLE_TIME)]
    authenticator_used_at: Annotated[datetime | None, says("Last used", None)]
    passkeys: list[PasskeyOut]
    recovery_codes_left: Annotated[int, says("How many were not used yet", 9)]


class SiteChallengeOut(Output):
    """What the browser's passkey dialog needs, and the ticket to send back with its answer."""

    options: Annotated[
        dict[str, Any], says("For `navigator.credentials`, binary values in base64url", {"challenge": "…"})
    ]
    ticket: Annotated[str, says("Send it back with the answer", "eyJpZCI6…")]


class AddPasskeyIn(Input):
    """A new passkey: the answer of the browser to a challenge."""

    ticket: Ticket
    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=60, description="As you call it", examples=["Work laptop"])
    ]
    credential: Annotated[
        dict[str, Any], says("What `navigator.credentials.create` gave, as JSON", {"id": "…"})
    ]


class PasskeyChallengeIn(Input):
    """For whom a passkey is asked."""

    step: Annotated[
        str | None, says("The ticket of `second_factor_required`; left out: the passkey says who it is", None)
    ] = None


class ConfirmPasskeyIn(Input):
    """The answer of the browser to a challenge."""

    ticket: Ticket
    credential: Annotated[dict[str, Any], says("What `navigator.credentials.get` gave, as JSON", {"id": "…"})]


class ShowPasskeyIn(Input):
    """The answer of the browser to a challenge."""

    ticket: Ticket
    credential: Annotated[dict[str, Any], says("What `navigator.credentials.get` gave, as JSON", {"id": "…"})]
    step: Annotated[str | None, says("The ticket of `second_factor_required`, as the second step", None)] = (
        None
    )


class PasskeyPatch(Input):
    """Another name for a passkey."""

    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=60, description="As you call it", examples=["Work laptop"])
    ]
