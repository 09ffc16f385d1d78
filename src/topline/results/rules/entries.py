"""What makes a day's entry impossible or odd, and how its status moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from topline.core.money import MAX_AMOUNT_MINOR, divide_half_even

FIRST_DATE: Final = date(2000, 1, 1)
MAX_COUNT: Final = 1_000_000
NOTES_LENGTH: Final = 1_000
REASON_LENGTH: Final = 200
USUAL_NEEDS: Final = 4
SUSPICIOUS_FACTOR: Final = 5


# --- is this entry plausible ----------------------------------------------------------------------


class Severity(StrEnum):
    """Errors stop an entry; warnings are shown and may be confirmed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an entry: the field it is about, a stable code and a sentence for a person."""

    field: str
    code: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one location on one business date; None is unknown."""

    revenue_minor: int | None = None
    room_revenue_minor: int | None = None
    covers: int | None = None
    rooms_sold: int | None = None
    rooms_available: int | None = None
    guests: int | None = None
    arrivals: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part of a day."""

    person_id: UUID
    revenue_minor: int
    covers: int


_MONEY: Final = ("revenue_minor", "room_revenue_minor")
_COUNTS: Final = ("covers", "rooms_sold", "rooms_available", "guests", "arrivals")


def check_date(day: date, today: date) -> Finding | None:
    """The error of a business date in the future or before 2000, or None. `today` is the current business date."""
    if day > today:
        return Finding("business_date", "date_in_future", Severity.ERROR, "This day has not begun yet.")
    if day < FIRST_DATE:
        return Finding("business_date", "date_too_old", Severity.ERROR, "The earliest day is 2000-01-01.")
    return None


def check_figures(figures: Figures, usual_revenue_minor: int | None = None) -> list[Finding]:
    """Everything impossible (errors) or odd (warnings) about a day. `usual_revenue_minor` is from `usual`."""
    found = _out_of_range(figures)
    if found:
        return found
    if _above(figures.rooms_sold, figures.rooms_available):
        found.append(_error("rooms_sold", "rooms_sold_above_available", "More rooms sold than there are."))
    if _above(figures.room_revenue_minor, figures.revenue_minor):
        found.append(
            _error(
                "room_revenue_minor", "room_revenue_above_revenue", "Room revenue is above the whole revenue."
            )
        )
    if figures.rooms_sold == 0 and figures.room_revenue_minor:
        found.append(
            _warning("rooms_sold", "room_revenue_without_rooms", "Room revenue, but no room was sold.")
        )
    if figures.room_revenue_minor == 0 and figures.rooms_sold:
        found.append(
            _warning("room_revenue_minor", "rooms_without_revenue", "Rooms were sold, but for nothing.")
        )
    if figures.rooms_sold == 0 and figures.guests:
        found.append(_warning("guests", "guests_without_rooms", "Guests in house, but no room was sold."))
    if figures.revenue_minor == 0 and figures.covers:
        found.append(
            _warning("revenue_minor", "covers_without_revenue", "Guests were served, but for nothing.")
        )
    if _above(figures.arrivals, figures.rooms_sold):
        found.append(_warning("arrivals", "arrivals_above_rooms", "More arrivals than rooms sold."))
    usual_minor = usual_revenue_minor or 0
    if figures.revenue_minor is not None and 0 < usual_minor * SUSPICIOUS_FACTOR <= figures.revenue_minor:
        found.append(
            _warning(
                "revenue_minor",
                "revenue_unusually_high",
                "At least five times the usual. Is a sign misplaced?",
            )
        )
    return found


def usual(earlier: Sequence[int]) -> int | None:
    """The median of earlier days' revenue, for comparison; None with fewer than four days, which say too little."""
    if len(earlier) < USUAL_NEEDS:
        return None
    ordered = sorted(earlier)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide_half_even(ordered[middle - 1] + ordered[middle], 2)


def check_shares(figures: Figures, shares: Sequence[Share]) -> list[Finding]:
    """What is wrong with the parts of persons: errors for negatives and repeats, warnings where sums do not agree.

    Parts may be fewer than the house (not everybody has a till), so a sum below the total is worth a look, no more.
    """
    found: list[Finding] = []
    seen: set[UUID] = set()
    for number, share in enumerate(shares):
        if share.person_id in seen:
            found.append(_error(f"people.{number}.person_id", "person_twice", "This person is listed twice."))
        seen.add(share.person_id)
        if not 0 <= share.revenue_minor <= MAX_AMOUNT_MINOR:
            found.append(_error(f"people.{number}.revenue_minor", "out_of_range", "An amount from 0 up."))
        if not 0 <= share.covers <= MAX_COUNT:
            found.append(_error(f"people.{number}.covers", "out_of_range", "A number from 0 up."))
    if not shares or found:
        return found
    found += _sum_finding(
        "revenue_minor", figures.revenue_minor, sum(share.revenue_minor for share in shares)
    )
    found += _sum_finding("covers", figures.covers, sum(share.covers for share in shares))
    return found


def has_errors(findings: Sequence[Finding]) -> bool:
    """Whether any finding stops the entry."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _sum_finding(field: str, total: int | None, parts: int) -> list[Finding]:
    if total is None or parts == total:
        return []
    side = "above" if parts > total else "below"
    return [_warning(field, f"people_sum_{side}_total", f"The people's figures add up to {side} the total.")]


def _out_of_range(figures: Figures) -> list[Finding]:
    limits: Mapping[str, int] = dict.fromkeys(_MONEY, MAX_AMOUNT_MINOR) | dict.fromkeys(_COUNTS, MAX_COUNT)
    return [
        _error(
            field,
            "negative" if value < 0 else "too_large",
            "Not below 0." if value < 0 else f"At most {most}.",
        )
        for field, most in limits.items()
        if (value := getattr(figures, field)) is not None and not 0 <= value <= most
    ]


def _above(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole


def _error(field: str, code: str, message: str) -> Finding:
    return Finding(field, code, Severity.ERROR, message)


def _warning(field: str, code: str, message: str) -> Finding:
    return Finding(field, code, Severity.WARNING, message)


# --- the status of an entry -----------------------------------------------------------------------


class EntryStatus(StrEnum):
    """`open` may be changed freely; `closed` counts as final; `adjusted` was corrected afterwards, with a reason."""

    OPEN = "open"
    CLOSED = "closed"
    ADJUSTED = "adjusted"


class EntryAct(StrEnum):
    """What is done to an entry."""

    SAVE = "save"
    CLOSE = "close"
    ADJUST = "adjust"


_NEXT: Final[dict[tuple[EntryStatus, EntryAct], EntryStatus]] = {
    (EntryStatus.OPEN, EntryAct.SAVE): EntryStatus.OPEN,
    (EntryStatus.OPEN, EntryAct.CLOSE): EntryStatus.CLOSED,
    (EntryStatus.CLOSED, EntryAct.ADJUST): EntryStatus.ADJUSTED,
    (EntryStatus.ADJUSTED, EntryAct.ADJUST): EntryStatus.ADJUSTED,
}


def next_entry_status(status: EntryStatus, act: EntryAct) -> EntryStatus | None:
    """The status after the act; None when it is not possible: a closed day is adjusted, never silently saved over."""
    return _NEXT.get((status, act))
