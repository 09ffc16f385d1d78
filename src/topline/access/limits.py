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

from topline.access.rules import Pauses
from topline.core.policies import Policy, Window, parse_policy

#: Failures older than this count for nobody; the longest window of any policy.
MEMORY: Final = timedelta(days=1)
#: Sorts behind `house:`, in whose lock it is written.
SHUT: Final = "shut:"


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """The policies of the shared buckets, and what the tries of one person lead to.

    `organization` counts wrong PINs alone, so that nobody from outside can stop the tablets; `alarm` counts every
    failed sign-in of the house.
    """

    address: Policy
    device: Policy
    organization: Policy
    alarm: Policy
    pauses: Pauses


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


def account_wait_left(failures: Sequence[datetime], pauses: Pauses, now: datetime) -> int:
    """Whole seconds an account waits after wrong passwords in a row."""
    if not failures:
        return 0
    pause = pauses.after_passwords(len(failures))
    return max(0, ceil((max(failures) + pause - now).total_seconds()))


def is_alarming(failures: Sequence[datetime], policy: Policy, now: datetime) -> bool:
    """Whether the newest failure is the one that filled a window."""
    return any(sum(at > now - window.length for at in failures) == window.amount for window in policy)


def shut_until(failures: Sequence[datetime], policy: Policy, now: datetime) -> datetime:
    """Until when a house that just had one failure too many keeps unknown devices out.

    A whole window from now, not only until the oldest failure leaves it: a slow attack would open the door again.
    """
    full = [w.length for w in policy if sum(at > now - w.length for at in failures) >= w.amount]
    return now + max(full, default=timedelta(0))


def device_bucket(device_id: UUID) -> str:
    """Failures on one enrolled tablet."""
    return f"device:{device_id}"


def organization_bucket(organization_id: UUID) -> str:
    """Wrong PINs in the whole house."""
    return f"organization:{organization_id}"


def house_bucket(organization_id: UUID) -> str:
    """Every failed sign-in of the house."""
    return f"house:{organization_id}"


def shut_bucket(organization_id: UUID) -> str:
    """Holds no failures but the moment until which the house is shut to unknown devices."""
    return f"{SHUT}{organization_id}"


def address_bucket(address: str) -> str:
    """Failures from one address that shows no enrolled tablet."""
    return f"address:{address}"


def account_bucket(email: str) -> str:
    """Wrong passwords in a row for one e-mail address, whether anybody has it or not: locks betray no account."""
    return f"account:{_hidden(email)}"


def known_account_bucket(email: str) -> str:
    """The same from devices that are known: whoever guesses from outside does not pause the person at their own."""
    return f"known:{_hidden(email)}"


def _hidden(email: str) -> str:
    return sha256(email.encode()).hexdigest()[:40]
