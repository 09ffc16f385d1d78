"""The schema's history: where this database stands, and how to bring it up or down."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from topline.core.db import ensure_folder, make_engine

_PACKAGE = Path(__file__).parent.parent


def _folder() -> Path:
    """The revisions: inside an installed package, or at the root of a checkout."""
    installed = _PACKAGE / "migrations"
    return installed if installed.exists() else _PACKAGE.parent.parent / "migrations"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a database stands. `current` is None for an empty database."""

    current: str | None
    head: str
    pending: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether nothing is to be done."""
        return self.current == self.head


class UnknownSchema(Exception):
    """The database is at a revision this release does not know: it was migrated by a newer one."""


def head() -> str:
    """The newest revision of this release."""
    found = ScriptDirectory.from_config(_config("sqlite://")).get_current_head()
    assert found is not None
    return found


def position(url: str) -> Position:
    """Compare the database with the revisions of this release. Raises UnknownSchema for a newer database."""
    script = ScriptDirectory.from_config(_config(url))
    newest = head()
    engine = make_engine(url, writer=True, pool_size=1)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    known = [revision.revision for revision in script.walk_revisions()]
    if current is not None and current not in known:
        raise UnknownSchema(current)
    pending = known if current is None else known[: known.index(current)]
    return Position(current, newest, tuple(reversed(pending)))


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    ensure_folder(url)
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to `revision` (`-1` for one step, `base` for nothing)."""
    command.downgrade(_config(url), revision)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
