"""Where a database stands in the history of the schema. Read at every start, so without loading Alembic.

Revisions are files `NNNN_words.py` in one straight line; their numbers are their order.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from topline.core.db import make_engine

_PACKAGE: Final = Path(__file__).parent.parent
_VERSION: Final = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a database stands. `current` is None for an empty database, `pending` is what it still needs, in order."""

    current: str | None
    head: str
    pending: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether nothing is to be done."""
        return self.current == self.head


class UnknownSchema(Exception):
    """The database is at a revision this release does not know: it was migrated by a newer one."""


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


def position(url: str) -> Position:
    """Compare the database with the revisions of this release. Raises UnknownSchema for a newer database."""
    engine = make_engine(url, writer=True, pool_size=1)
    try:
        with engine.connect() as connection:
            now = current(connection)
    finally:
        engine.dispose()
    known = revisions()
    if now is not None and now not in known:
        raise UnknownSchema(now)
    return Position(now, known[-1], known if now is None else known[known.index(now) + 1 :])
