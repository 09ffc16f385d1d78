"""Tries to sign in as somebody with an account: counted per account and per address or tablet, before they are judged.

Passwords, codes of the second step and confirmations share the buckets, so that none of them is a way around the
limits of another. A device that is known to the account counts apart, so that whoever guesses from outside does not
pause the person at their own.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from topline.access.actions import failures
from topline.access.actions.doors import Caller, Doors, in_words
from topline.access.actions.known_devices import Way, count_for_house, kept_out
from topline.access.actions.refusals import note_refusal
from topline.access.limits import (
    SignInLimits,
    account_bucket,
    account_wait_left,
    address_bucket,
    device_bucket,
    house_bucket,
    is_alarming,
    known_account_bucket,
    wait_left,
)
from topline.access.queries import Account
from topline.audit.actions import record
from topline.core.errors import Problem
from topline.core.policies import Policy, Window
from topline.core.transaction import Write

log = structlog.get_logger("access")


@dataclass(frozen=True, slots=True)
class Tried:
    """A try that may be judged: it is already written down as a failure, in these buckets. `account` is the one of them
    that counts failures in a row."""

    at: datetime
    buckets: frozenset[str]
    account: str | None
    alarm: bool


def reserve(tx: Write, doors: Doors, caller: Caller, email: str | None, way: Way) -> Tried:
    """Write a try down as failed; `email` None where nobody says whose account it is.

    Raises 429 `too_many_sign_ins` when the account, the tablet or the address must wait, and `known_devices_only` when
    so many others try at this moment that the house would have one failure too many.
    """
    limits = doors.limits
    place, its_limit = _place(limits, caller, way)
    policies: dict[str, Policy] = {place: its_limit} if place else {}
    account = None
    if email is not None:
        account = known_account_bucket(email) if way.is_known else account_bucket(email)
        policies[account] = ()
    # Known devices are not kept out, so what they get wrong counts for the house when it happens.
    policies.update({house_bucket(one.organization_id): limits.alarm for one in way.strange})
    found = failures.failures_in(tx, policies)
    if account is not None:
        _refuse_while_paused(account_wait_left(found[account], limits.pauses, tx.now))
    wait, found = failures.reserve(tx, policies)
    if wait:
        _refuse_while_paused(wait_left(found[place], its_limit, tx.now) if place else 0)
        raise kept_out([wait], everybody=False)
    in_a_row = (Window(limits.pauses.long_from, limits.pauses.long),)
    watched, full = (place, its_limit) if place else (account, in_a_row)
    alarm = watched is not None and is_alarming(found[watched], full, tx.now)
    return Tried(tx.now, frozenset(policies), account, alarm)


def take_back(tx: Write, tried: Tried) -> None:
    """Strike the failure out: nothing was judged, or what was right is only half of what it takes."""
    failures.release(tx, tried.buckets, tried.at)


def settle(tx: Write, tried: Tried) -> None:
    """It was right, and nothing is missing: the account's failures before it are forgotten."""
    # All at once, for the sake of the order in which rows are locked.
    failures.release(tx, tried.buckets, tried.at)
    if tried.account is not None:
        failures.clear(tx, tried.account)


def forget(tx: Write, email: str) -> bool:
    """Forget the wrong tries in a row at an account. Tells whether there were any."""
    had = [failures.clear(tx, bucket) for bucket in (account_bucket(email), known_account_bucket(email))]
    return any(had)


def note_failure(tx: Write, doors: Doors, caller: Caller, tried: Tried, account: Account, by: str) -> None:
    """It was wrong: counted for the house, into the audit trail and into the history of the person it was about."""
    count_for_house(tx, doors, reserved=house_bucket(account.organization_id) in tried.buckets)
    record(tx, "sign_in.failed", "person", account.person_id, after={"by": by})
    if tried.alarm:
        record(tx, "sign_in.alarm", "person", account.person_id, after={"by": by})
    note_refusal(tx, caller, account.person_id, by)


def alarm(caller: Caller, tried: Tried, by: str) -> None:
    """Tell the operator when this was one failure too many."""
    if tried.alarm:
        log.warning("sign_in_alarm", address=caller.address, by=by)


def _place(limits: SignInLimits, caller: Caller, way: Way) -> tuple[str | None, Policy]:
    """Where it is tried, for counting: at a tablet, from an address, or at a browser that only its people share."""
    if caller.device_id is not None:
        return device_bucket(caller.device_id), limits.device
    return (None, ()) if way.is_known else (address_bucket(caller.address), limits.address)


def _refuse_while_paused(wait: int) -> None:
    if wait:
        raise Problem(
            "too_many_sign_ins",
            f"Too many failed sign-ins. Please try again in {in_words(wait)}.",
            retry_after=wait,
        )
