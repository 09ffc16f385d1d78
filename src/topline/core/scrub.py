"""Leave nothing readable behind where something was deleted: free pages, dead rows, the write-ahead log, statistics.

What a copy of the database holds that was made before (a backup, a replica's log, PostgreSQL's own write-ahead log)
cannot be reached from here; `docs/operate/pins.md` says when that is gone.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from topline.core.db import make_engine, make_single_engine

#: Holds the commonest values of every column, dead versions included. A database's owner may clean it.
_STATISTICS: Final = "pg_catalog.pg_statistic"
#: How long SQLite's readers may take to let go.
PATIENCE_MS: Final = 10_000


class NotScrubbed(Exception):
    """Somebody was using the database all the time; what was deleted can still be read in its files."""


def scrub(url: str, tables: Collection[str]) -> None:
    """Rewrite what may still hold deleted values of these tables. Safe while the house works.

    SQLite: the whole file, then its write-ahead log is emptied. PostgreSQL: the tables and their statistics.
    Raises NotScrubbed when others held the database for ten seconds.
    """
    if url.startswith("sqlite"):
        _scrub_sqlite(url)
    else:
        _scrub_postgresql(url, tables)


def _scrub_sqlite(url: str) -> None:
    engine = make_engine(url, writer=True, pool_size=1)
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Rewritten through a file, not through memory: a house of many years must not need as much of it.
        cursor.execute("PRAGMA temp_store=DEFAULT")
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except engine.dialect.loaded_dbapi.OperationalError as error:
        raise NotScrubbed(str(error)) from error
    finally:
        connection.close()
        engine.dispose()
    if busy:
        raise NotScrubbed("somebody is reading")


def _scrub_postgresql(url: str, tables: Collection[str]) -> None:
    engine = make_single_engine(url, 1)
    try:
        _rewrite(engine, tables)
    except DBAPIError as error:
        raise NotScrubbed(type(error.orig).__name__) from error
    finally:
        engine.dispose()


def _rewrite(engine: Engine, tables: Collection[str]) -> None:
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect() as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {quote(table)}")
        connection.exec_driver_sql(f"VACUUM (FULL) {_STATISTICS}")
