"""How many wrong tries a tablet, an address, an account and a whole house have, and how long they wait after them.

Counted in the database and by the program's clock, because a limit that lasts a day must survive a restart and the
loss of the shared store. Only tries that were really compared count; successes never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Final
from uuid import UUID

from topline.access.rules import pause_of
from topline.core.policies import Policy, Window, parse_policy

#: Failures older than this count for nobody; the longest window of any policy.
MEMORY: Final = timedelta(days=1)
ACCOUNT_PAUSE_FROM: Final = 5
#: The house is under attack when so many PINs were wrong in a quarter of an hour.
ALARM_AT: Final = 60
ALARM_WINDOW: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """The policies of the three shared buckets."""

    address: Policy
    device: Policy
    organization: Policy


def policy_of(text: str) -> Policy:
    """`"30/15minute;100/day"` as windows, none longer than failures are remembered."""
    return tuple(Window(window.amount, min(window.length, MEMORY)) for window in parse_policy(text))


def wait_left(failures: Sequence[datetime], policy: Policy, now: datetime) -> int:
    """Whole seconds until one more try is within every window; 0 when it is now."""
    longest = timedelta(0)
    for window in policy:
        recent = sorted(at for at in failures if at > now - window.length)
        if len(recent) >= window.amount:
            longest = max(longest, recent[len(recent) - window.amount] + window.length - now)
    return ceil(longest.total_seconds())


def account_wait_left(failures: Sequence[datetime], now: datetime) -> int:
    """Whole seconds an account waits after wrong passwords in a row: from the fifth on 15 minutes, then doubling."""
    if len(failures) < ACCOUNT_PAUSE_FROM:
        return 0
    return max(0, ceil((max(failures) + pause_of(len(failures)) - now).total_seconds()))


def is_alarming(failures: Sequence[datetime], policy: Policy, now: datetime) -> bool:
    """Whether the newest failure is the one that filled a window or crossed the alarm's threshold."""
    recent = sum(at > now - ALARM_WINDOW for at in failures)
    return recent == ALARM_AT or any(
        sum(at > now - window.length for at in failures) == window.amount for window in policy
    )


def device_bucket(device_id: UUID) -> str:
    """Failures on one enrolled tablet."""
    return f"device:{device_id}"


def organization_bucket(organization_id: UUID) -> str:
    """Wrong PINs in the whole house."""
    return f"organization:{organization_id}"


def address_bucket(address: str) -> str:
    """Failures from one address that shows no enrolled tablet."""
    return f"address:{address}"


def account_bucket(email: str) -> str:
    """Wrong passwords in a row for one e-mail address, whether anybody has it or not: locks betray no account."""
    return f"account:{sha256(email.encode()).hexdigest()[:40]}"
