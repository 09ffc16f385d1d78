"""How much a workbook may make its reader do.

The reader makes an object of every element of the parts it opens: 300,000 empty `<xf/>`, a file of 258 KB, took 480 MB.
Bytes say little about that, so elements are counted first, by a parser that keeps none of them.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final
from xml.parsers import expat

from topline.core.tabular.table import refuse

MB: Final = 1024 * 1024
SHEETS: Final = "xl/worksheets/"
STRINGS: Final = "xl/sharedStrings.xml"
#: 20,000 people with name, address and number of their own are 60,000 strings: 3 MB and 120,000 elements.
_STRINGS_BYTES: Final = 8 * MB
_STRINGS_ELEMENTS: Final = 250_000
#: 20,000 rows of 25 filled cells.
_SHEET_BYTES: Final = 32 * MB
_SHEET_ELEMENTS: Final = 1_050_000
#: A row is one object until its end. Excel has 16,384 columns, each a cell and its value.
_ROW_ELEMENTS: Final = 40_000
#: Styles, theme, names of sheets and all else: what Excel writes is a few hundred elements.
_OTHER_BYTES: Final = MB
_OTHER_ELEMENTS: Final = 10_000
#: Each name of a sheet makes the reader look for the size of its part, which may be the same for all.
_LOOKED_THROUGH: Final = 5_000_000
_CHUNK: Final = 64 * 1024


@dataclass
class _Count:
    """What was met in one part."""

    most: int
    is_sheet: bool
    elements: int = 0
    sheets: int = 0
    row: int = 0
    is_whole: bool = False
    overrides: list[dict[str, str]] = field(default_factory=list)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.row += 1
        local = name.rpartition(":")[2]
        if local == "row":
            self.row = 0
        elif local == "sheet":
            self.sheets += 1
        elif local == "Override":
            self.overrides.append(attributes)
        if self.elements > self.most or (self.is_sheet and self.row > _ROW_ELEMENTS):
            raise refuse("file_unpacks_too_large")


def check_elements(package: zipfile.ZipFile) -> None:
    """Go through every part once without keeping it. Raises the refusal of a workbook that is too much work."""
    sheets = largest = 0
    for part in package.infolist():
        most_bytes, most = _bounds(part.filename)
        # A picture may be larger: it is no XML, and the reader opens none.
        if part.file_size > most_bytes and not part.filename.startswith("xl/media/"):
            raise refuse("file_unpacks_too_large")
        with package.open(part) as content:
            found = _count(content, _Count(most, part.filename.startswith(SHEETS)))
        # Other parsers know more encodings: what could not be counted must not be read by one of them.
        if not found.is_whole and part.filename.lower().endswith((".xml", ".rels")):
            raise refuse("file_damaged")
        sheets += found.sheets
        largest = max(largest, found.elements)
        if any(_is_disguised(override) for override in found.overrides):
            raise refuse("file_damaged")
    if sheets * largest > _LOOKED_THROUGH:
        raise refuse("file_unpacks_too_large")


def _bounds(name: str) -> tuple[int, int]:
    if name.startswith(SHEETS):
        return _SHEET_BYTES, _SHEET_ELEMENTS
    return (_STRINGS_BYTES, _STRINGS_ELEMENTS) if name == STRINGS else (_OTHER_BYTES, _OTHER_ELEMENTS)


def _is_disguised(override: dict[str, str]) -> bool:
    """Whether a part with the bounds of a sheet or of the strings is to be read as something else."""
    name, kind = override.get("PartName", "").removeprefix("/"), override.get("ContentType", "")
    if not name.lower().endswith(".xml") and "spreadsheetml" in kind and kind.endswith("+xml"):
        return True
    if name.startswith(SHEETS):
        return not kind.endswith("spreadsheetml.worksheet+xml")
    return name == STRINGS and not kind.endswith("spreadsheetml.sharedStrings+xml")


def _count(content: IO[bytes], found: _Count) -> _Count:
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.begin
    parser.EntityDeclHandler = _no_entities
    try:
        for chunk in _chunks(content):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        found.is_whole = True
    except expat.ExpatError:
        found.is_whole = False
    return found


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


def _no_entities(*_: Any) -> None:
    raise refuse("file_damaged")
