"""Tries to sign in as somebody with an account: counted per account and per address or tablet, before they are judged.

Passwords, codes of the second step and confirmations share the buckets, so that none of them is a way around the
limits of another.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from topline.access.actions import failures
from topline.access.actions.doors import Caller, Doors
from topline.access.actions.pin_check import in_words
from topline.access.actions.refusals import note_refusal
from topline.access.limits import (
    account_bucket,
    account_wait_left,
    address_bucket,
    device_bucket,
    is_alarming,
)
from topline.access.queries import Account
from topline.audit.actions import record
from topline.core.errors import Problem
from topline.core.policies import Policy
from topline.core.transaction import Write

log = structlog.get_logger("access")


@dataclass(frozen=True, slots=True)
class Tried:
    """A try that may be judged: it is already written down as a failure, in these two buckets."""

    at: datetime
    bucket: str
    account: str | None
    alarm: bool


def reserve(tx: Write, doors: Doors, caller: Caller, email: str | None) -> Tried:
    """Write a try down as failed; `email` None where nobody says whose account it is.

    Raises 429 `too_many_sign_ins` when the account or the address must wait.
    """
    if caller.device_id is not None:
        bucket, policy = device_bucket(caller.device_id), doors.limits.device
    else:
        bucket, policy = address_bucket(caller.address), doors.limits.address
    account = None if email is None else account_bucket(email)
    policies: dict[str, Policy] = {bucket: policy}
    if account is not None:
        policies[account] = ()
    found = failures.failures_in(tx, policies)
    if account is not None:
        _refuse_while_paused(account_wait_left(found[account], tx.now))
    wait, found = failures.reserve(tx, policies)
    _refuse_while_paused(wait)
    return Tried(tx.now, bucket, account, is_alarming(found[bucket], policy, tx.now))


def take_back(tx: Write, tried: Tried) -> None:
    """Strike the failure out: nothing was judged, or what was right is only half of what it takes."""
    failures.release(tx, [b for b in (tried.bucket, tried.account) if b], tried.at)


def settle(tx: Write, tried: Tried) -> None:
    """It was right, and nothing is missing: the account's failures before it are forgotten."""
    failures.release(tx, [tried.bucket], tried.at)
    if tried.account is not None:
        failures.clear(tx, tried.account)


def note_failure(tx: Write, caller: Caller, tried: Tried, account: Account, by: str) -> None:
    """It was wrong: into the audit trail, and into the history of the person it was about."""
    record(tx, "sign_in.failed", "person", account.person_id, after={"by": by})
    if tried.alarm:
        record(tx, "sign_in.alarm", "person", account.person_id, after={"by": by})
    note_refusal(tx, caller, account.person_id, by)


def alarm(caller: Caller, tried: Tried, by: str) -> None:
    """Tell the operator when this was one failure too many."""
    if tried.alarm:
        log.warning("sign_in_alarm", address=caller.address, by=by)


def _refuse_while_paused(wait: int) -> None:
    if wait:
        raise Problem(
            "too_many_sign_ins",
            f"Too many failed sign-ins. Please try again in {in_words(wait)}.",
            retry_after=wait,
        )
