"""How long a sign-in lasts."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

TABLET_ABSOLUTE: Final = timedelta(hours=8)
BROWSER_SLIDING: Final = timedelta(days=7)
BROWSER_ABSOLUTE: Final = timedelta(days=30)
#: How long a browser stays known to whom it let in (`access/actions/known_devices.py`).
KNOWN_BROWSER_LIFE: Final = timedelta(days=90)
CLOCK_TOLERANCE: Final = timedelta(minutes=2)


class SessionKind(StrEnum):
    """How the person signed in: by PIN on a tablet, or by e-mail and password in a browser."""

    TABLET = "tablet"
    BROWSER = "browser"


def session_expires_at(
    kind: SessionKind, created_at: datetime, last_seen_at: datetime, idle: timedelta | None = None
) -> datetime:
    """When the session ends if nothing more is heard of it.

    `idle` is the longest silence of a tablet session. The tablet itself goes back to its tiles much earlier; give
    None where a person may be tapping on without the server hearing of it.
    """
    if kind is SessionKind.BROWSER:
        return min(last_seen_at + BROWSER_SLIDING, created_at + BROWSER_ABSOLUTE)
    absolute = created_at + TABLET_ABSOLUTE
    return absolute if idle is None else min(last_seen_at + idle, absolute)


def is_session_alive(
    kind: SessionKind,
    created_at: datetime,
    last_seen_at: datetime,
    now: datetime,
    idle: timedelta | None = None,
) -> bool:
    """Whether the session still counts at `now`. Ending one on purpose is recorded apart from this."""
    return now < session_expires_at(kind, created_at, last_seen_at, idle)


def session_covers(created_at: datetime, ended_at: datetime | None, instant: datetime) -> bool:
    """Whether a tablet session was open at an instant a tablet claims, two minutes of clock difference allowed.

    Logs tapped offline arrive after their session has ended; what counts is whether it was open when they were tapped.
    """
    latest = created_at + TABLET_ABSOLUTE
    if ended_at is not None:
        latest = min(latest, ended_at)
    return created_at - CLOCK_TOLERANCE <= instant <= latest + CLOCK_TOLERANCE
