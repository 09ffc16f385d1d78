"""Pages of signing in, the start and the first run: forms that come back, and where everybody lands."""

from pathlib import Path

import pytest

from tests.access.http import BROWSER, HTMX, PASSWORD, Client, send, session_in
from tests.factories import (
    Cast,
    Machine,
    display_of,
    headers,
    session_of,
)
from tests.support.apps import running
from topline.access import queries
from topline.core.secrets.own import fresh
from topline.core.transaction import Database
from topline.web.doorway import Doorway


def test_the_start_sends_everybody_where_they_belong(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    at_tablet = session_of(database, cast.fred, tablet)
    for who, to in (
        ({}, "/sign-in"),
        (headers(session_of(database, cast.olga)), "/today"),
        (headers(session_of(database, cast.fred)), "/account"),
        (headers(at_tablet, tablet.token), "/tablet"),
        (headers(tablet.token), "/tablet"),
        (headers(display_of(database, cast).token), "/wall"),
    ):
        response = client.get("/", headers={**BROWSER, **who}, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (303, to)


def test_before_the_first_run_everybody_is_welcomed(client: Client) -> None:
    for path in ("/", "/sign-in"):
        response = client.get(path, headers=BROWSER, follow_redirects=False)
        assert response.headers["location"] == "/welcome"


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client, with_password: Cast) -> None:
    refused = client.get("/devices?cursor=x", headers=BROWSER, follow_redirects=False)
    assert refused.status_code == 303
    assert refused.headers["location"] == "/sign-in?next=%2Fdevices%3Fcursor%3Dx"
    form = client.get(refused.headers["location"], headers=BROWSER)
    assert 'name="next" value="/devices?cursor=x"' in form.text
    assert form.headers["cache-control"] == "no-store"
    done = send(
        client, "/sign-in", BROWSER, email="mina@house.invalid", password=PASSWORD, next="/devices?cursor=x"
    )
    assert (done.status_code, done.headers["location"]) == (303, "/devices?cursor=x")
    assert client.get("/devices", headers={**BROWSER, **headers(session_in(done))}).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.invalid", "//evil.invalid", "/\\evil.invalid", "javascript:alert(1)", "/a\nb", "x"],
)
def test_next_never_leads_elsewhere(client: Client, with_password: Cast, elsewhere: str) -> None:
    done = send(client, "/sign-in", BROWSER, email="mina@house.invalid", password=PASSWORD, next=elsewhere)
    assert (done.status_code, done.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("mina@house.invalid", "wrong", "E-mail or password is not right."),
        ("nobody@house.invalid", "wrong", "E-mail or password is not right."),
        ("mina@house.invalid", "", "Please type your password."),
        ("", "wrong", "Please type your e-mail address."),
    ],
)
def test_a_refused_sign_in_says_why_and_keeps_the_address(
    client: Client, with_password: Cast, email: str, password: str, words: str
) -> None:
    response = send(client, "/sign-in", BROWSER, email=email, password=password, next="/today")
    assert response.status_code == 422
    assert words in response.text
    assert f'value="{email}"' in response.text
    assert 'name="next" value="/today"' in response.text
    assert "topline_session" not in response.headers.get("set-cookie", "")


def test_too_many_failures_say_how_long_to_wait(client: Client, with_password: Cast) -> None:
    for number in range(6):
        response = send(client, "/sign-in", BROWSER, email=f"a{number}@house.invalid", password="wrong")
    assert (response.status_code, response.headers["retry-after"]) == (429, "900")
    assert "15 minutes" in response.text


def test_what_was_typed_is_escaped(client: Client, cast: Cast) -> None:
    response = send(client, "/sign-in", BROWSER, email='"><script>alert(1)</script>', password="wrong")
    assert "<script>alert" not in response.text


