"""Rules of logging: when it happened, what may be said about it, and how long it can be taken back.

The tablet's time is a claim. It is kept beside the server's time, believed within bounds, and flagged where a manager
should know. What is logged is the attempt: a guest's "no" is an outcome, not a failure.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from topline.core.errors import FieldError
from topline.core.text import TextError, optional_line, optional_note

MAX_AGE: Final = timedelta(hours=72)
MAX_AHEAD: Final = timedelta(minutes=2)
OFFLINE_AFTER: Final = timedelta(minutes=2)
CLOCK_AHEAD_AFTER: Final = timedelta(seconds=10)
UNDO_WINDOW: Final = timedelta(minutes=5)
BURST_COUNT: Final = 6
BURST_WINDOW: Final = timedelta(minutes=1)

PLACE_LENGTH: Final = 10
NOTE_LENGTH: Final = 500
ANSWER_LENGTH: Final = 500
MAX_COVERS: Final = 500
MAX_AMOUNT_MAJOR: Final = 1_000_000
METADATA_BYTES: Final = 4_096
METADATA_KEYS: Final = 20
METADATA_KEY_LENGTH: Final = 64
_SAFE_INTEGER: Final = 2**53


class LogStatus(StrEnum):
    """Where a log stands. Only `undone` is the person's own doing; the others are decisions or time passing."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"
    UNDONE = "undone"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What the guest said, where the behavior asks."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Flag(StrEnum):
    """What a manager should know about how a log came in. A flag is no accusation."""

    OFFLINE = "offline"
    CLOCK_AHEAD = "clock_ahead"
    BURST = "burst"


_OUTCOMES: Final = frozenset(Outcome)

REFUSALS: Final[dict[str, str]] = {
    "occurred_at_in_future": "The tablet's clock is ahead. Set it and log again.",
    "occurred_at_too_old": "This was tapped more than 72 hours ago and can no longer be logged.",
    "behavior_inactive": "This behavior is no longer in use.",
    "behavior_not_assigned": "This behavior does not belong to your role.",
    "not_own": "You can only do this with your own logs.",
    "undo_too_late": "Undo is possible for five minutes.",
    "already_undone": "This log was undone already.",
    "already_decided": "This log was decided already.",
    "not_rejected": "Only a rejected log can be answered.",
    "already_answered": "This log was answered already.",
}


# --- time -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """When it counts as having happened, and the flags about that."""

    occurred_at: datetime
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it cannot be logged: a key of `REFUSALS`."""

    code: str


def accept_time(claimed: datetime | None, received_at: datetime) -> Accepted | Refused:
    """What to make of the device's claim of when it happened; both instants aware.

    No claim means now. A claim up to two minutes ahead becomes the server's time (flagged `clock_ahead` from ten
    seconds on), further ahead is refused as `occurred_at_in_future`. Older than two minutes is flagged `offline`,
    older than 72 hours refused as `occurred_at_too_old`.
    """
    if claimed is None:
        return Accepted(received_at)
    age = received_at - claimed
    if age < -MAX_AHEAD:
        return Refused("occurred_at_in_future")
    if age > MAX_AGE:
        return Refused("occurred_at_too_old")
    if age < timedelta(0):
        return Accepted(received_at, (Flag.CLOCK_AHEAD,) if -age >= CLOCK_AHEAD_AFTER else ())
    return Accepted(claimed, (Flag.OFFLINE,) if age > OFFLINE_AFTER else ())


def is_burst(others: Iterable[datetime], occurred_at: datetime) -> bool:
    """Whether this log is one of six or more of the same behavior by the same person within one minute.

    `others` are the instants of that person's other logs of the behavior that still stand; those further than a
    minute away do not matter.
    """
    instants = sorted([*others, occurred_at])
    first = bisect_left(instants, occurred_at - BURST_WINDOW)
    last = bisect_right(instants, occurred_at)
    # Every minute that holds this log begins at one of the logs up to it.
    return any(
        bisect_right(instants, start + BURST_WINDOW) - bisect_left(instants, start) >= BURST_COUNT
        for start in instants[first:last]
    )


# --- what may be logged ---------------------------------------------------------------------------


def behavior_problem(active: bool, role_ids: Collection[UUID], role_id: UUID | None) -> str | None:
    """Why a person of the role cannot log the behavior, or None: it is inactive, or not one of their role's."""
    if not active:
        return "behavior_inactive"
    if role_id is None or role_id not in role_ids:
        return "behavior_not_assigned"
    return None


