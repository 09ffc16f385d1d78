"""Count wrong tries: a try is written down as failed before it is compared, and struck out again when it was right.

So however many tries come at the same moment, no more are compared than the policy allows. The rows are locked in one
order, which lines up those who try at once and cannot deadlock.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from topline.access.limits import MEMORY, wait_left
from topline.access.models import SignInFailure
from topline.core.db import upsert
from topline.core.policies import Policy
from topline.core.transaction import Write

#: More than any policy asks for; keeps a row small whatever an operator sets.
_MOST_KEPT: Final = 1000


def failures_in(tx: Write, buckets: Collection[str]) -> dict[str, list[datetime]]:
    """What each bucket remembers, every row locked until the end of the transaction."""
    found = {}
    for bucket in sorted(buckets):
        # Writing the row locks it, whether it was there or not.
        tx.change(
            upsert(tx.dialect)(SignInFailure)
            .values(bucket=bucket, failures=[], last_at=tx.now)
            .on_conflict_do_update(index_elements=["bucket"], set_={"last_at": tx.now})
        )
        stored: list[str] = tx.execute(
            select(SignInFailure.failures).where(SignInFailure.bucket == bucket)
        ).scalar_one()
        moments = [datetime.fromisoformat(text) for text in stored]
        found[bucket] = [at for at in moments if at > tx.now - MEMORY]
    return found


def reserve(tx: Write, policies: Mapping[str, Policy]) -> tuple[int, dict[str, list[datetime]]]:
    """Write one failure into every bucket, or none when a policy is full.

    Returns the seconds to wait (0: reserved) and what the buckets remember afterwards.
    """
    found = failures_in(tx, policies)
    wait = max(wait_left(failures, policies[bucket], tx.now) for bucket, failures in found.items())
    if wait == 0:
        for bucket, failures in found.items():
            failures.append(tx.now)
            remember(tx, bucket, failures)
    return wait, found


def release(tx: Write, buckets: Collection[str], reserved_at: datetime) -> None:
    """Strike out the failure that was reserved at that moment: it was none."""
    for bucket, failures in failures_in(tx, buckets).items():
        if reserved_at in failures:
            failures.remove(reserved_at)
            remember(tx, bucket, failures)


def remember(tx: Write, bucket: str, failures: list[datetime]) -> None:
    """Replace what a locked bucket remembers."""
    tx.change(
        update(SignInFailure)
        .where(SignInFailure.bucket == bucket)
        .values(failures=[at.isoformat() for at in failures[-_MOST_KEPT:]], last_at=tx.now)
    )


def clear(tx: Write, bucket: str) -> bool:
    """Forget a bucket. Tells whether it remembered anything."""
    had = bool(failures_in(tx, [bucket])[bucket])
    remember(tx, bucket, [])
    return had


def forget_old(tx: Write) -> int:
    """Drop buckets that have been silent for twice as long as they matter."""
    return tx.change(delete(SignInFailure).where(SignInFailure.last_at < tx.now - MEMORY - timedelta(days=1)))
