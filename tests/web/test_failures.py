"""What fails on our side: said to the caller without a word about the inside, and to the log with what it takes."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from tests.support.hotel import Hotel, build_hotel, headers
from topline.core.transaction import Database
from topline.organizations.models import Department

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("failures")) as house:
        yield house


@pytest.fixture(scope="module")
def hotel(house: Running) -> Hotel:
    return build_hotel(house.database)


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is logged of failed requests from now on."""
    found: list[dict[str, Any]] = []
    kept = SimpleNamespace(error=lambda event, **words: found.append({"event": event, **words}))
    monkeypatch.setattr("topline.web.problems.log", kept)
    return found


def test_an_error_nobody_expected_says_nothing_about_the_inside(
    house: Running, hotel: Hotel, failures: list[dict[str, Any]]
) -> None:
    """The commit fails: the answer is a 500 that holds no secret, nothing was changed, and the next request works.
    The log has the trace."""

    def fail(_connection: object) -> None:
        raise RuntimeError("SELECT pin_hash FROM pins; hunter2")

    services = house.app.litestar.state.services
    headed = headers(hotel.olive)
    event.listen(services.db.writer, "commit", fail)
    try:
        answer = house.call(
            "POST",
            "/api/departments",
            headed,
            json={"location_id": str(hotel.location_id), "name": "Ghosts"},
        )
        page = house.call(
            "POST",
            f"/settings/locations/{hotel.location_id}/departments",
            {**headed, **HTML},
            data={"name": "Ghosts"},
        )
    finally:
        event.remove(services.db.writer, "commit", fail)
    for failed in (answer, page):
        assert failed.status_code == 500
        assert not any(word in failed.text for word in ("hunter2", "SELECT", "Traceback", "RuntimeError"))
    assert answer.json()["code"] == "server_error"
    assert [type(failed["exc_info"]) for failed in failures] == [RuntimeError, RuntimeError]
    assert "Ghosts" not in names(house.database)
    again = {"location_id": str(hotel.location_id), "name": "Kitchen"}
    assert house.call("POST", "/api/departments", headed, json=again).status_code == 201
    assert "Kitchen" in names(house.database)


def test_a_wrong_statement_is_our_fault_and_not_that_of_the_database(
    house: Running, hotel: Hotel, failures: list[dict[str, Any]]
) -> None:
    """SQLite calls it an operational error, as if it were away; a tablet would try again for ever."""
    services = house.app.litestar.state.services
    given = {"location_id": str(hotel.location_id), "name": "Ghosts"}

    def fail(connection: Any) -> None:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")

    event.listen(services.db.writer, "commit", fail)
    try:
        answer = house.call("POST", "/api/departments", headers(hotel.olive), json=given)
    finally:
        event.remove(services.db.writer, "commit", fail)
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "exc_info" in failures[0]


def names(database: Database) -> set[str]:
    with database.read() as tx:
        return {row.name for row in tx.execute(select(Department.name))}


def test_a_database_that_is_gone_is_a_503_that_says_when_to_try_again(
    tmp_path_factory: pytest.TempPathFactory, failures: list[dict[str, Any]]
) -> None:
    """Its log is one line for each request, without a trace."""
    nowhere = "postgresql://nobody@127.0.0.1:9/nothing"
    with running(nowhere, tmp_path_factory.mktemp("gone")) as house:
        cookie = {"Cookie": "topline_session=tl_session_" + "a" * 43}
        answer = house.call("GET", "/api/auth/me", cookie)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert house.call("GET", "/health").text == "ok"
        assert house.call("GET", "/health/ready").status_code == 503
    (failed,) = failures
    assert (failed["path"], failed["problem"]) == ("/api/auth/me", "unavailable")
    assert "refused" in failed["error"]
    assert "exc_info" not in failed
