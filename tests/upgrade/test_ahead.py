"""A release serves on its own schema, and on a newer one that took nothing from it. Else it says what to run."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from tests.upgrade.planted import A_COLUMN, A_CONTRACT, A_TABLE, Folder
from topline.cli import cli
from topline.core.db import make_engine
from topline.core.migrations import MigrationFailed, Migrations, connect
from topline.core.schema import head, look, position, revisions
from topline.upkeep.health import database


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def ready(url: str) -> tuple[bool, str]:
    """What a process of this release answers its load balancer, and the operator."""
    engine = make_engine(url, writer=False, pool_size=1)
    try:
        return database(engine, revisions())()
    finally:
        engine.dispose()


def run(url: str, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, arguments, env={"TOPLINE_DATABASE_URL": url})
    error = f"topline: {done.exception}" if done.exception and not done.output else ""
    return done.exit_code, done.output + error


def test_a_schema_ahead_by_an_expansion_is_served(database_url: str, folder: Folder) -> None:
    added = folder.plant(A_TABLE)
    Migrations(database_url, folder=folder.path).up()
    found = position(database_url)
    assert (found.ahead, found.trouble, found.is_current) == ((added,), "", False)
    assert ready(database_url) == (True, f"schema at {added}")
    assert run(database_url, "migrate", "status") == (
        0,
        f"schema at {added}, this release has {head()}\nahead, of a newer release: {added}\n",
    )
    # The old release's own step of a deployment does no harm.
    code, said = run(database_url, "migrate", "up")
    assert code == 0
    assert "a newer release was here" in said
    assert position(database_url).current == added


def test_a_contract_is_refused_by_those_who_need_what_it_took(database_url: str, folder: Folder) -> None:
    folder.plant(A_TABLE)
    added = folder.plant(A_COLUMN)
    took = folder.plant(A_CONTRACT.format(needs=added))
    Migrations(database_url, folder=folder.path).up()
    trouble = (
        f"revision {took} of a newer release took away what this release needs; start the newer release, or run its"
        f" `topline migrate down {head()}` first"
    )
    assert position(database_url).trouble == trouble
    assert ready(database_url) == (False, trouble)
    # The release that already did without it, and its next one, serve.
    with connect(database_url) as connection:
        assert look(connection, (*revisions(), "between", added)).trouble == ""
    Migrations(database_url, folder=folder.path).down(head())
    assert ready(database_url) == (True, f"schema at {head()}")


def test_a_contract_this_release_is_prepared_for_is_served(database_url: str, folder: Folder) -> None:
    """The rule of three releases: this one stopped using it, the next one takes it away."""
    folder.plant(A_COLUMN)
    took = folder.plant(A_CONTRACT.format(needs=head()))
    Migrations(database_url, folder=folder.path).up()
    assert ready(database_url) == (True, f"schema at {took}")


def test_a_schema_nobody_recorded_is_refused(database_url: str) -> None:
    with connect(database_url) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    is_ready, said = ready(database_url)
    assert not is_ready
    assert said == "the database is at revision 9999, which nobody recorded; start the release it belongs to"
    with pytest.raises(MigrationFailed, match="at 9999, which this release does not know"):
        Migrations(database_url).up()


def test_an_older_schema_is_refused_with_the_command_to_run(database_url: str) -> None:
    Migrations(database_url).down("-1")
    before = revisions()[-2]
    said = f"the database schema is at {before}, this release needs {head()}; run `topline migrate up`"
    assert ready(database_url) == (False, said)
    code, answer = run(database_url, "serve")
    assert code != 0
    assert said in answer


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "0000 must declare a phase"),
        ('phase = "someday"', "0000 must declare a phase"),
        ('phase = "contract"', "0000: a contract, and only a contract, declares which revision it `needs`"),
        ('phase, needs = "expand", "0001"', "0000: a contract, and only a contract"),
        ('phase = "expand"\ndef portion(connection): ...', "0000: only a backfill works in portions"),
    ],
)
def test_a_revision_that_does_not_declare_itself_stops_everything(
    database_url: str, folder: Folder, body: str, said: str
) -> None:
    number = folder.plant(body + "\ndef upgrade(): ...\ndef downgrade(): ...\n")
    with pytest.raises(MigrationFailed, match=said.replace("0000", number)):
        Migrations(database_url, folder=folder.path).up()
