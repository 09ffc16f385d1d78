"""An uploaded file beside what is there already: everything a person needs to decide about an import."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from topline.core.errors import Problem
from topline.core.tabular import Table, read_table, shown
from topline.core.transaction import Read
from topline.people.importing import ROSTER_FIELDS, TEMPLATE_HEADER as ROSTER_HEADER
from topline.results.importing import DAILY_FIELDS, TEMPLATE_HEADER as DAILY_HEADER
from topline.results.options import DAILY, ImportOptions
from topline.results.queries.imports import ImportView
from topline.results.queries.plan import Plan, Reading
from topline.results.queries.plan_daily import plan_days, propose_daily, read_days
from topline.results.queries.plan_roster import plan_people, propose_people, read_people

EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file with the beginning of what is in it."""

    index: int
    header: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The file's columns, what can be read from them, and what would be done."""

    columns: tuple[Column, ...]
    fields: tuple[tuple[str, bool], ...]
    sheets: tuple[str, ...]
    sheet: str | None
    file_kind: str
    plan: Plan[Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read ahead of the transaction in which its import is done, and the choices it was read with."""

    import_id: UUID
    options: ImportOptions
    location_id: UUID | None
    reading: Reading[Any]


def open_file(content: bytes | None, sheet: str | None = None) -> Table:
    """The table in an uploaded file. Slow: not inside a writing transaction. Raises a 4xx that names what is wrong."""
    if content is None:
        raise Problem("not_found", "This file is no longer kept. Upload it again.")
    return read_table(content, sheet=sheet)


def propose_options(tx: Read, kind: str, table: Table) -> tuple[ImportOptions, str | None]:
    """How the file seems to be meant, and the known layout it is, if it is one."""
    return propose_daily(tx, table) if kind == DAILY else propose_people(table)


def prepare(tx: Read, view: ImportView, table: Table) -> Prepared:
    """Read every row with the choices made so far."""
    read = read_days if view.kind == DAILY else read_people
    return Prepared(view.id, view.options, view.location_id, read(tx, view, table))


def plan_import(tx: Read, view: ImportView, reading: Reading[Any], *, lock: bool = False) -> Plan[Any]:
    """What would be done now with what was read."""
    if view.kind == DAILY:
        return plan_days(tx, view, reading, lock=lock)
    return plan_people(tx, view, reading)


def preview(tx: Read, view: ImportView, table: Table) -> Preview:
    """Everything about an import that is not done yet."""
    fields = DAILY_FIELDS if view.kind == DAILY else ROSTER_FIELDS
    return Preview(
        columns=_columns(table),
        fields=tuple((field.key, field.required) for field in fields),
        sheets=table.sheets,
        sheet=table.sheet,
        file_kind=table.kind,
        plan=plan_import(tx, view, prepare(tx, view, table).reading),
    )


def template_header(kind: str) -> tuple[str, ...]:
    """The first line of the file Topline offers to fill in."""
    return DAILY_HEADER if kind == DAILY else ROSTER_HEADER


def _columns(table: Table) -> tuple[Column, ...]:
    examples: list[list[str]] = [[] for _ in table.header]
    for row in table.rows[:50]:
        for index, cell in enumerate(row.cells):
            if cell is not None and len(examples[index]) < EXAMPLES:
                examples[index].append(shown(cell))
    return tuple(Column(i, head, tuple(examples[i])) for i, head in enumerate(table.header))
