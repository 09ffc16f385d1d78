"""Cross-site requests: what a browser says about where a request comes from decides, for every way to say it."""

from collections.abc import Iterator

import pytest

from tests.factories import key_of, make_house, session_of
from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from topline.web.csrf import is_cross_site

#: Sec-Fetch-Site and Origin as sent, and whether a request that changes something passes with a cookie, and without.
TABLE: list[tuple[str | None, str | None, bool, bool]] = [
    # fetch-site     origin                         with a cookie  without
    ("same-origin", "http://topline.test", True, True),
    ("same-origin", None, True, True),
    ("none", None, True, True),  # typed, bookmarked, or from an app of the device
    ("same-site", "http://evil.topline.test", False, False),
    ("cross-site", "http://evil.example", False, False),
    ("cross-site", None, False, False),
    ("cross-site", "http://topline.test", False, False),
    ("", "http://evil.example", False, False),
    (None, "http://topline.test", True, True),
    (None, "HTTP://TOPLINE.TEST", True, True),
    (None, "http://topline.test:8080", False, False),
    (None, "http://topline.test.evil.example", False, False),
    (None, "http://evil.example", False, False),
    (None, "null", False, False),
    (None, "http://[", False, False),
    (None, "http://", False, False),
    (
        None,
        None,
        False,
        True,
    ),  # a cookie without either is no current browser; without a cookie it is a script
]


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("sites")) as house:
        yield house


@pytest.fixture(scope="module")
def session(house: Running) -> str:
    return session_of(house.database, make_house(house.database).mina)


def said(fetch_site: str | None, origin: str | None) -> dict[str, str]:
    pairs = {"Sec-Fetch-Site": fetch_site, "Origin": origin}
    return {name: value for name, value in pairs.items() if value is not None}


@pytest.mark.parametrize(("fetch_site", "origin", "with_cookie", "without"), TABLE)
def test_the_table_of_sites(
    house: Running, session: str, fetch_site: str | None, origin: str | None, with_cookie: bool, without: bool
) -> None:
    """Signing out is the request: it needs no right, so only the doorway can refuse it."""
    for cookie, passes in (({"Cookie": f"topline_session={session}x"}, with_cookie), ({}, without)):
        answer = house.call("POST", "/api/auth/logout", {**said(fetch_site, origin), **cookie})
        if passes:
            assert answer.status_code == 204
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_method_that_changes_something_is_checked(house: Running, session: str, method: str) -> None:
    sent = {"Cookie": f"topline_session={session}", **said("cross-site", "http://evil.example")}
    answer = house.call(method, "/api/auth/logout", sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


def test_a_link_from_elsewhere_opens_a_page(house: Running, session: str) -> None:
    sent = {"Cookie": f"topline_session={session}", **said("cross-site", None)}
    assert house.call("GET", "/people", sent).status_code == 200


def test_a_script_with_a_key_needs_neither_header(house: Running) -> None:
    cast = make_house(house.database)
    key = {"Authorization": f"Bearer {key_of(house.database, cast.olga)}"}
    answer = house.call("PATCH", f"/api/roles/{cast.owner_role_id}", key, json={"name": "The owner"})
    assert answer.status_code == 200


def test_a_cookie_does_not_help_a_wrong_key(house: Running, session: str) -> None:
    """An `Authorization` header switches the cookie off, so it cannot be used to get around the check."""
    sent = {"Cookie": f"topline_session={session}", "Authorization": "Bearer nonsense"}
    for origin in ("http://evil.example", "http://topline.test"):
        answer = house.call("POST", "/api/departments", {**sent, **said("cross-site", origin)}, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_methods_that_only_look_pass(method: str) -> None:
    assert not is_cross_site(method, host="a", origin="http://b", fetch_site="cross-site", has_cookie=True)


@pytest.mark.parametrize("origin", ["null", "http://", "https://"])
def test_where_a_request_names_no_host_no_origin_is_ours(origin: str) -> None:
    assert is_cross_site("POST", host="", origin=origin, fetch_site=None, has_cookie=True)
