"""What every answer carries, whatever it is: security headers, a request id, and no word about the inside."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from httpx import Response

from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from tests.support.hotel import Hotel, build_hotel, headers

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("doorway")) as house:
        yield house


@pytest.fixture(scope="module")
def hotel(house: Running) -> Hotel:
    return build_hotel(house.database)


@pytest.fixture(scope="module")
def answers(house: Running, hotel: Hotel) -> dict[str, Response]:
    """One answer of every kind the doorway can give."""
    style = house.app.litestar.state.static.url("css/base.css")
    olive = headers(hotel.olive)
    return {
        "200 page": house.call("GET", "/docs"),
        "200 json": house.call("GET", "/api/auth/me", olive),
        "200 static": house.call("GET", style),
        "200 live": house.call("GET", "/health"),
        "200 ready": house.call("GET", "/health/ready"),
        "204": house.call("POST", "/api/auth/logout", {"Sec-Fetch-Site": "same-origin"}),
        "303 to sign in": house.call("GET", "/people", HTML),
        "304": house.call("GET", style, {"If-None-Match": house.call("GET", style).headers["etag"]}),
        "400": house.call("POST", "/api/departments", olive, json={}),
        "400 not json": house.call("POST", "/api/departments", olive, content=b"{"),
        "401": house.call("GET", "/api/auth/me"),
        "403": house.call("GET", "/api/users", headers(hotel.sam)),
        "403 page": house.call("GET", "/people", {**headers(hotel.sam), **HTML}),
        "403 cross site": house.call(
            "POST", "/api/departments", {**olive, "Sec-Fetch-Site": "cross-site"}, json={}
        ),
        "404": house.call("GET", "/api/nothing", olive),
        "404 page": house.call("GET", "/nothing", HTML),
        "404 static": house.call("GET", "/static/nothing.css"),
        "404 odd": house.call("GET", "/%00%0a%ff", olive),
        "405": house.call("DELETE", "/api/users", olive),
        "413": house.call("POST", "/api/departments", olive, content=b" " * 70_000),
    }


def test_a_method_that_is_not_taken_is_told_which_are(house: Running, answers: dict[str, Response]) -> None:
    assert set(answers["405"].headers["allow"].split(", ")) >= {"GET", "POST"}
    assert "DELETE" not in answers["405"].headers["allow"]
    page = house.call("DELETE", "/people", HTML)
    assert (page.status_code, "GET" in page.headers["allow"]) == (405, True)


def test_every_answer_carries_the_security_headers(answers: dict[str, Response]) -> None:
    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: int(kind[:3]) for kind in answers
    }
    for kind, answer in answers.items():
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1, kind
        assert "default-src 'none'" in policy[0]
        assert "unsafe" not in policy[0]
        for name, value in (
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ):
            assert answer.headers.get_list(name) == [value], f"{kind}: {name}"
        assert "server" not in answer.headers, kind


def test_what_holds_data_is_not_kept_by_browsers(answers: dict[str, Response]) -> None:
    refused = ("401", "403", "404", "400", "413")
    for kind, answer in answers.items():
        if kind[:3] in refused and kind != "404 static":
            assert answer.headers["cache-control"] == "no-store", kind


def test_what_is_personal_and_says_nothing_is_kept_by_nobody(house: Running, hotel: Hotel) -> None:
    for path in ("/api/auth/me", "/api/users", "/api/locations", "/api/behavior-logs"):
        answer = house.call("GET", path, headers(hotel.olive))
        assert answer.headers.get_list("cache-control") == ["no-store"], path


@pytest.mark.parametrize(
    "sent", [{"HX-Request": "true", "HX-Current-URL": "http://["}, {"Origin": "http://["}]
)
def test_addresses_that_are_none_break_nothing(house: Running, sent: dict[str, str]) -> None:
    assert house.call("GET", "/people", {**HTML, **sent}).status_code in (303, 401)


def test_every_answer_of_the_program_has_an_id_of_its_own(answers: dict[str, Response]) -> None:
    ids = [
        answer.headers.get("x-request-id")
        for kind, answer in answers.items()
        if "static" not in kind and kind not in ("200 live", "304")
    ]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert all(UUID(one).version == 7 for one in ids if one)


def test_a_request_id_from_outside_is_not_taken_over(house: Running, hotel: Hotel) -> None:
    answer = house.call("GET", "/api/nothing", {**headers(hotel.olive), "X-Request-Id": "forged"})
    assert answer.headers.get_list("x-request-id") == [answer.json()["request_id"]]
    assert answer.json()["request_id"] != "forged"


@pytest.mark.parametrize("kind", ["400", "400 not json", "401", "403", "403 cross site", "404", "405", "413"])
def test_a_refusal_is_a_problem_document(answers: dict[str, Response], kind: str) -> None:
    answer = answers[kind]
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:topline:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]


def test_a_person_is_refused_in_words_and_asked_to_sign_in(answers: dict[str, Response]) -> None:
    assert answers["303 to sign in"].headers["location"] == "/sign-in?next=%2Fpeople"
    for kind, words in (
        ("404 page", "There is nothing at this address."),
        ("403 page", "You may not do this"),
    ):
        assert answers[kind].headers["content-type"].startswith("text/html")
        assert words in answers[kind].text


def test_a_fragment_is_sent_to_sign_in_by_htmx(house: Running) -> None:
    sent = {**HTML, "HX-Request": "true", "HX-Current-URL": "http://topline.test/people?q=a"}
    answer = house.call("GET", "/people", sent)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Fpeople%3Fq%3Da")


@pytest.mark.parametrize(
    "path", ["/docs", "/health", "/static/favicon.svg", "/static/nothing", "/api/auth/me"]
)
def test_tls_is_insisted_on_only_where_it_is(house: Running, path: str) -> None:
    assert "strict-transport-security" not in house.call("GET", path).headers
    secure = house.call("GET", f"https://topline.test{path}")
    assert secure.headers.get_list("strict-transport-security") == ["max-age=31536000"]


def nonce_of(answer: Response) -> str:
    """What the policy of an answer says its scripts carry."""
    found = re.search(r"script-src 'nonce-([\w-]{20,})';", answer.headers["content-security-policy"])
    assert found is not None
    return found[1]


def test_every_script_of_a_page_carries_the_nonce_of_this_answer_alone(house: Running, hotel: Hotel) -> None:
    seen = set()
    for path in ("/docs", "/today", "/verify", "/tablet", "/today", "/nothing"):
        page = house.call("GET", path, {**headers(hotel.max), **HTML})
        scripts = re.findall(
            r"<(?:script (?!type=.application/json)|link rel=.modulepreload)[^>]*>", page.text
        )
        assert scripts, path
        assert all(f'nonce="{nonce_of(page)}"' in script for script in scripts), path
        seen.add(nonce_of(page))
    assert len(seen) == 6


def test_the_wall_is_not_kept_with_its_nonce(house: Running, hotel: Hotel) -> None:
    sent = {**headers(hotel.olive), **HTML}
    first, second = (house.call("GET", "/wall", sent) for _ in range(2))
    assert nonce_of(first) != nonce_of(second)
    assert all(f'nonce="{nonce_of(wall)}"' in wall.text for wall in (first, second))
    assert (first.headers["cache-control"], first.headers.get("etag")) == ("no-store", None)


def test_files_run_no_script_of_their_own(house: Running) -> None:
    for path in ("/static/favicon.svg", "/health"):
        assert "script-src 'none'" in house.call("GET", path).headers["content-security-policy"]


def test_static_files_are_kept_for_a_year_by_name(house: Running) -> None:
    static = house.app.litestar.state.static
    now = house.call("GET", static.url("css/base.css"), {"Accept-Encoding": "gzip"})
    assert now.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert now.headers["content-encoding"] == "gzip"
    assert "css" in now.headers["content-type"]
    old = house.call("GET", "/static/000000000000/css/base.css", {"Accept-Encoding": "identity"})
    assert (old.status_code, old.headers["cache-control"], old.text) == (200, "no-cache", now.text)
    assert "content-encoding" not in old.headers


@pytest.mark.parametrize(
    "path",
    ["/static/../main.py", "/static/%2e%2e/main.py", "/static//etc/passwd", "/static/", "/static/css/"],
)
def test_nothing_but_static_files_comes_from_their_folder(house: Running, path: str) -> None:
    assert house.call("GET", path).status_code == 404
