"""What going down would throw away, read from the SQL of the way down and counted in the database."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, inspect

_NAME: Final = r'"?(\w+)"?'
_TABLE: Final = re.compile(
    rf"\b(?:DROP TABLE(?: IF EXISTS)?|TRUNCATE(?: TABLE)?|DELETE FROM) {_NAME}", re.IGNORECASE
)
_COLUMN: Final = re.compile(
    rf"\bALTER TABLE (?:ONLY )?{_NAME} DROP COLUMN (?:IF EXISTS )?{_NAME}", re.IGNORECASE
)
_EMPTY: Final = "('', '0', 'false', '[]', '{}')"
_OWN: Final = {"schema_history", "alembic_version"}


@dataclass(frozen=True, slots=True)
class Loss:
    """A table or column that goes, and how many rows or values it holds now."""

    table: str
    column: str
    count: int

    def __str__(self) -> str:
        if self.column:
            return f"{self.table}.{self.column}: {self.count:,} {'value' if self.count == 1 else 'values'}"
        return f"{self.table}: {self.count:,} {'row' if self.count == 1 else 'rows'}"


def dropped(sql: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The tables, and the columns of other tables, that the statements drop."""
    tables = [name for name in dict.fromkeys(_TABLE.findall(sql)) if name not in _OWN]
    columns = [found for found in dict.fromkeys(_COLUMN.findall(sql)) if found[0] not in tables]
    return tables, columns


def losses(connection: Connection, sql: str) -> tuple[Loss, ...]:
    """What would be lost by running `sql` now; nothing where a table is empty or a column has no value."""
    tables, columns = dropped(sql)
    there = set(inspect(connection).get_table_names())
    found = [Loss(table, "", _count(connection, table)) for table in tables if table in there]
    found += [
        # What an expansion gave to the rows that were there (nothing, no, zero) says nothing, so it is no loss.
        Loss(table, column, _count(connection, table, f"""CAST("{column}" AS VARCHAR) NOT IN {_EMPTY}"""))
        for table, column in columns
        if table in there
    ]
    return tuple(loss for loss in found if loss.count)


def _count(connection: Connection, table: str, condition: str = "true") -> int:
    sql = f'SELECT count(*) FROM "{table}" WHERE {condition}'  # noqa: S608
    counted: int = connection.exec_driver_sql(sql).scalar_one()
    return counted