@dataclass(frozen=True, slots=True)
class Asks:
    """Which details a behavior asks for. A note and metadata are always possible."""

    place: bool = False
    amount: bool = False
    covers: bool = False
    outcome: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What was said about a log beside that it happened; everything is optional. Amounts in minor units."""

    outcome: str | None = None
    place: str | None = None
    amount_minor: int | None = None
    covers: int | None = None
    note: str | None = None
    metadata: Mapping[str, object] | None = None


def check_details(details: Details, asks: Asks, digits: int) -> tuple[Details, list[FieldError]]:
    """The details cleaned, and every complaint about them. `digits` are the currency's decimal digits.

    A detail the behavior does not ask for is refused (`not_asked`) rather than dropped, so that a tablet that shows
    the wrong form is noticed.
    """
    errors: list[FieldError] = []
    for field, asked, value in (
        ("outcome", asks.outcome, details.outcome),
        ("place", asks.place, details.place),
        ("amount_minor", asks.amount, details.amount_minor),
        ("covers", asks.covers, details.covers),
    ):
        if value is not None and not asked:
            errors.append(FieldError(field, "not_asked", "This behavior does not ask for it."))
    if details.outcome is not None and details.outcome not in _OUTCOMES:
        errors.append(FieldError("outcome", "outcome_unknown", "Either offered, accepted or declined."))
    errors += _range_problem("amount_minor", details.amount_minor, MAX_AMOUNT_MAJOR * 10**digits)
    errors += _range_problem("covers", details.covers, MAX_COVERS)
    place, note = details.place, details.note
    try:
        place = optional_line(place, PLACE_LENGTH)
    except TextError as error:
        errors.append(FieldError("place", error.code, str(error)))
    try:
        note = optional_note(note, NOTE_LENGTH)
    except TextError as error:
        errors.append(FieldError("note", error.code, str(error)))
    errors += metadata_problems(details.metadata)
    cleaned = Details(
        details.outcome, place, details.amount_minor, details.covers, note, details.metadata or None
    )
    return cleaned, errors


def metadata_problems(metadata: Mapping[str, object] | None) -> list[FieldError]:
    """What is wrong with a log's metadata: at most 20 keys and 4 kB of JSON, a flat object of plain values."""
    if not metadata:
        return []
    if len(metadata) > METADATA_KEYS:
        return [FieldError("metadata", "metadata_too_large", f"At most {METADATA_KEYS} keys.")]
    for key, value in metadata.items():
        if not 1 <= len(key) <= METADATA_KEY_LENGTH or not _is_plain_text(key):
            return [FieldError("metadata", "metadata_key_invalid", "A key is 1 to 64 ordinary characters.")]
        if not _is_scalar(value):
            message = "A value is a text, a number, true, false or null; nothing is nested."
            return [FieldError(f"metadata.{key}", "metadata_value_invalid", message)]
    if len(json.dumps(dict(metadata), ensure_ascii=False, separators=(",", ":")).encode()) > METADATA_BYTES:
        return [FieldError("metadata", "metadata_too_large", "At most 4 kB.")]
    return []


def _range_problem(field: str, value: int | None, most: int) -> list[FieldError]:
    if value is None or 0 <= value <= most:
        return []
    return [FieldError(field, "out_of_range", f"From 0 to {most}.")]


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return _is_plain_text(value)
    if isinstance(value, int):
        return abs(value) <= _SAFE_INTEGER
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return value is None


def _is_plain_text(text: str) -> bool:
    """Free of control characters (PostgreSQL cannot store NUL in JSON) and of half surrogate pairs."""
    return not any(sign < " " or "\x7f" <= sign < "\xa0" or "\ud800" <= sign <= "\udfff" for sign in text)


# --- taking back and answering --------------------------------------------------------------------


def undo_until(occurred_at: datetime, received_at: datetime) -> datetime:
    """Until when the log can be undone: five minutes from the tap, or from its arrival when it came late."""
    return max(occurred_at, received_at) + UNDO_WINDOW


def undo_problem(
    *,
    is_own: bool,
    status: LogStatus,
    occurred_at: datetime,
    received_at: datetime,
    undone_at: datetime | None,
    now: datetime,
) -> str | None:
    """Why a log cannot be undone, or None: not own, not pending any more, or later than five minutes.

    `undone_at` is when a tablet without network says the person undid it: within five minutes of the tap it holds,
    however late it arrives. A claim from the future is taken for now.
    """
    if not is_own:
        return "not_own"
    if status is LogStatus.UNDONE:
        return "already_undone"
    if status is not LogStatus.PENDING:
        return "already_decided"
    in_time = now < undo_until(occurred_at, received_at)
    undone_in_time = undone_at is not None and occurred_at <= min(undone_at, now) < occurred_at + UNDO_WINDOW
    return None if in_time or undone_in_time else "undo_too_late"


def answer_problem(*, is_own: bool, status: LogStatus, answered_at: datetime | None) -> str | None:
    """Why the person cannot answer the rejection, or None. There is one answer, to an own rejected log."""
    if not is_own:
        return "not_own"
    if status is not LogStatus.REJECTED:
        return "not_rejected"
    return "already_answered" if answered_at is not None else None
