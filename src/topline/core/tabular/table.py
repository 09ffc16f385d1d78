"""What a table is, how large it may be, and how a file that is none is refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from topline.core.errors import FieldError, Problem

#: A cell as its file holds it: CSV has text only; XLSX also numbers and dates. None is an empty cell.
Cell = str | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. `rows` counts rows with something in them, the header not among them."""

    file_bytes: int = 10 * 1024 * 1024
    rows: int = 20_000
    columns: int = 100
    cell_chars: int = 2_000
    unpacked_bytes: int = 40 * 1024 * 1024
    packing_ratio: int = 200


LIMITS: Final = Limits()
#: Excel's own number of rows. Blank rows beyond it are only there to keep us busy.
MOST_ROWS_SCANNED: Final = 1_048_576

FILE_ERRORS: Final[dict[str, str]] = {
    "file_empty": "There is nothing in this file.",
    "file_too_large": "This file is too large. Split it, at most 10 MB each.",
    "file_too_many_rows": "This table has too many rows. Split it, at most 20,000 each.",
    "file_too_many_columns": "This table has more than 100 columns.",
    "file_cell_too_long": "A cell has more than 2,000 characters.",
    "file_not_a_table": "This is neither a CSV nor an XLSX file.",
    "file_encoding": "The characters of this file cannot be read. Save it as CSV UTF-8 or as XLSX.",
    "file_quotes_broken": "A quotation mark is opened and not closed, or text follows a closed one.",
    "file_old_excel": "This is an old Excel file (XLS). Save it as XLSX or CSV.",
    "file_protected": "This file is protected by a password. Save it without one.",
    "file_has_macros": "This workbook has macros. Save it as XLSX or CSV.",
    "file_kind_not_supported": "This kind of workbook is not read. Save it as XLSX or CSV.",
    "file_damaged": "This workbook is damaged. Open it, save it again, and try once more.",
    "file_unpacks_too_large": "This workbook unpacks to far more than it should. It was not opened.",
    "file_sheet_unknown": "There is no sheet of that name.",
    "file_no_rows": "There is a header, but nothing below it.",
}
_UNSUPPORTED: Final = {
    "file_not_a_table",
    "file_old_excel",
    "file_protected",
    "file_has_macros",
    "file_kind_not_supported",
}


def refuse(code: str, where: str = "") -> Problem:
    """The refusal of a whole file: a `Problem` whose one field error is about `file` and has the stable code.

    `where` names the place in the file, such as `row 4, column C`.
    """
    message = f"{FILE_ERRORS[code]} ({where})" if where else FILE_ERRORS[code]
    outer = "invalid_input"
    if code in _UNSUPPORTED:
        outer = "unsupported_media"
    elif code in {"file_too_large", "file_unpacks_too_large"}:
        outer = "too_large"
    return Problem(outer, message, fields=(FieldError("file", code, message),))


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header. `number` is the row as a spreadsheet counts it, from 1.

    `cells` are as many as the header has; `is_too_wide` says that there was something beyond the last of them, which
    usually means an unquoted separator has shifted everything.
    """

    number: int
    cells: tuple[Cell, ...]
    is_too_wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it. Blank rows are counted but not kept."""

    header: tuple[str, ...]
    header_number: int
    rows: tuple[Row, ...]
    blank_rows: int
    kind: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Source:
    """Where raw rows come from, so that CSV and XLSX share what follows."""

    kind: str
    rows: Iterable[tuple[int, list[Cell]]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


def build(source: Source, limits: Limits, header_number: int | None) -> Table:
    """The table in the raw rows. The header is the row asked for, else the first that is not blank."""
    header: tuple[str, ...] | None = None
    found_at = 0
    rows: list[Row] = []
    blank = pending_blank = 0
    for number, raw in source.rows:
        cells = _trimmed(raw)
        if number > MOST_ROWS_SCANNED:
            raise refuse("file_too_many_rows")
        _check_row(number, cells, limits)
        if header is None:
            if (header_number is None and cells) or number == header_number:
                header, found_at = tuple(_header_text(cell) for cell in cells), number
            continue
        if not cells:
            # Blank rows after the last one with content are only how the file ends.
            pending_blank += 1
            continue
        blank, pending_blank = blank + pending_blank, 0
        if len(rows) == limits.rows:
            raise refuse("file_too_many_rows")
        width = len(header)
        padded = (*cells[:width], *([None] * (width - len(cells))))
        rows.append(Row(number, padded, is_too_wide=len(cells) > width))
    if not header:
        raise refuse("file_empty")
    if not rows:
        raise refuse("file_no_rows")
    return Table(
        header,
        found_at,
        tuple(rows),
        blank,
        source.kind,
        source.encoding,
        source.delimiter,
        source.sheet,
        source.sheets,
    )


def column_name(index: int) -> str:
    """How a spreadsheet names the column with this index from 0: A, B, …, Z, AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing to see in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _trimmed(raw: list[Cell]) -> list[Cell]:
    """The cells with blanks as None, without the blanks at the end."""
    cells: list[Cell] = [None if is_blank(cell) else cell for cell in raw]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _check_row(number: int, cells: list[Cell], limits: Limits) -> None:
    if len(cells) > limits.columns:
        raise refuse("file_too_many_columns", f"row {number}")
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and len(cell) > limits.cell_chars:
            raise refuse("file_cell_too_long", f"row {number}, column {column_name(index)}")


def _header_text(cell: Cell) -> str:
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return " ".join(text.split())[:100]
