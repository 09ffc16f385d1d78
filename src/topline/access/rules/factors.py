"""The second step of signing in: codes of an authenticator app, recovery codes, who must have one, what stays fresh."""

import re
from datetime import datetime, timedelta
from typing import Final

import pyotp

from topline.access.rules.credentials import ENROLLMENT_ALPHABET
from topline.access.rules.pins import RandomSource
from topline.core.permissions import Group, ranks_at_least

#: How long the second step may take once the password was right.
SECOND_STEP_LIFE: Final = timedelta(minutes=10)
#: How long an authenticator app may take to be set up.
SET_UP_LIFE: Final = timedelta(minutes=30)
STEP_SECONDS: Final = 30
#: Clocks of phones go wrong by some seconds: one step before and one after the present are taken too.
DRIFT_STEPS: Final = 1
RECOVERY_CODES: Final = 10
#: Passkeys of one person.
PASSKEY_LIMIT: Final = 20
_RECOVERY_LENGTH: Final = 16
_RECOVERY_GROUP: Final = 4
_DIGITS: Final = re.compile(r"[0-9]{6}")


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The half minute a six-digit code belongs to; None for a wrong code and for one that was used already.

    `last_step` is the newest one that was taken: no code of it or of an earlier one counts again, so who looks over
    a shoulder comes too late.
    """
    if _DIGITS.fullmatch(code) is None:
        return None
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        # Every step is compared, so that the time it takes tells nothing.
        right = pyotp.utils.strings_equal(totp.generate_otp(step), code)
        if right and step > last_step and found is None:
            found = step
    return found


def authenticator_address(secret: str, account: str, house: str) -> str:
    """What the QR code says: `otpauth://totp/…`, named so that people with two hotels can tell them apart."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=account, issuer_name=f"Topline {house}"
    )


def plain_code(typed: str) -> str:
    """A typed code in capitals, without the blanks and dashes that are only there for the eye."""
    return re.sub(r"[\s\-–—_.]", "", typed[:64]).upper()


def is_authenticator_code(code: str) -> bool:
    """Whether a plain code is one an app shows, as opposed to a recovery code."""
    return _DIGITS.fullmatch(code) is not None


def generate_recovery_code(source: RandomSource) -> str:
    """Sixteen random characters, 78 bits: too many to be tried against a stolen hash."""
    letters = len(ENROLLMENT_ALPHABET)
    return "".join(ENROLLMENT_ALPHABET[source.randbelow(letters)] for _ in range(_RECOVERY_LENGTH))


def format_recovery_code(code: str) -> str:
    """As it is shown, in four groups: `ABCD-2345-EFGH-6789`."""
    starts = range(0, _RECOVERY_LENGTH, _RECOVERY_GROUP)
    return "-".join(code[start : start + _RECOVERY_GROUP] for start in starts)


def must_have_factor(group: Group, required: bool) -> bool:
    """Whether a house that requires a second step requires it of this group: of everybody who may manage."""
    return required and ranks_at_least(group, Group.MANAGER)


def is_copied(before: int, now: int) -> bool:
    """Whether a passkey's counter did not move on, which means that two of it exist. Many have none: always 0."""
    return (before, now) != (0, 0) and now <= before
