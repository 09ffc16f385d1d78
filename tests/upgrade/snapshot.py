"""What stands in a database: rows and a checksum of each column, to compare before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Inspector, inspect

from topline.core.migrations import connect

#: Kept by Alembic and the runner; they change with every revision.
OWN = {"alembic_version", "schema_history"}


@dataclass(frozen=True)
class Rows:
    """How many rows, and per column a sum over (key, value) that does not depend on their order."""

    count: int
    columns: dict[str, int]


def snapshot(url: str) -> dict[str, Rows]:
    """Every table of the database."""
    with connect(url) as connection:
        found = inspect(connection)
        return {name: _rows(connection, found, name) for name in set(found.get_table_names()) - OWN}


def differences(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """What is not the same in the tables and columns that both have."""
    wrong = []
    for table in sorted(before.keys() & after.keys()):
        one, other = before[table], after[table]
        if one.count != other.count:
            wrong.append(f"{table}: {one.count} rows, then {other.count}")
        shared = one.columns.keys() & other.columns.keys()
        wrong += [f"{table}.{name}" for name in sorted(shared) if one.columns[name] != other.columns[name]]
    return wrong


def shape(url: str) -> dict[str, Any]:
    """Tables, columns, keys, checks and indexes, as the database tells them."""
    with connect(url) as connection:
        found = inspect(connection)
        return {
            table: {
                "columns": sorted(
                    (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)
                ),
                "checks": _named(found.get_check_constraints(table)),
                "foreign": _named(found.get_foreign_keys(table)),
                "unique": _named(found.get_unique_constraints(table)),
                "indexes": _named(found.get_indexes(table)),
            }
            for table in found.get_table_names()
        }


def _named(things: Iterable[Any]) -> list[str]:
    return sorted(str(thing["name"]) for thing in things)


def _rows(connection: Connection, found: Inspector, table: str) -> Rows:
    names = [column["name"] for column in found.get_columns(table)]
    keys = [names.index(name) for name in found.get_pk_constraint(table)["constrained_columns"]]
    sums = [0] * len(names)
    count = 0
    quoted = ", ".join(f'"{name}"' for name in names)
    for row in connection.exec_driver_sql(f'SELECT {quoted} FROM "{table}"'):
        key = tuple(row[at] for at in keys)
        count += 1
        for at, value in enumerate(row):
            sums[at] += hash((key, repr(value)))
    return Rows(count, dict(zip(names, sums, strict=True)))
