"""Rules of getting in: PINs, passwords, pauses after wrong tries, codes, sessions, keys and who may grant what.

Everything here is pure: `now` and sources of randomness are arguments.
"""

from topline.access.rules.credentials import (
    API_KEY_LIMIT,
    ENROLLMENT_CODE_LIFE,
    CredentialKind,
    format_enrollment_code,
    generate_enrollment_code,
    generate_token,
    is_enrollment_code_alive,
    normalise_enrollment_code,
    token_hint,
    token_kind,
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
    "PASSWORD_MESSAGES",
    "PIN_MESSAGES",
    "TABLET_ABSOLUTE",
    "CredentialKind",
    "PinFailures",
    "RandomSource",
    "SessionKind",
    "after_failure",
    "after_success",
    "format_enrollment_code",
    "generate_enrollment_code",
    "generate_pin",
    "generate_token",
    "is_disabled_over_devices",
    "is_enrollment_code_alive",
    "is_pin",
    "is_session_alive",
    "normalise_enrollment_code",
    "password_problems",
    "pause_left",
    "pause_of",
    "pin_problems",
    "session_covers",
    "session_expires_at",
    "token_hint",
    "token_kind",
]
