"""Cookies over TLS: bound to this very host by their name, and nothing else counts there."""

from collections.abc import Iterator

import pytest

from tests.factories import make_house, session_of, set_password
from tests.support.apps import Running, running
from tests.support.cast import Cast
from tests.support.databases import SqliteDatabases
from topline.access.hashing import Hasher

TLS = "https://topline.test"
PASSWORD = "seven quiet lanterns"


@pytest.fixture(scope="module")
def house(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with sqlite_databases.fresh() as url, running(url, tmp_path_factory.mktemp("cookies")) as house:
        yield house


@pytest.fixture(scope="module")
def cast(house: Running) -> Cast:
    cast = make_house(house.database)
    set_password(house.database, house.app.litestar.state.services.get(Hasher), cast.olga, PASSWORD)
    return cast


def signed_in(house: Running, cast: Cast, base: str) -> str:
    form = {"email": cast.olga.email or "", "password": PASSWORD}
    answer = house.call("POST", f"{base}/sign-in", {"Sec-Fetch-Site": "same-origin"}, data=form)
    assert answer.status_code == 303
    return answer.headers["set-cookie"]


def test_over_tls_a_session_is_secure_and_bound_to_the_host(house: Running, cast: Cast) -> None:
    cookie = signed_in(house, cast, TLS)
    assert cookie.startswith("__Host-topline_session=tl_session_")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= attributes
    assert not any(part.startswith("domain") for part in attributes)


def test_without_tls_it_has_its_plain_name(house: Running, cast: Cast) -> None:
    cookie = signed_in(house, cast, "")
    assert cookie.startswith("topline_session=")
    assert "secure" not in cookie.lower().replace("__host", "")


def test_over_tls_only_the_bound_name_counts(house: Running, cast: Cast) -> None:
    """Another host of the same domain can plant a cookie with the plain name, and nobody is signed in by it."""
    token = session_of(house.database, cast.olga)
    for base, name, status in (
        (TLS, "__Host-topline_session", 200),
        (TLS, "topline_session", 401),
        ("", "topline_session", 200),
        ("", "__Host-topline_session", 401),
    ):
        answer = house.call("GET", f"{base}/api/auth/me", {"Cookie": f"{name}={token}"})
        assert answer.status_code == status, (base, name)


def test_what_a_form_wants_said_is_carried_and_taken_back_in_a_bound_cookie(
    house: Running, cast: Cast
) -> None:
    token = session_of(house.database, cast.olga)
    sent = {"Cookie": f"__Host-topline_session={token}", "Sec-Fetch-Site": "same-origin"}
    name = {"name": "Night desk"}
    answer = house.call("POST", f"{TLS}/settings/locations/{cast.location_id}/departments", sent, data=name)
    flash = answer.headers["set-cookie"]
    assert flash.startswith("__Host-topline_flash=")
    assert "secure" in flash.lower()
    shown = house.call("GET", f"{TLS}/settings", {"Cookie": f"{sent['Cookie']}; {flash.split(';')[0]}"})
    taken = shown.headers["set-cookie"].lower()
    assert taken.startswith("__host-topline_flash=")
    assert "max-age=0" in taken
    assert "secure" in taken


def test_an_operator_who_says_so_has_bound_cookies_behind_a_proxy_that_says_nothing(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("said-so")
    with sqlite_databases.fresh() as url, running(url, folder, secure_cookies=True) as house:
        token = session_of(house.database, make_house(house.database).olga)
        for name, status in (("__Host-topline_session", 200), ("topline_session", 401)):
            assert house.call("GET", "/api/auth/me", {"Cookie": f"{name}={token}"}).status_code == status
