"""How Alembic runs our revisions: one transaction each, every one recorded for releases that do not have its file.

The connection comes from `topline migrate` (`core/migrations`); `alembic revision --autogenerate` opens one to compare.
"""

from alembic import context
from sqlalchemy import JSON, Connection

from topline.core.db import Instant
from topline.core.migrations import Limits, connect, leave_out_history, record
from topline.core.settings import load_settings
from topline.tables import metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Revisions copy what they need and import nothing of the application, so they still run years later."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Migrate on one connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=leave_out_history,
        on_version_apply=record,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def write_sql() -> None:
    """Only write down what PostgreSQL would get."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        literal_binds=True,
        transaction_per_migration=True,
        on_version_apply=record,
    )
    limits = Limits()
    context.execute(f"SET lock_timeout = '{int(limits.lock_timeout * 1000)}ms'")
    context.execute(f"SET statement_timeout = '{int(limits.statement_timeout)}s'")
    with context.begin_transaction():
        context.run_migrations()


shared: Connection | None = context.config.attributes.get("connection")
if shared is not None:
    run(shared)
elif context.is_offline_mode():
    write_sql()
else:
    with connect(context.config.get_main_option("sqlalchemy.url") or load_settings().url()) as own:
        run(own)
