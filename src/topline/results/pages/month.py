"""A month of results as the calendar shows it: every day with its state, and what they add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from topline.organizations.rules import OpeningHours
from topline.results import rules
from topline.results.queries import EntryView


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day. `state` is `open`, `closed`, `adjusted`, or where nothing was entered `due` (today), `missing`, `shut`
    (the house does not open), `future`, or `none` (before anybody began to enter results)."""

    day: date
    state: str
    entry: EntryView | None
    is_today: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What the entered days add up to; a figure nobody entered on any day is None."""

    days: int
    revenue_minor: int | None
    covers: int | None
    rooms_sold: int | None
    average_check_minor: int | None
    occupancy_bp: int | None
    adr_minor: int | None


def cells_of(
    first: date,
    last: date,
    entries: Sequence[EntryView],
    hours: OpeningHours,
    *,
    today: date,
    began: date | None,
) -> list[DayCell]:
    """Every day from `first` to `last` with its state. `began` is the first day ever entered."""
    by_day = {entry.business_date: entry for entry in entries}
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        DayCell(
            day,
            state_of(day, by_day.get(day), hours, today=today, began=began),
            by_day.get(day),
            day == today,
        )
        for day in span
    ]


def state_of(
    day: date, entry: EntryView | None, hours: OpeningHours, *, today: date, began: date | None
) -> str:
    """What there is to say of a day."""
    if entry is not None:
        return entry.status
    if day > today:
        return "future"
    if not hours.is_open(day):
        return "shut"
    if day == today:
        return "due"
    return "missing" if began is not None and day >= began else "none"


def totals_of(entries: Sequence[EntryView]) -> Totals:
    """Sums and what is worked out from them; an average takes only days that have both of its figures."""
    figures = [entry.figures for entry in entries]
    served = [
        (f.revenue_minor, f.covers) for f in figures if f.revenue_minor is not None and f.covers is not None
    ]
    let = [
        (f.rooms_sold, f.rooms_available)
        for f in figures
        if f.rooms_sold is not None and f.rooms_available is not None
    ]
    paid = [
        (f.room_revenue_minor, f.rooms_sold)
        for f in figures
        if f.room_revenue_minor is not None and f.rooms_sold is not None
    ]
    return Totals(
        days=len(entries),
        revenue_minor=_sum([f.revenue_minor for f in figures]),
        covers=_sum([f.covers for f in figures]),
        rooms_sold=_sum([f.rooms_sold for f in figures]),
        average_check_minor=rules.average_check(*_sums(served)),
        occupancy_bp=rules.occupancy_bp(*_sums(let)),
        adr_minor=rules.adr(*_sums(paid)),
    )


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _sums(pairs: Sequence[tuple[int, int]]) -> tuple[int | None, int | None]:
    if not pairs:
        return None, None
    return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
