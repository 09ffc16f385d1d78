"""What each applied revision told about itself, kept in the database for releases that have not got its file."""

from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from sqlalchemy import delete, insert
from sqlalchemy.schema import CreateTable

from topline.core.migrations.revisions import revision_of
from topline.core.schema import HISTORY


def record(*, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """Alembic calls this for each revision, inside its transaction: the record comes and goes with it."""
    assert isinstance(step.up_revision, Script)
    ctx.execute(CreateTable(HISTORY, if_not_exists=True))
    revision = revision_of(step.up_revision)
    ctx.execute(delete(HISTORY).where(HISTORY.c.revision == revision.number))
    if step.is_upgrade:
        ctx.execute(
            insert(HISTORY).values(revision=revision.number, phase=revision.phase, needs=revision.needs)
        )


def leave_out_history(name: str | None, kind: str, _parents: Any) -> bool:
    """For autogeneration: the record belongs to the runner, like Alembic's own table, and to no model."""
    return not (kind == "table" and name == HISTORY.name)
