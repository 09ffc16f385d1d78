"""Tables out of uploaded files: CSV and XLSX, recognised by their content, read within limits.

`reading` makes rows of cells from bytes; `columns` finds out which column is which; `cells` turns a cell into a
date, an amount, a count or a text; `outcome` gathers what was good and what was not.
"""

from topline.core.tabular.cells import (
    CellError,
    DateOrder,
    DecimalSign,
    date_orders,
    decimal_signs,
    read_amount,
    read_count,
    read_date,
    read_email,
    read_line,
    read_note,
)
from topline.core.tabular.columns import (
    Field,
    Mapping,
    Preset,
    apply_preset,
    check_mapping,
    find_preset,
    guess_columns,
    sample,
    spellings,
)
from topline.core.tabular.outcome import (
    Outcome,
    RowProblem,
    RowReader,
    codes_of,
    page,
    read_rows,
    seen_before,
    shown,
)
from topline.core.tabular.reading import read_table
from topline.core.tabular.table import FILE_ERRORS, LIMITS, Cell, Limits, Row, Table, column_name, is_blank

__all__ = [
    "FILE_ERRORS",
    "LIMITS",
    "Cell",
    "CellError",
    "DateOrder",
    "DecimalSign",
    "Field",
    "Limits",
    "Mapping",
    "Outcome",
    "Preset",
    "Row",
    "RowProblem",
    "RowReader",
    "Table",
    "apply_preset",
    "check_mapping",
    "codes_of",
    "column_name",
    "date_orders",
    "decimal_signs",
    "find_preset",
    "guess_columns",
    "is_blank",
    "page",
    "read_amount",
    "read_count",
    "read_date",
    "read_email",
    "read_line",
    "read_note",
    "read_rows",
    "read_table",
    "sample",
    "seen_before",
    "shown",
    "spellings",
]
