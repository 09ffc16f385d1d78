"""The API keeps its own description, also when somebody means it ill: a small run of what `make fuzz` does."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.browser.support.server import Server
from tests.conftest import POSTGRESQL, SQLITE
from tests.contract.fuzz import GENEROUS, LEFT_OUT, Outcome, fuzz
from tests.support.databases import PostgresDatabases, SqliteDatabases

pytestmark = pytest.mark.slow

#: Who knocks at which database.
ROLE: Final = {"sqlite": "owner", "postgresql": "staff"}
#: Good and bad requests, each operation; without the phase that tries every border of every field.
QUICK: Final = ("--phases", "fuzzing,stateful")


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    kind = str(request.param)
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(
        "sqlite_databases" if kind == "sqlite" else "postgres_databases"
    )
    folder = tmp_path_factory.mktemp(f"fuzz-{kind}")
    with databases.fresh() as url:
        settings = {f"TOPLINE_{name.upper()}": value for name, value in GENEROUS.items()}
        server = Server(folder / "data", url, settings).start()
        try:
            yield fuzz(server.url, url, ROLE[kind], 5, folder, *QUICK)
        finally:
            server.kill()


def test_no_answer_is_an_error_of_ours_or_undocumented(outcome: Outcome) -> None:
    assert (outcome.failures, outcome.errors) == ((), ()), outcome.output


def test_every_operation_was_tried_often(outcome: Outcome) -> None:
    assert outcome.tested == outcome.operations > 80
    assert outcome.cases > 500


def test_a_check_that_is_left_out_has_a_reason() -> None:
    assert all(len(reason.split()) > 4 for reason in LEFT_OUT.values())
