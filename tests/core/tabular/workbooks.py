"""Makes workbooks and damaged packages for the tests."""

import io
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from topline.core.errors import Problem
from topline.core.tabular import Table, read_table


def workbook(rows: Iterable[Sequence[object]], title: str = "Days") -> bytes:
    """A plain XLSX with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, *, add: dict[str, bytes] | None = None, drop: Iterable[str] = ()) -> bytes:
    """The package with parts added, replaced or left out."""
    file = io.BytesIO()
    changed = add or {}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed and name not in set(drop):
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return file.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    """A ZIP of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def read_or_code(data: bytes) -> tuple[Table | None, str]:
    """The table, or the code of the refusal."""
    try:
        return read_table(data), ""
    except Problem as problem:
        return None, problem.fields[0].code
