"""What a request asks for in its address: months, and places in lists."""

from datetime import date, datetime, timedelta
from uuid import UUID

from topline.core.errors import Problem, invalid
from topline.core.ids import parse_id
from topline.web.paging import decode_cursor


def month_of(month: str) -> tuple[date, date]:
    """The first and last date of a month written `2026-03`. Raises 400 for one there is not."""
    try:
        first = date.fromisoformat(f"{month}-01")
        following = (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        raise invalid("month", "out_of_range", "A month is written 2026-03.") from None
    return first, following - timedelta(days=1)


def entry_place(cursor: str | None) -> tuple[date, UUID] | None:
    """Where a list of entries goes on."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    try:
        return date.fromisoformat(values[0]), _id(values[1])
    except ValueError:
        raise _unknown() from None


def import_place(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where a list of imports goes on."""
    values = decode_cursor(cursor, 2)
    if values is None:
        return None
    try:
        at = datetime.fromisoformat(values[0])
    except ValueError:
        raise _unknown() from None
    if at.tzinfo is None:
        raise _unknown()
    return at, _id(values[1])


def benchmark_place(cursor: str | None) -> tuple[int, UUID] | None:
    """Where a list of benchmarks goes on."""
    values = decode_cursor(cursor, 2)
    return None if values is None else (_number(values[0]), _id(values[1]))


def number_place(cursor: str | None) -> int | None:
    """Where a list goes on that counts."""
    values = decode_cursor(cursor, 1)
    return None if values is None else _number(values[0])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise _unknown()
    return int(text)


def _id(text: str) -> UUID:
    found = parse_id(text)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Problem:
    return invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
