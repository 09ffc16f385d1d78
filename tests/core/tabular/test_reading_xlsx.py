"""Workbooks: exact numbers, dates as dates, and nothing that could hurt is opened."""

import io
import time
import zipfile
from datetime import date, datetime, time as clock_time
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook

from tests.core.tabular.workbooks import package, read_or_code, repacked, saved, workbook
from topline.core.errors import Problem
from topline.core.tabular import FILE_ERRORS, Limits, Row, read_table

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

ROWS: list[list[object]] = [["date", "revenue"], [date(2026, 3, 4), 5868.01]]


def refused(data: bytes, **options: object) -> str:
    with pytest.raises(Problem) as caught:
        read_table(data, **options)  # type: ignore[arg-type]
    (error,) = caught.value.fields
    assert error.field == "file"
    return error.code


def test_cells_keep_their_kind_and_numbers_are_exact() -> None:
    data = workbook(
        [
            ["a", "b", "c", "d", "e", "f"],
            [datetime(2026, 3, 4, 0, 0), 0.1, 5868.01, 12, True, "text"],  # noqa: DTZ001
            [clock_time(7, 30), -1.5, 1e21, None, "  ", "=1+1"],
        ]
    )
    table = read_table(data)
    assert table.kind == "xlsx"
    assert table.rows[0].cells == (
        datetime(2026, 3, 4),  # noqa: DTZ001
        Decimal("0.1"),
        Decimal("5868.01"),
        Decimal(12),
        "true",
        "text",
    )
    # A formula nobody has calculated yet has no value to take.
    assert table.rows[1].cells == ("07:30:00", Decimal("-1.5"), Decimal("1e+21"), None, None, None)


def test_rows_are_numbered_as_the_sheet_shows_them() -> None:
    table = read_table(workbook([[], ["a", "b"], [1, 2], [], [3, 4]]))
    assert table.header_number == 2
    assert [row.number for row in table.rows] == [3, 5]
    assert table.blank_rows == 1


def test_the_first_visible_sheet_is_read_unless_another_is_named() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Secret"
    first.sheet_state = "hidden"
    for title, value in (("Days", 1), ("More", 2)):
        sheet = book.create_sheet(title)
        sheet.append(["a"])
        sheet.append([value])
    data = saved(book)
    table = read_table(data)
    assert (table.sheet, table.sheets) == ("Days", ("Days", "More"))
    assert read_table(data, sheet="More").rows == (Row(2, (Decimal(2),)),)
    assert refused(data, sheet="Secret") == "file_sheet_unknown"


def test_what_a_sheet_says_about_its_own_size_is_not_believed() -> None:
    data = workbook(ROWS)
    with zipfile.ZipFile(io.BytesIO(data)) as package_:
        sheet = package_.read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
    assert lying != sheet
    start = time.perf_counter()
    assert len(read_table(repacked(data, add={"xl/worksheets/sheet1.xml": lying})).rows) == 1
    assert time.perf_counter() - start < 5


def sheet_xml(body: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    ).encode()


def with_sheet(content: bytes) -> bytes:
    return repacked(workbook(ROWS), add={"xl/worksheets/sheet1.xml": content})


def test_a_sheet_of_far_away_cells_does_not_keep_us_busy() -> None:
    rows = "".join(f'<row r="{number}"><c r="XFD{number}"/></row>' for number in range(1, 60_000))
    start = time.perf_counter()
    assert refused(with_sheet(sheet_xml(rows))) == "file_too_many_columns"
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'), None),
        (sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="9999999"><c r="A2"/></row>'), "file_too_many_rows"),
        (sheet_xml('<row r="1"><c r="CV1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'), None),
        (sheet_xml('<row r="1"><c r="CW1"><v>1</v></c></row>'), "file_too_many_columns"),
        (sheet_xml('<row r="1"><c r="A1" t="s"><v>999</v></c></row>'), "file_damaged"),
        (sheet_xml('<row r="1"><c r="A1"><v>no number</v></c></row>'), "file_damaged"),
        (b"<worksheet", "file_damaged"),
        (b"", "file_damaged"),
    ],
)  # fmt: skip
def test_odd_sheets_are_read_or_refused(content: bytes, code: str | None) -> None:
    if code is None:
        assert len(read_table(with_sheet(content)).rows) == 1
    else:
        assert refused(with_sheet(content)) == code


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    assert refused(with_sheet(bomb)) == "file_damaged"
    shared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>'
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as parts:
        types = parts.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    added = {"xl/sharedStrings.xml": shared, "[Content_Types].xml": types.replace(b"</Types>", override)}
    assert refused(repacked(workbook(ROWS), add=added)) == "file_damaged"
    # The same workbook with harmless shared strings opens: it was the entity that was refused.
    added["xl/sharedStrings.xml"] = b"<sst><si><t>x</t></si></sst>"
    assert len(read_table(repacked(workbook(ROWS), add=added)).rows) == 1


def test_bombs_are_not_unpacked() -> None:
    blank = b" " * (30 * 1024 * 1024)
    assert refused(repacked(workbook(ROWS), add={"xl/media/image1.xml": blank})) == "file_unpacks_too_large"
    many = {f"xl/media/{number}": b"" for number in range(510)}
    assert refused(repacked(workbook(ROWS), add=many)) == "file_unpacks_too_large"
    limits = Limits(unpacked_bytes=1_000)
    assert refused(workbook(ROWS), limits=limits) == "file_unpacks_too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "file_old_excel"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
            "file_protected",
        ),
        (repacked(workbook(ROWS), add={"xl/vbaProject.bin": b"macro"}), "file_has_macros"),
        (repacked(workbook(ROWS), add={"xl/macrosheets/sheet1.xml": b"<x/>"}), "file_has_macros"),
        (repacked(workbook(ROWS), add={"xl/workbook.bin": b"binary"}), "file_kind_not_supported"),
        (
            package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
            "file_kind_not_supported",
        ),
        (package({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "file_not_a_table"),
        (package({"readme.txt": b"hello"}), "file_not_a_table"),
        (repacked(workbook(ROWS), drop=["xl/worksheets/sheet1.xml"]), "file_not_a_table"),
        (repacked(workbook(ROWS), drop=["xl/workbook.xml"]), "file_damaged"),
        (workbook(ROWS)[:-200], "file_damaged"),
        (b"PK\x03\x04 and then nothing of the kind", "file_damaged"),
        (workbook([]), "file_empty"),
        (workbook([["a", "b"]]), "file_no_rows"),
        (workbook([["a"], ["x" * 2_001]]), "file_cell_too_long"),
    ],
)
def test_what_is_no_plain_workbook_is_refused_with_the_reason(data: bytes, code: str) -> None:
    assert refused(data) == code


#: Made once: a workbook carries the time of its making, and examples must be the same when they are tried again.
ORIGINAL = workbook(ROWS)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_with_flipped_bytes_is_a_table_or_refused(data: st.DataObject) -> None:
    original = bytearray(ORIGINAL)
    for _ in range(data.draw(st.integers(1, 8))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    table, code = read_or_code(bytes(original))
    if table is None:
        assert code in FILE_ERRORS
    else:
        assert table.rows
