"""Whether the second wall stands: row-level security of the tables of one PostgreSQL database.

The policies come with the migrations. Here they are switched on and off, and it is told where they do not hold.
"""

import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from topline.core.db import make_engine

#: Of every table of an organization: whether it has the policy, and whether that holds for the owner, too.
_TABLES: Final = text("""
    SELECT c.oid::regclass::text,
           EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'own_rows'),
           c.relrowsecurity AND c.relforcerowsecurity
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
      AND (c.relname = 'organizations' OR c.relname <> 'installation' AND EXISTS (
           SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'))
    ORDER BY c.relname
""")
_ATTEMPTS: Final = 30
_PAUSE_SECONDS: Final = 0.5
_BYPASSES: Final = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


@dataclass(frozen=True, slots=True)
class Wall:
    """Where row-level security stands. `open_tables` have it not on, `bare_tables` have no policy to switch on."""

    tables: tuple[str, ...]
    open_tables: tuple[str, ...]
    bare_tables: tuple[str, ...]
    role_bypasses: bool

    @property
    def is_closed(self) -> bool:
        """Whether a forgotten filter shows nothing."""
        return not (self.open_tables or self.role_bypasses)

    @property
    def trouble(self) -> str:
        """What is wrong and what to do about it; empty when the wall is closed."""
        if self.role_bypasses:
            return "the database role bypasses row-level security: connect as one that is no superuser, nor BYPASSRLS"
        if self.bare_tables:
            return (
                f"no policy on {', '.join(self.bare_tables)}: bring the schema up with `topline migrate up`"
            )
        if self.open_tables:
            return (
                f"row-level security is off on {len(self.open_tables)} of {len(self.tables)} tables:"
                " run `topline rows on` once no process of the release before is left"
            )
        return ""


def inspect_wall(connection: Connection) -> Wall | None:
    """Look at the database's own catalog. None on SQLite, which has no such thing."""
    if connection.dialect.name != "postgresql":
        return None
    found = connection.execute(_TABLES).all()
    return Wall(
        tables=tuple(name for name, _, _ in found),
        open_tables=tuple(name for name, has_policy, holds in found if not (has_policy and holds)),
        bare_tables=tuple(name for name, has_policy, _ in found if not has_policy),
        role_bypasses=bool(connection.execute(_BYPASSES).scalar()),
    )


def wall_of(url: str) -> Wall | None:
    """The same for a database's address."""
    engine = make_engine(url, writer=True, pool_size=1)
    try:
        with engine.connect() as connection:
            return inspect_wall(connection)
    finally:
        engine.dispose()


def switch(url: str, *, on: bool) -> None:
    """Switch the policies of every table on or off. Needs the tables' owner. May be repeated."""
    verb = "ENABLE ROW LEVEL SECURITY, FORCE" if on else "DISABLE ROW LEVEL SECURITY, NO FORCE"
    engine = make_engine(url, writer=True, pool_size=1)
    try:
        with engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("SET lock_timeout = '300ms'")
            wall = inspect_wall(alone)
            for table in wall.tables if wall else ():
                _patiently(alone, f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY")
    finally:
        engine.dispose()


def _patiently(connection: Connection, statement: str) -> None:
    """Whoever needs the table waits behind a lock that is waited for: so wait briefly and often."""
    for _ in range(_ATTEMPTS - 1):
        try:
            connection.exec_driver_sql(statement)
            return
        except OperationalError:
            time.sleep(_PAUSE_SECONDS)
    connection.exec_driver_sql(statement)
