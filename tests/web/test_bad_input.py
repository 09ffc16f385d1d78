"""Whatever is sent, the answer is a 4xx with a code and the field's name, and nothing was changed."""

import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import headers, make_house, session_of
from tests.support.apps import Running, running
from tests.support.cast import Cast
from tests.support.databases import SqliteDatabases
from topline.people.models import Person, Role
from topline.web.paging import decode_cursor, encode_cursor


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("input")) as house:
        yield house


@pytest.fixture(scope="module")
def cast(house: Running) -> Cast:
    return make_house(house.database)


@pytest.fixture(scope="module")
def olga(house: Running, cast: Cast) -> dict[str, str]:
    return headers(session_of(house.database, cast.olga))


def rows(house: Running) -> tuple[int, int]:
    with house.database.read() as tx:
        return (
            tx.execute(select(func.count()).select_from(Person)).scalar_one(),
            tx.execute(select(func.count()).select_from(Role)).scalar_one(),
        )


def person(cast: Cast, **changed: Any) -> dict[str, Any]:
    """A body that would be taken, with one thing wrong."""
    plain = {"name": "New Person", "role_id": str(cast.front_desk_role_id)}
    return {**plain, "department_id": str(cast.front_desk_id), **changed}


BROKEN_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b'{"name": "a"} trailing',
    b"{'name': 'a'}",
    b'{"name": NaN}',
    b"[" * 40_000,
    b'{"a":' * 10_000,
    b"name=a&role_id=b",
]


@pytest.mark.parametrize("body", BROKEN_BODIES, ids=lambda body: repr(body[:20]))
def test_a_body_that_is_no_such_object_is_a_400(house: Running, olga: dict[str, str], body: bytes) -> None:
    before = rows(house)
    sent = {**olga, "Content-Type": "application/json"}
    answer = house.call("POST", "/api/users", sent, content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in ("malformed_body", "invalid_input")
    assert rows(house) == before


WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "name"),
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": 5}, "name"),
    ({"name": ["a"]}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"name": "x" * 50_000}, "name"),
    ({"name": "nul\0l"}, "name"),
    ({"name": "bell\x07"}, "name"),
    ({"name": "turned\u202e"}, "name"),
    ({"role_id": "1"}, "role_id"),
    ({"role_id": None}, "role_id"),
    ({"role_id": 7}, "role_id"),
    ({"department_id": "x"}, "department_id"),
    ({"email": "not an address"}, "email"),
    ({"email": "a@b.c\nBcc: d@e.f"}, "email"),
    ({"shifts_per_week": -1}, "shifts_per_week"),
    ({"shifts_per_week": 10**30}, "shifts_per_week"),
    ({"shifts_per_week": 1.5}, "shifts_per_week"),
    ({"shifts_per_week": True}, "shifts_per_week"),
    ({"surprise": 1}, "surprise"),
    ({"organization_id": "0198c2a0-5e5e-7b00-8c00-1a2b3c4d5e6f"}, "organization_id"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG_FIELDS, ids=lambda value: repr(value)[:40])
def test_a_wrong_field_is_named(
    house: Running, olga: dict[str, str], cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    before = rows(house)
    answer = house.call("POST", "/api/users", olga, json=person(cast, **wrong))
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body["code"] == "invalid_input"
    assert [error["field"] for error in body["errors"]] == [field]
    assert all(error["message"] for error in body["errors"])
    assert rows(house) == before


def test_a_field_that_is_missing_is_named(house: Running, olga: dict[str, str]) -> None:
    answer = house.call("POST", "/api/users", olga, json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [error["field"] for error in answer.json()["errors"]] == ["name"]


def test_a_wrong_field_inside_another_is_named_with_its_path(house: Running, olga: dict[str, str]) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"settings": {"scoreboard": {"surprise": 1}}}, "settings.scoreboard.surprise"),
        ({"settings": {"scoreboard": {"winning_bp": "high"}}}, "settings.scoreboard.winning_bp"),
    ]
    for body, field in wrong:
        answer = house.call("PATCH", "/api/organization", olga, json={"version": 1, **body})
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "path",
    [
        "/api/behavior-logs/queue/counts?received_after=0.5",
        "/api/behavior-logs/queue/counts?received_after=1772618400",
        "/api/behavior-logs/queue/counts?received_after=9999-12-31T23:59:59-12:00",
        "/api/behavior-logs/queue/counts?received_after=0001-01-01T00:00:00%2B14:00",
        "/api/benchmarks/{house}/99999999999999999999",
        "/api/daily-entries/export?location_id={house}&from=9999-12-31&to=9999-12-01",
        "/api/users?limit=99999999999999999999",
        "/audit?cursor=WyJ6enoiXQ",
        "/people?cursor=WyJ4IiwgInkiXQ",
        "/api/users?cursor=WyJ4IiwgInkiXQ",
    ],
)
def test_a_value_that_no_column_holds_is_a_400(
    house: Running, olga: dict[str, str], cast: Cast, path: str
) -> None:
    answer = house.call("GET", path.format(house=cast.location_id), olga)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), answer.text


