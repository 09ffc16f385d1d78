"""A year of a hotel in every table: rows made up from the tables themselves, so that a new table is filled, too.

Nothing here knows what a behavior is. Foreign keys point to rows that exist, checks that list or bound values are read,
and what cannot be guessed stands in `GIVEN`. A table that stays empty fails the tests: it would be migrated unseen.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    insert,
)

from topline.core.db import Instant
from topline.core.migrations.connection import Limits, migration_engine
from topline.tables import metadata

FIRST_DAY: Final = date(2025, 3, 1)
DAYS: Final = 365

#: How many rows; other tables get `SOME`.
ROWS: Final = {
    "installation": 1,
    "organizations": 1,
    "locations": 2,
    "departments": 8,
    "roles": 12,
    "people": 200,
    "behaviors": 22,
    "pins": 200,
    "daily_entries": DAYS * 2,
    "daily_entry_versions": DAYS * 2,
    "person_results": 4_000,
    "day_totals": 10_000,
    "behavior_logs": 30_000,
    "log_events": 30_000,
    "audit_events": 5_000,
    "sign_ins": 2_000,
}
SOME: Final = 20

#: What a check wants and no rule below can guess.
GIVEN: Final = {
    "organizations.currency": "EUR",
    "installation.id": 1,
    "pins.pin_hash": "$2b$10$" + "a" * 53,
    "pins.pepper_version": 1,
    "authenticators.key_id": "1",
    "passwords.password_hash": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
}

Row = dict[str, Any]
_LISTED: Final = re.compile(r"(?:^|[\s\"(])(\w+)\"? IN \(([^)]*)\)")
_BETWEEN: Final = re.compile(r"(\w+) BETWEEN (\d+) AND (\d+)")


def fill(url: str) -> None:
    """Put a year into an empty, migrated database."""
    engine = migration_engine(url, Limits())
    try:
        with engine.begin() as connection:
            fill_tables(connection)
    finally:
        engine.dispose()


def fill_tables(connection: Connection) -> None:
    made: dict[str, list[Row]] = {}
    for table in metadata.sorted_tables:
        rows = list(_rows(table, made))
        assert rows, f"{table.name} stays empty: teach tests/upgrade/year.py how to fill it"
        made[table.name] = rows
        connection.execute(insert(table), rows)


def _rows(table: Table, made: dict[str, list[Row]]) -> Iterator[Row]:
    """Rows that differ in the primary key and in whatever else has to be unique."""
    keys: list[list[str]] = [[column.name for column in table.primary_key]]
    keys += [
        [column.name for column in unique.columns]
        for unique in table.constraints
        if isinstance(unique, UniqueConstraint)
    ]
    keys += [[column.name for column in index.columns] for index in table.indexes if index.unique]
    seen: list[set[tuple[Any, ...]]] = [set() for _ in keys]
    allowed = _allowed(table)
    for number in range(ROWS.get(table.name, SOME)):
        row = {column.key: _value(table, column, number, allowed) for column in table.columns}
        for foreign in table.foreign_key_constraints:
            targets = made[foreign.referred_table.name]
            target = targets[number % len(targets)]
            row |= {
                element.parent.name: target[element.column.name]
                for element in foreign.elements
                if element.parent.name == "organization_id" or not _points_to_itself(table, element.column)
            }
        values = [tuple(row[name] for name in key) for key in keys]
        if not any(value in known for value, known in zip(values, seen, strict=True)):
            for value, known in zip(values, seen, strict=True):
                known.add(value)
            yield row


def _points_to_itself(table: Table, column: Column[Any]) -> bool:
    return column.table is table


def _allowed(table: Table) -> dict[str, list[Any]]:
    """Values that the checks of the table list, or the whole range they bound."""
    allowed: dict[str, list[Any]] = {}
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            text = str(check.sqltext)
            for name, values in _LISTED.findall(text):
                allowed[name] = re.findall(r"'([^']*)'", values)
            for name, least, most in _BETWEEN.findall(text):
                allowed[name] = list(range(int(least), int(most) + 1))
    return allowed


def _value(table: Table, column: Column[Any], number: int, allowed: dict[str, list[Any]]) -> Any:
    name = f"{table.name}.{column.name}"
    if name in GIVEN:
        return GIVEN[name]
    if column.nullable and number % 3 == 2:
        return None
    if choices := allowed.get(column.name):
        return choices[number % len(choices)]
    return _of_type(column, name, number)


def _of_type(column: Column[Any], name: str, number: int) -> Any:
    digest = hashlib.sha256(f"{name} {number}".encode()).digest()
    kind = column.type
    if isinstance(kind, Uuid):
        return UUID(bytes=digest[:16])
    if isinstance(kind, Instant | DateTime):
        return datetime.combine(FIRST_DAY, datetime.min.time(), UTC) + timedelta(minutes=17 * number)
    if isinstance(kind, Date):
        return FIRST_DAY + timedelta(days=number % DAYS)
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, String):
        return f"{number} {column.name.replace('_', ' ')} of a year"[: kind.length or 200]
    if isinstance(kind, LargeBinary):
        return digest
    return {"number": number, "text": "Préféré"}
