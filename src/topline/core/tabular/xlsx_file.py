"""XLSX: what is safe to open, and the rows of one sheet with their numbers exact and their dates as dates."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from topline.core.errors import Problem
from topline.core.tabular.table import Cell, Limits, Source, Table, build, refuse
from topline.core.tabular.xlsx_parts import check_elements

_MOST_PARTS: Final = 500
_SMALL_PART: Final = 1024 * 1024
#: Cells openpyxl may make up for us: a single cell in the last possible column stands for 16,384 of them.
_MOST_CELLS: Final = 10_000_000
_MACROS: Final = ("vbaproject.bin", "xl/macrosheets/", "xl/activex/")

if not DEFUSEDXML:
    raise ImportError("defusedxml is missing: workbooks could not be opened safely")


def read_xlsx(data: bytes, limits: Limits, sheet: str | None, header_number: int | None) -> Table:
    """One sheet as a table (the first visible one unless named). Refuses all but a plain, modest XLSX."""
    check_parts(data, limits)
    _look_through(data)
    with closing(_open(data)) as book:
        names = tuple(found.title for found in book.worksheets if found.sheet_state == "visible")
        if not names:
            raise refuse("file_not_a_table")
        if sheet is not None and sheet not in names:
            raise refuse("file_sheet_unknown")
        chosen = sheet or names[0]
        # Built while the workbook is open: rows are read as they are asked for, and no further than the limits.
        return build(Source("xlsx", _rows(book, chosen), sheet=chosen, sheets=names), limits, header_number)


def check_parts(data: bytes, limits: Limits) -> None:
    """Look at the parts of the package without unpacking them. Raises the refusal of bombs, macros and other kinds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise refuse("file_damaged") from None
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in names):
        raise refuse("file_has_macros")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refuse("file_kind_not_supported")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise refuse("file_not_a_table")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("file_protected")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise refuse("file_unpacks_too_large")
    for part in parts:
        # A small part may pack well by chance; a large one that does was made to.
        if part.file_size > _SMALL_PART and part.file_size > limits.packing_ratio * max(
            part.compress_size, 1
        ):
            raise refuse("file_unpacks_too_large")


def _look_through(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_elements(package)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise refuse("file_damaged") from None


def _open(data: bytes) -> Workbook:
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception:
        # openpyxl promises no set of errors: a damaged file fails wherever the damage is.
        raise refuse("file_damaged") from None


def _rows(book: Workbook, name: str) -> Iterator[tuple[int, list[Cell]]]:
    sheet = book[name]
    if not isinstance(sheet, ReadOnlyWorksheet):
        raise refuse("file_not_a_table")
    cells_seen = 0
    try:
        # What the file says about its own size is not to be believed, and costs memory if it is.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells_seen += len(values)
            if cells_seen > _MOST_CELLS:
                raise refuse("file_too_many_columns", f"row {number}")
            yield number, [_cell(value) for value in values]
    except Problem:
        raise
    except Exception:
        # As above: damage inside the sheet shows only while its rows are read.
        raise refuse("file_damaged") from None


def _cell(value: object) -> Cell:
    """A value as openpyxl gives it, without floats: a number becomes the shortest decimal that means it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return number if number.is_finite() else str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    return str(value)[:64] if isinstance(value, timedelta) else str(value)
