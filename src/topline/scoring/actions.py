"""Keep day totals equal to what the logs say. They hold no truth of their own and can be rebuilt at any time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert

from topline.core.db import hold_alone
from topline.core.transaction import Write
from topline.scoring.models import DayTotal
from topline.scoring.queries.totals import COLUMNS, totals

#: People per statement: SQLite allows no more than some ten thousand parameters.
_AT_ONCE: Final = 500


def rebuild_days(tx: Write, keys: Iterable[tuple[date, UUID]]) -> int:
    """Recompute the totals of these (business date, person id) pairs from the logs; returns the rows written.

    Whoever rebuilds waits for whoever came before, so that an older look at the logs never overwrites a newer one.
    """
    by_day: dict[date, set[UUID]] = defaultdict(set)
    for day, person_id in keys:
        by_day[day].add(person_id)
    if not by_day:
        return 0
    _wait_in_line(tx)
    return sum(
        _rebuild(tx, day, day, people)
        for day, everybody in sorted(by_day.items())
        for people in _slices(sorted(everybody))
    )


def rebuild(tx: Write, first: date, last: date) -> int:
    """Recompute the totals of everybody from `first` to `last`, both included; returns the rows written."""
    _wait_in_line(tx)
    return _rebuild(tx, first, last, None)


def _wait_in_line(tx: Write) -> None:
    hold_alone(tx.connection, f"day_totals:{tx.organization_id}")


def _rebuild(tx: Write, first: date, last: date, people: Collection[UUID] | None) -> int:
    old = delete(DayTotal).where(
        DayTotal.organization_id == tx.organization_id, DayTotal.business_date.between(first, last)
    )
    tx.change(old if people is None else old.where(DayTotal.person_id.in_(people)))
    return tx.change(insert(DayTotal).from_select(list(COLUMNS), totals(tx, first, last, people)))


def _slices(people: Sequence[UUID]) -> Iterator[list[UUID]]:
    rest = iter(people)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
