"""The database: table base, column types, and engines for SQLite and PostgreSQL that behave alike.

Everything only one database understands is in this file.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    QueuePool,
    String,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

#: Says, each time it is asked, which addresses a new connection tries, the likeliest first.
Addresses = Callable[[], Iterable[str]]
#: The server did not believe the password. There is no code for it before a connection stands, and some servers speak
#: German, French, Spanish or Italian.
_REFUSED: Final = re.compile(r"auth?enti", re.IGNORECASE)

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. Refuses naive values: a clock reading without a zone is not a moment."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the database")
        return (
            value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: A JSON document; binary on PostgreSQL. None is SQL's NULL, not the JSON text `null`.
Document = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
#: Whole minor units of money: 64 bits on both databases.
Minor = Integer().with_variant(postgresql.BIGINT(), "postgresql")
Id = Uuid(as_uuid=True)


class Base(DeclarativeBase):
    """Base of every table. Classes are table definitions; statements are written with Core and return plain rows."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: Instant(),
        UUID: Id,
        str: String(),
        dict[str, Any]: Document,
        list[str]: Document,
    }


class Tenant:
    """A table whose rows belong to one organization: its key leads with `organization_id`.

    A foreign key to such a table carries both columns, so the database itself refuses a row that joins two hotels.
    """

    organization_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


def upsert(dialect: str) -> Callable[..., Any]:
    """The dialect's `insert` construct, the one that has `on_conflict_do_…`; both spell it the same way."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def hold_alone(connection: Connection, what: str) -> None:
    """Until this transaction ends, everybody else who asks for `what` waits.

    For work that reads many rows and writes what they add up to. On SQLite there is one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def ensure_folder(url: str) -> None:
    """Make the folder of a SQLite file; nothing to do for a server."""
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(0o700, parents=True, exist_ok=True)


def make_engine(url: str, *, writer: bool, pool_size: int, addresses: Addresses | None = None) -> Engine:
    """An engine for reading or writing. `addresses` tells where and as whom each new connection tries, in turn.

    SQLite: write-ahead log, foreign keys, `BEGIN IMMEDIATE` for writers (two "read, add, write" transactions would
    otherwise lose an update) and `query_only` for readers; one writing connection, because there is one writer anyway.
    PostgreSQL: server-side read-only transactions for readers, bounded waits for everybody.
    """
    if url.startswith("sqlite"):
        return _sqlite_engine(url, writer=writer, pool_size=1 if writer else pool_size)
    engine = _postgres_engine(url, pool_size, addresses)
    return engine if writer else engine.execution_options(postgresql_readonly=True)


def make_single_engine(url: str, pool_size: int, addresses: Addresses | None = None) -> Engine:
    """A PostgreSQL engine on which every statement is its own transaction: no round trips for BEGIN and COMMIT."""
    return _postgres_engine(
        url, pool_size, addresses, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
    )


def _postgres_engine(url: str, pool_size: int, addresses: Addresses | None, **more: Any) -> Engine:
    engine = create_engine(
        _with_driver(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # an error's text ends up in the log; what people typed must not
        # Prepared by the third use. PgBouncer in transaction mode needs `max_prepared_statements` for this.
        connect_args={
            "prepare_threshold": 3,
            # A server that hangs takes connections and says nothing; a machine that is gone does not even do that. Both
            # must give our threads back.
            "connect_timeout": 3,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "options": "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=30s",
        },
        **more,
    )
    if addresses is not None:
        _ask_before_connecting(engine, addresses)
    return engine


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _ask_before_connecting(engine: Engine, addresses: Addresses) -> None:
    """A password is changed while the house works: a connection that is refused tries the next address."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: object, cargs: Any, cparams: dict[str, Any]) -> Any:
        refusal: Exception | None = None
        for address in addresses():
            _, known = dialect.create_connect_args(make_url(_with_driver(address)))
            try:
                return dialect.connect(*cargs, **{**cparams, **known})
            except dialect.loaded_dbapi.OperationalError as error:
                if not _REFUSED.search(str(error)):
                    raise
                refusal = error
        raise refusal or RuntimeError("no address of the database is known")


def _sqlite_engine(url: str, *, writer: bool, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
        connect_args={
            "check_same_thread": False,
            "timeout": 10,
            "isolation_level": None,
            "cached_statements": 256,
        },
    )
    ensure_folder(url)
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: a commit that was acknowledged survives a power cut, not only a crash of the process.
        connection.execute("PRAGMA synchronous=FULL" if writer else "PRAGMA query_only=ON")
        # What is deleted is overwritten, not only unlinked: an erased PIN or person is gone from the file.
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA cache_size=-16000")
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
