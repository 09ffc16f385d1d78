"""SQLite rebuilds a table by copying it: no row that points to it may go, and none may be left pointing nowhere.

And what fills in portions on either database: small transactions, to be gone on with.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import SqliteDatabases
from tests.upgrade.planted import Folder
from tests.upgrade.snapshot import differences, shape, snapshot
from topline.core.migrations import MigrationFailed, Migrations, connect
from topline.core.schema import head, position

REBUILT = """
phase = "expand"
def upgrade():
    with op.batch_alter_table("people", recreate="always") as batch:
        batch.add_column(sa.Column("nickname", sa.String(20)))
def downgrade():
    with op.batch_alter_table("people", recreate="always") as batch:
        batch.drop_column("nickname")
"""
CARELESS = """
phase = "expand"
def upgrade():
    op.add_column("people", sa.Column("nickname", sa.String(20)))
    op.execute("{statement}")
def downgrade(): ...
"""
IN_PORTIONS = """
phase = "backfill"
def portion(connection):
    done = connection.exec_driver_sql(
        "UPDATE behavior_logs SET note = 'filled' WHERE id IN"
        " (SELECT id FROM behavior_logs WHERE note <> 'filled' OR note IS NULL LIMIT 8000)"
    ).rowcount
    if os.path.exists({stop!r}):
        raise KeyboardInterrupt
    return done
def upgrade():
    op.execute("UPDATE locations SET turning_hour = 5")
def downgrade(): ...
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def sqlite_year(sqlite_databases: SqliteDatabases, year_in_sqlite: str) -> Iterator[str]:
    with sqlite_databases.fresh(year_in_sqlite) as url:
        yield url


def test_rebuilding_a_table_takes_no_other_row_with_it(sqlite_year: str, folder: Folder) -> None:
    folder.plant(REBUILT)
    before = snapshot(sqlite_year)
    Migrations(sqlite_year, folder=folder.path).up()
    after = snapshot(sqlite_year)
    assert "nickname" in after["people"].columns
    assert differences(before, after) == []
    Migrations(sqlite_year, folder=folder.path).down("-1")
    assert snapshot(sqlite_year) == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM evidence", "evidence had 20 rows and has 0"),
        ("UPDATE pins SET person_id = 'nobody' WHERE rowid = 1", "rows of pins point nowhere"),
    ],
    ids=["rows went", "rows point nowhere"],
)
def test_a_revision_that_harms_other_rows_is_taken_back(
    sqlite_year: str, folder: Folder, statement: str, said: str
) -> None:
    folder.plant(CARELESS.format(statement=statement))
    before = snapshot(sqlite_year), shape(sqlite_year)
    with pytest.raises(MigrationFailed, match=said):
        Migrations(sqlite_year, folder=folder.path).up()
    assert (snapshot(sqlite_year), shape(sqlite_year)) == before
    assert position(sqlite_year).current == head()


def test_a_revision_may_change_rows_where_it_says_so(sqlite_year: str, folder: Folder) -> None:
    folder.plant("changes_rows_of = {'evidence'}" + CARELESS.format(statement="DELETE FROM evidence"))
    Migrations(sqlite_year, folder=folder.path).up()
    assert snapshot(sqlite_year)["evidence"].count == 0


def test_a_backfill_in_portions_goes_on_where_it_was_interrupted(
    year_url: str, folder: Folder, tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    folder.plant(IN_PORTIONS.format(stop=str(stop)))
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "16,000" in line:
            stop.touch()

    runner = Migrations(year_url, folder=folder.path, say=say)
    with pytest.raises(KeyboardInterrupt):
        runner.up()
    assert position(year_url).current == head()
    assert _filled(year_url) == 16_000
    stop.unlink()
    said.clear()
    Migrations(year_url, folder=folder.path, say=said.append).up()
    assert said[:2] == [f"{folder.head}: 8,000 rows filled", f"{folder.head}: 14,000 rows filled"]
    assert position(year_url).current == folder.head
    assert _filled(year_url) == 30_000


def _filled(url: str) -> int:
    with connect(url) as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM behavior_logs WHERE note = 'filled'")
        return int(found.scalar_one())
