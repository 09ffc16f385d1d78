"""A small workbook that would make its reader work hard is refused before the reader sees it."""

import io
import zipfile

import pytest

from tests.core.tabular.workbooks import read_or_code, repacked, workbook
from topline.core.tabular import read_table

PLAIN = workbook([["a", "b"], ["1", "2"]])
TYPES, STYLES = "[Content_Types].xml", "xl/styles.xml"
SHEET, STRINGS, BOOK, RELS = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STRINGS_KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as package:
        return package.read(name)


def many(what: bytes, count: int, inside: bytes, before: bytes = b"") -> bytes:
    """So many of an element."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<%s xmlns="%s">%s%s</%s>' % (inside, space, before, what * count, inside)


def with_strings(content: bytes) -> dict[str, bytes]:
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % STRINGS_KIND
    return {STRINGS: content, TYPES: part(TYPES).replace(b"</Types>", override)}


def stored(parts: dict[str, bytes]) -> bytes:
    """The plain workbook with these parts, not packed: so that how well they pack is no reason to refuse it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(repacked(PLAIN, add=parts))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


def swapped(old: bytes, new: bytes, name: str = TYPES) -> dict[str, bytes]:
    found = part(name)
    assert old in found
    return {name: found.replace(old, new)}


# Measured with the reader of production (no lxml), one core: the worst that still passes is a full sheet, 3 to 4
# seconds and 60 MB; 250,000 empty strings take a second and 25 MB, 10,000 styles a tenth of a second and 5 MB. Before
# these
# bounds 300,000 styles (258 KB as sent) took 4 seconds and 480 MB.
@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({STYLES: many(b"<xf/>", 20_000, b"styleSheet")}, id="styles"),
        pytest.param({STYLES: many(b"<!-- -->", 140_000, b"styleSheet")}, id="a megabyte of styles"),
        pytest.param({"xl/theme/theme1.xml": many(b"<a/>", 20_000, b"theme")}, id="theme"),
        pytest.param(with_strings(many(b"<si/>", 260_000, b"sst")), id="strings"),
        pytest.param(
            {SHEET: many(b"<c/>", 50_000, b"worksheet", b"<sheetData><row>") + b"</row></sheetData>"},
            id="one row",
        ),
        pytest.param({SHEET: many(b"<row/>", 1_100_000, b"worksheet")}, id="rows"),
        pytest.param({"xl/other.xml": many(b"<a/>", 20_000, b"a")}, id="whatever it is called"),
    ],
)
def test_too_many_elements_are_refused(parts: dict[str, bytes]) -> None:
    assert read_or_code(stored(parts))[1] == "file_unpacks_too_large"


def test_a_large_sheet_under_many_names_is_refused() -> None:
    """The reader looks for the size of a sheet once for each name, however many lead to the same part."""
    rows = many(b'<row><c t="n"><v>1</v></c></row>', 20_000, b"worksheet")
    names = b"".join(
        b'<sheet name="s%d" sheetId="%d" state="visible" r:id="rId1"/>' % (n, n) for n in range(2, 102)
    )
    relation = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    book = part(BOOK).replace(
        b"</sheets>", names.replace(b"<sheet ", b"<sheet %s " % relation) + b"</sheets>"
    )
    assert read_or_code(stored({SHEET: rows, BOOK: book}))[1] == "file_unpacks_too_large"
    assert read_table(stored({BOOK: book})).rows


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            swapped(b"/xl/workbook.xml", b"/xl/worksheets/workbook.xml"), id="book among the sheets"
        ),
        pytest.param(swapped(b"/xl/workbook.xml", b"/xl/sharedStrings.xml"), id="book as the strings"),
        pytest.param(swapped(b"/xl/workbook.xml", b"/xl/media/book.png"), id="book as a picture"),
        pytest.param(
            {STYLES: '<?xml version="1.0" encoding="cp037"?>'.encode("cp037") + "<a/>".encode("cp037")},
            id="an encoding in which nothing was counted",
        ),
    ],
)
def test_a_part_does_not_get_the_bounds_of_another(parts: dict[str, bytes]) -> None:
    assert read_or_code(stored(parts))[1] == "file_damaged"


def test_a_full_roster_is_far_from_the_bounds() -> None:
    """20,000 people, each with a name, an address and a number of their own in the strings all sheets share."""
    texts = b"".join(b"<si><t>somebody with a long name %d</t></si>" % n for n in range(60_000))
    cells = "".join(
        f'<row r="{n + 1}">'
        + "".join(f'<c r="{"ABC"[k]}{n + 1}" t="s"><v>{3 * n + k}</v></c>' for k in range(3))
        + "</row>"
        for n in range(20_000)
    )
    sheet = many(b"<sheetData>" + cells.encode() + b"</sheetData>", 1, b"worksheet")
    parts = {**with_strings(many(texts, 1, b"sst")), SHEET: sheet}
    assert len(read_table(repacked(PLAIN, add=parts)).rows) == 19_999
