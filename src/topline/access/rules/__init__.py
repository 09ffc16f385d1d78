"""Rules of getting in: PINs, passwords, pauses after wrong tries, codes, sessions, keys and who may grant what.

Everything here is pure: `now` and sources of randomness are arguments.
"""

from topline.access.rules.agents import browser_name
from topline.access.rules.credentials import (
    API_KEY_LIMIT,
    ENROLLMENT_CODE_LIFE,
    PASSWORD_LINK_LIFE,
    CredentialKind,
    format_enrollment_code,
    generate_enrollment_code,
    generate_token,
    is_enrollment_code_alive,
    normalise_enrollment_code,
    token_hint,
    token_kind,
)
from topline.access.rules.factors import (
    RECOVERY_CODES,
    SECOND_STEP_LIFE,
    SET_UP_LIFE,
    authenticator_address,
    format_recovery_code,
    generate_recovery_code,
    is_authenticator_code,
    matching_step,
    must_have_factor,
    plain_code,
)
from topline.access.rules.failures import (
    DISABLED_AT,
    NO_FAILURES,
    PinFailures,
    after_failure,
    after_success,
    is_disabled_over_devices,
    pause_left,
    pause_of,
)
from topline.access.rules.passwords import PASSWORD_MESSAGES, password_problems
from topline.access.rules.pins import PIN_MESSAGES, RandomSource, generate_pin, is_pin, pin_problems
from topline.access.rules.sessions import (
    BROWSER_ABSOLUTE,
    BROWSER_SLIDING,
    TABLET_ABSOLUTE,
    SessionKind,
    is_session_alive,
    session_covers,
    session_expires_at,
)

__all__ = [
    "API_KEY_LIMIT",
    "BROWSER_ABSOLUTE",
    "BROWSER_SLIDING",
    "DISABLED_AT",
    "ENROLLMENT_CODE_LIFE",
    "NO_FAILURES",
    "PASSWORD_LINK_LIFE",
    "PASSWORD_MESSAGES",
    "PIN_MESSAGES",
    "RECOVERY_CODES",
    "SECOND_STEP_LIFE",
    "SET_UP_LIFE",
    "TABLET_ABSOLUTE",
    "CredentialKind",
    "PinFailures",
    "RandomSource",
    "SessionKind",
    "after_failure",
    "after_success",
    "authenticator_address",
    "browser_name",
    "format_enrollment_code",
    "format_recovery_code",
    "generate_enrollment_code",
    "generate_pin",
    "generate_recovery_code",
    "generate_token",
    "is_authenticator_code",
    "is_disabled_over_devices",
    "is_enrollment_code_alive",
    "is_pin",
    "is_session_alive",
    "matching_step",
    "must_have_factor",
    "normalise_enrollment_code",
    "password_problems",
    "pause_left",
    "pause_of",
    "pin_problems",
    "plain_code",
    "session_covers",
    "session_expires_at",
    "token_hint",
    "token_kind",
]
