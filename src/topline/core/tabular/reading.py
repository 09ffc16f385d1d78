"""From bytes to a table, judging the file by what is in it and never by its name."""

import importlib
from typing import Final

from topline.core.tabular.csv_file import read_csv
from topline.core.tabular.table import LIMITS, Limits, Table, refuse

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"<?xml",
    b"<!DOCTYPE",
    b"<html",
)


def read_table(
    data: bytes, *, sheet: str | None = None, header_number: int | None = None, limits: Limits = LIMITS
) -> Table:
    """The table in an uploaded file, CSV or XLSX.

    `sheet` names the sheet of a workbook (default: the first visible one); `header_number` the row that holds the
    header as a spreadsheet counts it (default: the first that is not blank). Raises `Problem` with one field error
    about `file` whose code is a key of `table.FILE_ERRORS`.
    """
    if len(data) > limits.file_bytes:
        raise refuse("file_too_large")
    if not data.strip():
        raise refuse("file_empty")
    if data.startswith(_OLE):
        # A workbook with a password is the same old container around an encrypted new file.
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise refuse("file_protected" if is_encrypted else "file_old_excel")
    if data.startswith(_ZIP):
        # Loaded with the first workbook: the reader behind it costs every start of the program a tenth of a second.
        workbook = importlib.import_module("topline.core.tabular.xlsx_file")
        found: Table = workbook.read_xlsx(data, limits, sheet, header_number)
        return found
    if data.lstrip()[:16].startswith(_OTHER):
        raise refuse("file_not_a_table")
    return read_csv(data, limits, header_number)
