"""Rows of a results file as typed days."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from topline.core.tabular import (
    Cell,
    Mapping,
    Outcome,
    RowReader,
    Table,
    read_amount,
    read_count,
    read_date,
    read_note,
    read_rows,
    seen_before,
)
from topline.results.rules import MAX_COUNT, NOTES_LENGTH, Figures, Severity, check_date, check_figures

#: Every code a row can get, with its meaning, for the reference.
CODES: Final[dict[str, str]] = {
    "missing": "a required cell is empty",
    "row_too_wide": "the row has more cells than the header; usually a separator inside an unquoted text",
    "row_empty": "the row has a date and nothing else",
    "date_invalid": "not a date in the chosen order",
    "date_in_future": "the business day has not begun",
    "date_too_old": "before 2000-01-01",
    "duplicate_in_file": "an earlier row of the file has the same date",
    "amount_invalid": "not an amount with the chosen decimal sign",
    "amount_too_precise": "more decimals than the currency has",
    "count_invalid": "not a whole number",
    "negative": "below zero",
    "too_large": "beyond what a day can hold",
    "text_too_long": "the note is too long",
    "text_control_character": "the note has characters that cannot be shown",
    "rooms_sold_above_available": "more rooms sold than there are",
    "room_revenue_above_revenue": "room revenue above the whole revenue",
}
_FIELD_OF_FIGURE: Final = {"revenue_minor": "revenue", "room_revenue_minor": "room_revenue"}


@dataclass(frozen=True, slots=True)
class DailyRow:
    """One business date of a file, checked. `row` is its row as a spreadsheet counts it; amounts in minor units."""

    row: int
    business_date: date
    figures: Figures
    notes: str | None


def read_daily(
    table: Table, mapping: Mapping, *, currency: str, today: date, usual_revenue_minor: int | None = None
) -> Outcome[DailyRow]:
    """Every row of the file as a day, or with every reason why it is none. Check the mapping first.

    `today` is the current business date, `usual_revenue_minor` the house's usual day, for a warning about misplaced
    signs. A day whose date is in the file twice is bad from its second row on.
    """
    seen: dict[str, int] = {}
    return read_rows(
        table, mapping, lambda reader: _read(reader, mapping, currency, today, usual_revenue_minor, seen)
    )


def _read(
    reader: RowReader,
    mapping: Mapping,
    currency: str,
    today: date,
    usual_minor: int | None,
    seen: dict[str, int],
) -> DailyRow | None:
    def amount(cell: Cell) -> int:
        return read_amount(cell, currency, mapping.decimal_sign)

    def count(cell: Cell) -> int:
        return read_count(cell, mapping.decimal_sign, MAX_COUNT)

    day = reader.required("business_date", lambda cell: read_date(cell, mapping.date_order))
    figures = Figures(
        revenue_minor=reader.optional("revenue", amount),
        room_revenue_minor=reader.optional("room_revenue", amount),
        covers=reader.optional("covers", count),
        rooms_sold=reader.optional("rooms_sold", count),
        rooms_available=reader.optional("rooms_available", count),
        guests=reader.optional("guests", count),
        arrivals=reader.optional("arrivals", count),
    )
    notes = reader.optional("notes", lambda cell: read_note(cell, NOTES_LENGTH))
    if day is not None:
        _judge_date(reader, day, today, seen)
    if reader.problems or day is None:
        return None
    if figures == Figures():
        reader.problem("", "row_empty", "This row has a date and nothing else.")
        return None
    for finding in check_figures(figures, usual_minor):
        key = _FIELD_OF_FIGURE.get(finding.field, finding.field)
        note = reader.problem if finding.severity is Severity.ERROR else reader.warning
        note(key, finding.code, finding.message)
    return DailyRow(reader.row.number, day, figures, notes)


def _judge_date(reader: RowReader, day: date, today: date, seen: dict[str, int]) -> None:
    finding = check_date(day, today)
    if finding is not None:
        reader.problem("business_date", finding.code, finding.message)
    seen_before(reader, seen, "business_date", day.isoformat(), "An earlier row has the same date")
