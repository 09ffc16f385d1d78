"""Bring a database's schema up or down. Alembic is heavy, so only commands import this.

`Migrations(url).up()` runs what is missing, `down("0003")` goes back. One runner at a time (`alone`), each revision
whole or not at all (`connection`), with short waits for locks and many attempts (`runner`). What a revision file
declares is in `revisions`, what going down would lose in `losses`.
"""

from topline.core.migrations.connection import Limits, connect
from topline.core.migrations.history import leave_out_history, record
from topline.core.migrations.runner import MigrationFailed, Migrations
from topline.core.schema import folder

__all__ = [
    "Limits",
    "MigrationFailed",
    "Migrations",
    "connect",
    "downgrade",
    "folder",
    "leave_out_history",
    "record",
    "upgrade",
]


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    Migrations(url).up(revision)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to `revision` (`-1` for one step, `base` for nothing)."""
    Migrations(url).down(revision)
