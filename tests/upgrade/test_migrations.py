"""The schema's history: one straight line, up and down on both databases, ending where the tables of the code stand."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect

from tests.support.databases import ROOT
from topline.core.db import make_engine
from topline.core.migrations import downgrade, leave_out_history, upgrade
from topline.core.schema import HISTORY, position
from topline.tables import metadata


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, writer=True, pool_size=1)
    yield engine
    engine.dispose()


def revisions() -> list[str]:
    """Every revision, oldest first."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_the_history_is_one_straight_line() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


def test_a_migrated_database_is_current(database_url: str) -> None:
    assert position(database_url).is_current


def test_the_migrations_lead_to_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": leave_out_history}
        )
        assert compare_metadata(context, metadata) == []


def test_constraints_are_the_same_as_those_of_the_code(engine: Engine) -> None:
    """Autogeneration does not compare checks, so they are compared by name."""
    with engine.connect() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {str(check["name"]) for check in found.get_check_constraints(table.name)} == wanted, (
                table.name
            )


def test_every_revision_goes_down_and_up_again(database_url: str, engine: Engine) -> None:
    def tables() -> set[str]:
        with engine.connect() as connection:
            return set(inspect(connection).get_table_names())

    everything = tables()
    for _ in revisions():
        downgrade(database_url, "-1")
    assert tables() == {"alembic_version", HISTORY.name}
    for revision in revisions():
        upgrade(database_url, revision)
        assert position(database_url).current == revision
    assert tables() == everything


def test_going_up_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    assert position(database_url).pending == ()
