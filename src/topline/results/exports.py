"""Results as CSV: what leaves for a spreadsheet is harmless there."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from topline.core.money import currency_digits
from topline.core.tabular import RowProblem
from topline.core.text import csv_safe
from topline.results.queries import EntryView, template_header


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV with a byte order mark, so that every spreadsheet reads it as UTF-8; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_safe(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def daily_csv(entries: Iterable[EntryView], currency: str) -> str:
    """Entries in the layout that the import of daily results reads, with their state behind."""
    header = (*template_header("daily"), "status")
    return csv_text([header, *(_row(entry, header, currency) for entry in entries)])


def problems_csv(problems: Iterable[RowProblem]) -> str:
    """What is wrong with a file, one line for each cell."""
    rows = [(p.row, p.column, p.field, p.code, p.message, p.value) for p in problems]
    return csv_text([("row", "column", "field", "code", "message", "value"), *rows])


def template_csv(kind: str) -> str:
    """An empty file of the right layout."""
    return csv_text([template_header(kind)])


def _row(entry: EntryView, header: Sequence[str], currency: str) -> list[Any]:
    figures = entry.figures
    values: dict[str, Any] = {
        "business_date": entry.business_date,
        "revenue": _major(figures.revenue_minor, currency),
        "room_revenue": _major(figures.room_revenue_minor, currency),
        "covers": figures.covers,
        "rooms_sold": figures.rooms_sold,
        "rooms_available": figures.rooms_available,
        "guests": figures.guests,
        "arrivals": figures.arrivals,
        "notes": entry.notes,
        "status": entry.status,
    }
    return [values[name] for name in header]


def _major(amount_minor: int | None, currency: str) -> Decimal | None:
    return None if amount_minor is None else Decimal(amount_minor).scaleb(-currency_digits(currency))
