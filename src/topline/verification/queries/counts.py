"""How much waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.verification.queries.filters import (
    MOST_COUNTED,
    QueueFilter,
    Sample,
    is_unusual,
    keys,
    matches,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the caller: all of it, the unusual part, and when the oldest came in."""

    pending: int
    unusual: int
    oldest_at: datetime | None


def counts(tx: Read, wanted: QueueFilter | None = None) -> Counts:
    """Count what matches; without a filter everything that waits for a decision the caller may take."""
    asked = matches(
        tx,
        wanted or QueueFilter(),
        [func.count(), func.count().filter(is_unusual()), func.min(BehaviorLog.received_at)],
    )
    return Counts(*tx.execute(asked).one())


def pending_count(tx: Read) -> int:
    """How many logs wait for a decision that the caller may take: nobody decides on their own."""
    return int(tx.execute(matches(tx, QueueFilter(), [func.count()])).scalar_one())


def matching(tx: Read, wanted: QueueFilter, sample: Sample | None = None) -> int:
    """How many logs match; with a sample how many of it, counted up to `MOST_COUNTED`."""
    if sample is not None and not sample.is_everything:
        return len(keys(tx, wanted, limit=MOST_COUNTED, sample=sample))
    capped = matches(tx, wanted, [BehaviorLog.id]).limit(MOST_COUNTED).subquery()
    return int(tx.execute(select(func.count()).select_from(capped)).scalar_one())


def to_check(tx: Read, sample: Sample) -> int:
    """How many logs the caller is asked to look at: the sample and everything unusual."""
    return matching(tx, QueueFilter(), sample)
