"""What an import would do, row by row: worked out before anything is written, and again when it is."""

from collections.abc import Iterable, Mapping as Map
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from topline.core.errors import FieldError
from topline.core.tabular import DateOrder, DecimalSign, Mapping, Outcome, RowProblem, Table
from topline.results.options import ImportOptions

Item = TypeVar("Item")
Row = TypeVar("Row")

NEW: Final = "new"
CHANGED: Final = "changed"
ADJUSTED: Final = "adjusted"
UNCHANGED: Final = "unchanged"
SKIPPED: Final = "skipped"
UNDECIDED: Final = "undecided"
ACTS: Final = (NEW, CHANGED, ADJUSTED, UNCHANGED, SKIPPED, UNDECIDED)
#: What is written; the other acts leave everything as it is.
WRITTEN: Final = frozenset({NEW, CHANGED, ADJUSTED})

DUPLICATE: Final = "duplicate_in_file"


@dataclass(frozen=True, slots=True)
class Reading(Generic[Item]):
    """What a file says by itself. `repeated` are rows that say an earlier (or later) row's thing again."""

    items: tuple[Item, ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    repeated: tuple[RowProblem, ...]
    blank: int
    total: int
    blockers: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan(Generic[Row]):
    """What would be done with each good row, and why the rest cannot be. `blockers` stop the whole import.

    In `counts` the acts, `repeated`, `bad` and `blank` add up to `total`, the rows below the header.
    """

    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    blockers: tuple[FieldError, ...]
    counts: dict[str, int]
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether it can be done now."""
        return not self.blockers


def mapping_of(options: ImportOptions) -> Mapping:
    """The chosen columns and ways of writing; what is still open is read in the first way."""
    return Mapping(
        dict(options.columns),
        DateOrder(options.date_order or "ymd"),
        DecimalSign(options.decimal_sign or "."),
    )


def turned(table: Table, options: ImportOptions) -> Table:
    """The table with its last row first when of a repeated thing the last counts: the first one read wins."""
    if options.repeated != "last":
        return table
    return Table(
        table.header,
        table.header_number,
        table.rows[::-1],
        table.blank_rows,
        table.kind,
        table.encoding,
        table.delimiter,
        table.sheet,
        table.sheets,
    )


def unreadable(table: Table, errors: Iterable[FieldError]) -> Reading[Any]:
    """The reading of a file whose columns are not chosen yet."""
    total = len(table.rows) + table.blank_rows
    return Reading((), (), (), (), table.blank_rows, total, tuple(errors))


def reading_of(table: Table, outcome: Outcome[Item], options: ImportOptions) -> Reading[Item]:
    """Sort repeated rows from wrong ones: the former are a choice, the latter a mistake."""
    wrong: dict[int, set[str]] = {}
    for problem in outcome.problems:
        wrong.setdefault(problem.row, set()).add(problem.code)
    again = {row for row, codes in wrong.items() if codes == {DUPLICATE}}
    repeated = tuple(sorted((p for p in outcome.problems if p.row in again), key=_place))
    problems = tuple(sorted((p for p in outcome.problems if p.row not in again), key=_place))
    blockers = []
    if repeated and options.repeated == "refuse":
        message = f"{counted(len(again), 'row says', 'rows say')} something twice. Does the first or the last count?"
        blockers.append(FieldError("repeated", "undecided", message))
    if problems and options.bad_rows == "refuse":
        count = len({problem.row for problem in problems})
        message = f"{counted(count, 'row has', 'rows have')} mistakes. Correct the file, or leave them out."
        blockers.append(FieldError("bad_rows", "undecided", message))
    items = sorted(outcome.items, key=lambda item: item.row)  # type: ignore[attr-defined]
    warnings = tuple(sorted(outcome.warnings, key=_place))
    total = len(table.rows) + table.blank_rows
    return Reading(tuple(items), problems, warnings, repeated, outcome.blank, total, tuple(blockers))


def plan_of(
    reading: Reading[Any],
    rows: Iterable[tuple[str, Row]],
    problems: Iterable[RowProblem],
    blockers: Iterable[FieldError],
    extras: Map[str, Any] | None = None,
) -> Plan[Row]:
    """Put a plan together; `problems` and `blockers` are those beyond the file's own."""
    decided = list(rows)
    found = tuple(sorted((*reading.problems, *problems), key=_place))
    counts = {act: sum(1 for name, _ in decided if name == act) for act in ACTS}
    counts["repeated"] = len({problem.row for problem in reading.repeated})
    counts["bad"] = len({problem.row for problem in found})
    counts["blank"] = reading.blank
    counts["total"] = reading.total
    counts["warnings"] = len(reading.warnings)
    stops = [*reading.blockers, *blockers]
    if not stops and not any(counts[act] for act in WRITTEN):
        stops.append(FieldError("file", "nothing_to_import", "Everything in this file is there already."))
    is_open = any(blocker.field == "repeated" for blocker in reading.blockers)
    shown = (*found, *reading.repeated) if is_open else found
    return Plan(
        tuple(row for _, row in decided),
        tuple(sorted(shown, key=_place)),
        reading.warnings,
        tuple(stops),
        counts,
        dict(extras or {}),
    )


def counted(count: int, one: str, several: str) -> str:
    """A count with its words: `1 row has`, `2 rows have`."""
    return f"{count} {one if count == 1 else several}"


def _place(problem: RowProblem) -> tuple[int, str, str]:
    return problem.row, problem.column, problem.code
