"""Where a database stands in the history of the schema. Read at every start, so without loading Alembic.

Revisions are files `NNNN_words.py` in one straight line; their numbers are their order. Each applied revision leaves a
row in `schema_history`, so that also a release that has not got its file knows whether it can live with it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, DateTime, MetaData, String, Table, inspect, select, text

from topline.core.db import make_engine

_PACKAGE: Final = Path(__file__).parent.parent
_VERSION: Final = text("SELECT version_num FROM alembic_version")

#: Kept by the runner, like Alembic's own table; apart from the tables of the application.
HISTORY: Final = Table(
    "schema_history",
    MetaData(),
    Column("revision", String(32), primary_key=True),
    Column("phase", String(10), nullable=False),
    Column("needs", String(32), nullable=False),
    Column("applied_at", DateTime(timezone=True), server_default=text("CURRENT_TIMESTAMP"), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a database stands, seen by a release whose newest revision is `head`.

    `current` is None for an empty database, `pending` is what it still needs, `ahead` what a newer release added, both
    in order. `trouble` says why this release cannot work on it, with the command to run; empty when it can.
    """

    current: str | None
    head: str
    pending: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_current(self) -> bool:
        """Whether nothing is to be done."""
        return self.current == self.head


def folder() -> Path:
    """The revisions: inside an installed package, or at the root of a checkout."""
    installed = _PACKAGE / "migrations"
    return installed if installed.exists() else _PACKAGE.parent.parent / "migrations"


def revisions() -> tuple[str, ...]:
    """Every revision this release knows, oldest first."""
    return tuple(sorted(path.name.split("_", 1)[0] for path in (folder() / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """The newest revision of this release."""
    return revisions()[-1]


def current(connection: Connection) -> str | None:
    """The revision the database is at, None for one without a schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_VERSION).scalar()


def look(connection: Connection, known: tuple[str, ...]) -> Position:
    """Compare the database with the revisions a release knows.

    A process asks with what it knew when it started: a newer release may have been unpacked over its files since.
    """
    now, newest = current(connection), known[-1]
    if now is not None and now not in known:
        return _ahead(connection, now, newest)
    pending = known if now is None else known[known.index(now) + 1 :]
    trouble = (
        f"the database schema is at {now or 'nothing'}, this release needs {newest}; run `topline migrate up`"
    )
    return Position(now, newest, pending, trouble=trouble if pending else "")


def position(url: str) -> Position:
    """Compare the database with the revisions of this release."""
    engine = make_engine(url, writer=True, pool_size=1)
    try:
        with engine.connect() as connection:
            return look(connection, revisions())
    finally:
        engine.dispose()


def _ahead(connection: Connection, now: str, newest: str) -> Position:
    """A newer release was here. What it added does no harm; what it took away must not be what we need."""
    rows = []
    if inspect(connection).has_table(HISTORY.name):
        wanted = select(HISTORY.c.revision, HISTORY.c.needs).where(HISTORY.c.revision > newest)
        rows = list(connection.execute(wanted.order_by(HISTORY.c.revision)))
    ahead = tuple(row.revision for row in rows)
    trouble = ""
    if now not in ahead:
        trouble = f"the database is at revision {now}, which nobody recorded; start the release it belongs to"
    for row in rows:
        if row.needs > newest:
            trouble = (
                f"revision {row.revision} of a newer release took away what this release needs; start the newer"
                f" release, or run its `topline migrate down {newest}` first"
            )
            break
    return Position(now, newest, ahead=ahead, trouble=trouble)
