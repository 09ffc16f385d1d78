"""What came of reading the rows of a file: the good ones, and for every bad one where and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

from topline.core.tabular.cells import CellError
from topline.core.tabular.columns import Mapping
from topline.core.tabular.table import Cell, Row, Table, column_name, is_blank

SHOWN: Final = 60
MOST_PER_PAGE: Final = 100

Value = TypeVar("Value")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One complaint about a row.

    `row` is as a spreadsheet counts it, `column` its letter ("" when the whole row is meant), `value` the beginning of
    what stood there, as text.
    """

    row: int
    column: str
    field: str
    code: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item]):
    """All rows of a file: good + bad + blank = total. Problems stop a row, warnings only want to be seen."""

    items: tuple[Item, ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    blank: int

    @property
    def good(self) -> int:
        """How many rows can be imported."""
        return len(self.items)

    @property
    def bad(self) -> int:
        """How many rows cannot."""
        return len({problem.row for problem in self.problems})

    @property
    def total(self) -> int:
        """How many rows there were below the header."""
        return self.good + self.bad + self.blank

    @property
    def is_clean(self) -> bool:
        """Whether everything can be imported: an import is all or nothing."""
        return not self.problems

    def first(self, count: int = 10) -> tuple[Item, ...]:
        """The first good rows, for a preview."""
        return self.items[:count]

    def problem_page(self, offset: int = 0, limit: int = 50) -> tuple[RowProblem, ...]:
        """Some of the problems, in the order of rows; at most 100 at a time."""
        return page(self.problems, offset, limit)

    def warning_page(self, offset: int = 0, limit: int = 50) -> tuple[RowProblem, ...]:
        """Some of the warnings, in the order of rows; at most 100 at a time."""
        return page(self.warnings, offset, limit)


def page(problems: Sequence[RowProblem], offset: int, limit: int) -> tuple[RowProblem, ...]:
    """The part of a list from `offset`, at most `limit` and at most 100 long."""
    start = max(0, offset)
    return tuple(problems[start : start + max(0, min(limit, MOST_PER_PAGE))])


@dataclass(slots=True)
class RowReader:
    """Reads the fields of one row and gathers everything that is wrong with it, not only the first thing."""

    row: Row
    mapping: Mapping
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    def optional(self, key: str, read: Callable[[Cell], Value]) -> Value | None:
        """The value of a field; None where it is blank, has no column, or cannot be read (then a problem is noted)."""
        cell = self.cell(key)
        if is_blank(cell):
            return None
        try:
            return read(cell)
        except CellError as error:
            self.problem(key, error.code, str(error))
            return None

    def required(self, key: str, read: Callable[[Cell], Value]) -> Value | None:
        """Like `optional`, but a blank is a problem too (`missing`)."""
        if is_blank(self.cell(key)):
            self.problem(key, "missing", "Something must stand here.")
            return None
        return self.optional(key, read)

    def cell(self, key: str) -> Cell:
        """The raw cell of a field, None where the field has no column."""
        index = self.mapping.columns.get(key)
        return None if index is None else self.row.cells[index]

    def problem(self, key: str, code: str, message: str) -> None:
        """Note something that stops this row."""
        self.problems.append(self._about(key, code, message))

    def warning(self, key: str, code: str, message: str) -> None:
        """Note something odd about this row."""
        self.warnings.append(self._about(key, code, message))

    def _about(self, key: str, code: str, message: str) -> RowProblem:
        index = self.mapping.columns.get(key)
        column = "" if index is None else column_name(index)
        return RowProblem(self.row.number, column, key, code, message, shown(self.cell(key)))


def read_rows(table: Table, mapping: Mapping, read: Callable[[RowReader], Item | None]) -> Outcome[Item]:
    """Read every row. `read` returns the item, or notes at least one problem; a row with a problem gives no item."""
    items: list[Item] = []
    problems: list[RowProblem] = []
    warnings: list[RowProblem] = []
    for row in table.rows:
        reader = RowReader(row, mapping)
        if row.is_too_wide:
            reader.problem("", "row_too_wide", "This row has more cells than the header.")
            item = None
        else:
            item = read(reader)
        if item is None and not reader.problems:
            reader.problem("", "row_unreadable", "This row cannot be read.")
        if item is not None and not reader.problems:
            items.append(item)
        problems += reader.problems
        warnings += reader.warnings
    return Outcome(tuple(items), tuple(problems), tuple(warnings), table.blank_rows)


def shown(cell: Cell) -> str:
    """The beginning of a cell as text, on one line, for a message beside it."""
    if cell is None:
        return ""
    text = cell.isoformat() if isinstance(cell, date) else str(cell) if isinstance(cell, Decimal) else cell
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def seen_before(reader: RowReader, seen: dict[str, int], key: str, value: str, message: str) -> None:
    """Note a problem when an earlier row of the file has the same value; the earlier row stays good."""
    earlier = seen.setdefault(value, reader.row.number)
    if earlier != reader.row.number:
        reader.problem(key, "duplicate_in_file", f"{message} (row {earlier}).")


def codes_of(problems: Iterable[RowProblem]) -> dict[str, int]:
    """How often each code occurs, the most frequent first."""
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.code] = counts.get(problem.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
