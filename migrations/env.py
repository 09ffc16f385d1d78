"""How Alembic connects: one transaction per revision, SQLite with foreign keys off while tables are rebuilt.

A table rebuilt on SQLite with foreign keys on would silently delete the rows that point to it.
"""

from alembic import context
from sqlalchemy import JSON, Connection, Engine, create_engine, event, pool

from topline.core.db import Instant
from topline.core.settings import load_settings
from topline.tables import metadata


def engine_for(url: str) -> Engine:
    """A plain engine; on SQLite foreign keys stay off and transactions are real."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(url, poolclass=pool.NullPool, connect_args={"options": "-c lock_timeout=3s"})
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"isolation_level": None})

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


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
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


shared: Connection | None = context.config.attributes.get("connection")
if shared is not None:
    run(shared)
elif context.is_offline_mode():
    context.configure(
        dialect_name=context.config.get_main_option("dialect") or "postgresql",
        target_metadata=metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine_for(
        context.config.get_main_option("sqlalchemy.url") or load_settings().url()
    ).connect() as own:
        run(own)
