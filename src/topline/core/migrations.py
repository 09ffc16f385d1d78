"""Bring a database's schema up or down. Alembic is heavy, so only commands import this."""

from alembic import command
from alembic.config import Config

from topline.core.db import ensure_folder
from topline.core.schema import folder


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    ensure_folder(url)
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to `revision` (`-1` for one step, `base` for nothing)."""
    command.downgrade(_config(url), revision)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
