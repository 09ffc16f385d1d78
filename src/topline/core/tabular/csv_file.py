"""CSV: which encoding, which separator, which rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from topline.core.tabular.table import Cell, Limits, Source, Table, build, refuse

DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64 * 1024
_SAMPLE_ROWS: Final = 100
_HINT: Final = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Characters that no text file has: control characters but tab, line ends and form feed.
_BINARY: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


def read_csv(data: bytes, limits: Limits, header_number: int | None) -> Table:
    """A CSV file as a table. Refuses what is binary, cannot be decoded or has broken quotes."""
    text, encoding = decode(data)
    hint = _HINT.match(text)
    delimiter = hint.group(1) if hint is not None else sniff_delimiter(text)
    rows = _rows(text, delimiter, limits, hinted=hint is not None)
    return build(Source("csv", rows, encoding=encoding, delimiter=delimiter), limits, header_number)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: by its mark, else by trying."""
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None) or _unmarked(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refuse("file_encoding") from None
    if _BINARY.search(text):
        raise refuse("file_not_a_table")
    return text, encoding


def _unmarked(data: bytes) -> str:
    """The encoding of a file without a mark."""
    head = data[:1024]
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        # Ordinary letters have a zero byte on one side in UTF-16 and never in the others.
        zeros, others = head[first::2], head[1 - first :: 2]
        if len(head) >= 4 and zeros.count(0) * 2 > len(zeros) and 0 not in others:
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def sniff_delimiter(text: str) -> str:
    """The separator that cuts the first rows most evenly into more than one column; a comma when none does."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        # Without the last line, which is cut anywhere.
        sample = sample.rpartition("\n")[0] or sample
    return max(
        DELIMITERS, key=lambda delimiter: (*_evenness(sample, delimiter), -DELIMITERS.index(delimiter))
    )


def _evenness(sample: str, delimiter: str) -> tuple[bool, bool, float, int]:
    """(most rows have several columns, the first one has, share of rows as wide as most, that width).

    The first row counts for itself because a header has no decimal commas.
    """
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            # A row of nothing but separators is blank whichever of them is the separator.
            if any(cell.strip(DELIMITERS + " ") for cell in record):
                widths.append(len(record))
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    if not widths:
        return False, False, 0.0, 0
    width, count = Counter(widths).most_common(1)[0]
    return width > 1, widths[0] > 1, count / len(widths), width


def _rows(text: str, delimiter: str, limits: Limits, *, hinted: bool) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    # Strict, because a quotation mark that is never closed would quietly swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "file_cell_too_long" if "field limit" in str(error) else "file_quotes_broken"
            raise refuse(code, f"row {number + 1}") from None
        number += 1
        if hinted and number == 1:
            continue
        if len(record) > limits.columns * 10:
            raise refuse("file_too_many_columns", f"row {number}")
        yield number, list(record)
