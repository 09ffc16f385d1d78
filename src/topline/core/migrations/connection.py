"""How a migration connects: bounded waits on PostgreSQL, tables rebuilt without harm on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine, event, inspect, pool


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a migration may stand in the way, and how patient it is. All times in seconds.

    Whoever asks for a table that a migration waits for waits behind it. Therefore the wait for a lock is short, and a
    refused revision is taken back whole and tried again later.
    """

    lock_timeout: float = 0.5
    statement_timeout: float = 600.0
    attempts: int = 12
    first_pause: float = 1.0
    longest_pause: float = 20.0
    wait_for_other: float = 600.0


class UnsafeRebuild(Exception):
    """A revision on SQLite left rows that point nowhere, or a table it should not have touched with fewer rows."""


def migration_engine(url: str, limits: Limits) -> Engine:
    """An engine for migrations only: one connection at a time, none kept."""
    if url.startswith("postgresql://"):
        return create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            poolclass=pool.NullPool,
            connect_args={
                "application_name": "topline migrate",
                # Whoever changes rows for a new schema changes those of every organization.
                "options": "-c timezone=UTC -c topline.door=everywhere"
                f" -c lock_timeout={int(limits.lock_timeout * 1000)}"
                f" -c statement_timeout={int(limits.statement_timeout * 1000)}",
            },
        )
    engine = create_engine(
        url,
        poolclass=pool.NullPool,
        connect_args={"isolation_level": None, "timeout": limits.lock_timeout},
    )

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # A table is rebuilt by copying and dropping it; with foreign keys on, the drop would silently delete every row
        # that points to it. Inside a transaction the switch does nothing, so it is turned before.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def connect(url: str, limits: Limits = Limits()) -> Iterator[Connection]:
    """A connection for migrations."""
    with migration_engine(url, limits).connect() as connection:
        yield connection


@contextmanager
def unharmed(connection: Connection, may_change: frozenset[str]) -> Iterator[None]:
    """Run the block; on SQLite as one transaction that is taken back when it harmed other rows.

    PostgreSQL needs none of it: Alembic opens the transaction, a table is never rebuilt, foreign keys stay on.
    `may_change` names tables in which the revision inserts or deletes rows on purpose.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    with connection.begin():
        before = _row_counts(connection)
        orphans = _orphans(connection)
        yield
        after = _row_counts(connection)
        fresh = _orphans(connection) - orphans
        if fresh:
            raise UnsafeRebuild(f"rows of {', '.join(sorted({row[0] for row in fresh}))} point nowhere")
        for table in sorted((before.keys() & after.keys()) - may_change):
            if before[table] != after[table]:
                raise UnsafeRebuild(f"{table} had {before[table]} rows and has {after[table]}")


def _row_counts(connection: Connection) -> dict[str, int]:
    tables = set(inspect(connection).get_table_names()) - {"alembic_version", "schema_history"}
    return {
        table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()  # noqa: S608
        for table in tables
    }


def _orphans(connection: Connection) -> set[tuple[str, int, str]]:
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return {(row[0], row[1], row[2]) for row in found}