def test_signing_out_ends_the_session_and_keeps_the_tablet(
    client: Client, database: Database, cast: Cast, tablet: Machine, mina: dict[str, str]
) -> None:
    out = send(client, "/sign-out", mina)
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert out.headers["clear-site-data"] == '"cache"'
    assert "no-store" in out.headers["cache-control"]
    assert client.get("/account", headers=mina, follow_redirects=False).status_code == 303
    at_tablet = {**BROWSER, **headers(session_of(database, cast.fred, tablet), tablet.token)}
    assert send(client, "/sign-out", at_tablet).headers["location"] == "/tablet"
    state = client.get("/api/tablet/state", headers=at_tablet)
    assert state.status_code == 200


FIRST = {
    "organization_name": "Harbor House",
    "zone": "Europe/Lisbon",
    "currency": "EUR",
    "locale": "en",
    "owner_name": "Olive Owner",
    "email": "olive@harbor.invalid",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "departments[]": ["Bar", "Front desk"],
}


def test_the_first_run_makes_a_house_once(client: Client) -> None:
    form = client.get("/welcome", headers=BROWSER)
    assert form.status_code == 200, form.text
    for words in ("Europe/Lisbon", "EUR · Euro", "Housekeeping"):
        assert words in form.text
    done = send(client, "/welcome", BROWSER, **FIRST)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    olive = {**BROWSER, **headers(session_in(done))}
    account = client.get("/account", headers=olive)
    assert "Olive Owner" in account.text
    assert "Harbor House" in account.text
    assert len(client.get("/api/behaviors", headers=olive).json()["items"]) == 22
    assert client.get("/welcome", headers=BROWSER, follow_redirects=False).headers["location"] == "/"
    second = send(client, "/welcome", BROWSER, **FIRST)
    assert second.headers["location"] == "/sign-in"
    assert "topline_session" not in second.headers.get("set-cookie", "")


def test_in_production_a_house_does_not_belong_to_whoever_comes_first(
    database_url: str, tmp_path: Path
) -> None:
    keys = {name: fresh() for name in ("pepper", "session_key")}
    with running(database_url, tmp_path, mode="production", **keys) as house:
        closed = house.client.get("/welcome", headers=BROWSER)
        assert closed.status_code == 403
        assert "topline init" in closed.text
        assert "password" not in closed.text
        assert send(house.client, "/welcome", BROWSER, **FIRST).status_code == 403
        with house.database.read() as tx:
            assert not queries.is_set_up(tx)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"password_again": "other"}, "The two passwords are not the same."),
        ({"organization_name": ""}, "Please write something here."),
        ({"email": "olive"}, "This is not an e-mail address."),
        ({"zone": ""}, "time zone"),
        ({"rooms_available": "many"}, "A whole number of rooms"),
        ({"rooms_available": "-5"}, "A whole number of rooms"),
    ],
)
def test_a_refused_first_run_keeps_what_was_typed_but_no_password(
    client: Client, changed: dict[str, str], words: str
) -> None:
    refused = send(client, "/welcome", BROWSER, **{**FIRST, **changed})
    assert refused.status_code == 422
    assert words in refused.text
    assert "Olive Owner" in refused.text
    assert PASSWORD not in refused.text
    assert refused.text.count("checked") == 2


@pytest.mark.parametrize("path", ["/account", "/devices", "/people"])
def test_a_page_asks_strangers_to_sign_in_and_comes_back(client: Client, cast: Cast, path: str) -> None:
    response = client.get(path, headers=BROWSER, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, f"/sign-in?next=%2F{path[1:]}")
    fragment = client.get(path, headers=BROWSER | HTMX | {"HX-Current-URL": f"http://topline.test{path}?a=b"})
    assert fragment.status_code == 401
    assert fragment.headers["hx-redirect"] == f"/sign-in?next=%2F{path[1:]}%3Fa%3Db"


def test_the_secure_flag_follows_the_setting(client: Client, app: Doorway, with_password: Cast) -> None:
    services = app.litestar.state.services
    services.settings = services.settings.model_copy(update={"secure_cookies": True})
    done = send(client, "/sign-in", BROWSER, email="mina@house.invalid", password=PASSWORD)
    assert "Secure" in done.headers["set-cookie"]