def test_the_last_year_there_is_can_be_exported(house: Running, olga: dict[str, str], cast: Cast) -> None:
    path = f"/api/daily-entries/export?location_id={cast.location_id}&from=9999-01-01&to=9999-12-31"
    assert house.call("GET", path, olga).status_code == 200


@pytest.mark.parametrize("wrong", [{"location_id": 5}, {"surprise": 1}, [], "text"], ids=str)
def test_a_body_that_may_be_left_out_is_read_as_strictly(
    house: Running, olga: dict[str, str], wrong: Any
) -> None:
    answer = house.call("POST", "/api/devices/codes", olga, json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input"), answer.text
    assert house.call("POST", "/api/auth/logout", olga, json={"everywhere": 0}).status_code == 400


@pytest.mark.parametrize("content", [b"", b"null", b"{}"], ids=str)
def test_a_body_that_may_be_left_out_may_be_left_out(
    house: Running, olga: dict[str, str], content: bytes
) -> None:
    assert house.call("POST", "/api/devices/codes", olga, content=content).status_code == 201


@pytest.mark.parametrize("extra", [1, 100_000])
def test_a_body_beyond_the_limit_is_a_413(
    house: Running, olga: dict[str, str], cast: Cast, extra: int
) -> None:
    before = rows(house)
    body = json.dumps(person(cast)).encode()
    answer = house.call("POST", "/api/users", olga, content=body + b" " * (64 * 1024 - len(body) + extra))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert rows(house) == before


def test_a_body_without_a_length_is_limited_too(house: Running, olga: dict[str, str]) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    answer = house.call("POST", "/api/users", olga, content=chunks())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1e3"])
def test_a_list_gives_at_most_a_hundred(house: Running, olga: dict[str, str], limit: str) -> None:
    answer = house.call("GET", f"/api/users?limit={limit}", olga)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["limit"]


def test_a_parameter_that_is_missing_is_named(house: Running, olga: dict[str, str], cast: Cast) -> None:
    answer = house.call("GET", f"/api/locations/{cast.location_id}/closures", olga)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("since", "missing")]


CURSORS = [
    "x",
    "====",
    "%00",
    "e30",
    "WzFd",
    encode_cursor("one"),
    encode_cursor("a", "b", "c", "d"),
    "A" * 401,
]


@pytest.mark.parametrize("path", ["/api/users", "/api/behavior-logs", "/api/daily-entries"])
@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_we_did_not_give_out_is_a_400(
    house: Running, olga: dict[str, str], path: str, cursor: str
) -> None:
    answer = house.call("GET", path, olga, params={"cursor": cursor})
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["cursor"]


def test_a_cursor_carries_its_values() -> None:
    assert decode_cursor(encode_cursor("ä", 5, None), 3) == ["ä", "5", "None"]
    assert decode_cursor(None, 3) is None


@pytest.mark.parametrize(
    "path",
    [
        "/api/users/not-an-id",
        "/api/users/123",
        "/api/users/0198c2f0-6d2a-7c31-9d0a-5b1f3c7e2a10x",
        "/api/users/%00",
    ],
)
def test_what_is_no_id_is_a_404(house: Running, olga: dict[str, str], path: str) -> None:
    answer = house.call("GET", path, olga)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '" onfocus="x', "{{ 7*7 }}", "'; DROP TABLE people"]
)
def test_what_people_type_is_shown_and_never_run(
    house: Running, olga: dict[str, str], cast: Cast, text: str
) -> None:
    """Shown as text, wherever a name stands; a template in a name is no template."""
    made = house.call("POST", "/api/users", olga, json=person(cast, name=text, display_name=text))
    assert made.status_code == 201, made.text
    for path in (f"/people?q={text[:8]}", f"/people/{made.json()['id']}"):
        page = house.call("GET", path, olga)
        assert page.status_code == 200
        assert html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page.text
        assert text not in page.text or text == html.escape(text)


def test_a_form_that_is_refused_keeps_what_was_typed(
    house: Running, olga: dict[str, str], cast: Cast
) -> None:
    before = rows(house)
    typed = person(cast, name="Kept <b>Name</b>", email="not an address", staff_number="0815")
    page = house.call("POST", "/people/new", {**olga, "Accept": "text/html"}, data=typed)
    assert page.status_code == 422
    for words in ("This is not an e-mail address.", "Kept &lt;b&gt;Name&lt;/b&gt;", "not an address", "0815"):
        assert words in page.text
    assert rows(house) == before
