"""Which column is which: fields with the names they go by, layouts known beforehand, and a person's choice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from topline.core.errors import FieldError
from topline.core.tabular.cells import DateOrder, DecimalSign
from topline.core.tabular.table import Cell, Table
from topline.core.text import fold_for_search

_IN_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORD: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """Something an import can read. `names` are headers it goes by, the surest first, in any spelling of case,
    accents and separators."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which field is in which column (index from 0), and how dates and amounts are written there."""

    columns: dict[str, int]
    date_order: DateOrder = DateOrder.YMD
    decimal_sign: DecimalSign = DecimalSign.POINT


@dataclass(frozen=True, slots=True)
class Preset:
    """A known layout: the header each field has in it. `label_key` is its name in the catalogue of words.

    `is_exact` says that dates and amounts are always written in this way there, so that nothing is guessed from them.
    """

    key: str
    label_key: str
    headers: dict[str, str]
    date_order: DateOrder = DateOrder.YMD
    decimal_sign: DecimalSign = DecimalSign.POINT
    is_exact: bool = False


def spellings(*lines: str) -> tuple[str, ...]:
    """Names written as comma separated lines, for the long lists of headers a field goes by."""
    return tuple(name.strip() for line in lines for name in line.split(","))


def plain_header(text: str) -> str:
    """A header without case, accents, brackets and signs: `Zimmer_verkauft (Anz.)` → `zimmer verkauft`."""
    return " ".join(_NOT_WORD.sub(" ", fold_for_search(_IN_BRACKETS.sub(" ", text)).lower()).split())


def guess_columns(header: Sequence[str], fields: Iterable[Field]) -> dict[str, int]:
    """The columns whose headers name a field; each column and each field at most once.

    Only whole names count. A near miss (`net revenue` for `revenue`) is left for a person to choose.
    """
    plain = [plain_header(name) for name in header]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for field in fields:
        for name in field.names:
            wanted = plain_header(name)
            index = next(
                (place for place, head in enumerate(plain) if head == wanted and place not in taken), None
            )
            if index is not None:
                found[field.key] = index
                taken.add(index)
                break
    return found


def find_preset(header: Sequence[str], presets: Iterable[Preset]) -> Preset | None:
    """The first preset all of whose headers are there."""
    plain = {plain_header(name) for name in header}
    return next(
        (preset for preset in presets if {plain_header(h) for h in preset.headers.values()} <= plain), None
    )


def apply_preset(header: Sequence[str], preset: Preset) -> Mapping:
    """The mapping a preset means for this header; fields whose header is missing are left out."""
    plain = [plain_header(name) for name in header]
    columns = {
        key: plain.index(wanted)
        for key, name in preset.headers.items()
        if (wanted := plain_header(name)) in plain
    }
    return Mapping(columns, preset.date_order, preset.decimal_sign)


def check_mapping(mapping: Mapping, fields: Iterable[Field], header: Sequence[str]) -> list[FieldError]:
    """What is wrong with a person's choice of columns; empty when the rows can be read."""
    known = {field.key: field for field in fields}
    errors: list[FieldError] = []
    used: dict[int, str] = {}
    for key, index in mapping.columns.items():
        name = f"columns.{key}"
        if key not in known:
            errors.append(FieldError(name, "column_field_unknown", "There is no such field."))
        elif not 0 <= index < len(header):
            errors.append(FieldError(name, "column_out_of_range", "There is no such column."))
        elif index in used:
            errors.append(FieldError(name, "column_used_twice", "This column is chosen for two fields."))
        used[index] = key
    for field in known.values():
        if field.required and field.key not in mapping.columns:
            errors.append(FieldError(f"columns.{field.key}", "column_missing", "Choose a column for this."))
    return errors


def sample(table: Table, index: int, count: int = 200) -> list[Cell]:
    """The first cells of a column, for guessing how it is written."""
    return [row.cells[index] for row in table.rows[:count]]
