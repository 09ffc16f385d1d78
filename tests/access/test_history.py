"""Sign-in history, and what "this was not me" does."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.access.http import BROWSER, FROM_HERE, PASSWORD, PIN, Client, by_pin, code, send, session_in
from tests.factories import Cast, Machine, Who, headers, key_of, session_of
from topline.access import actions
from topline.access.models import SignInRefusal
from topline.access.rules import browser_name
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.transaction import Database

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEW = "nine calm otters swim"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
            "Safari/537.36 Edg/126.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
            "Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_browsers_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def log_in(client: Client, password: str = PASSWORD) -> dict[str, str]:
    body = {"email": "mina@house.invalid", "password": password}
    given = {**FROM_HERE, "User-Agent": FIREFOX}
    answer = client.post("/api/auth/login", json=body, headers=given)
    client.cookies.clear()
    return headers(session_in(answer)) if answer.is_success else {}


def test_it_tells_when_how_and_where(client: Client, with_password: Cast, clock: FixedClock) -> None:
    log_in(client, "nine loud herons")
    clock.advance(timedelta(minutes=1))
    mina = log_in(client)
    rows = client.get("/api/auth/history", headers=mina).json()["items"]
    assert [(row["opened"], row["method"], row["browser"], row["at"]) for row in rows] == [
        (True, "password", "Firefox on Linux", "2026-03-04T10:01:00Z"),
        (False, "password", "Firefox on Linux", "2026-03-04T10:00:00Z"),
    ]
    assert all(row["address"] for row in rows)
    page = client.get("/account/history", headers={**BROWSER, **mina}).text
    assert page.count("Firefox on Linux") == 3  # the session, and both rows
    assert "refused" in page


def test_pins_are_in_it_too(client: Client, fred: Who, tablet: Machine, clock: FixedClock) -> None:
    by_pin(client, tablet, fred, "6173")
    clock.advance(timedelta(seconds=1))
    session = session_in(by_pin(client, tablet, fred, PIN))
    client.cookies.clear()
    rows = client.get("/api/auth/history", headers=headers(session, tablet.token)).json()["items"]
    assert [(row["opened"], row["method"], row["device_name"]) for row in rows] == [
        (True, "pin", "Bar tablet"),
        (False, "pin", "Bar tablet"),
    ]


def test_managers_see_that_of_the_people_they_manage(
    client: Client, with_password: Cast, database: Database
) -> None:
    cast = with_password
    log_in(client)
    milo, olga = (headers(session_of(database, who)) for who in (cast.milo, cast.olga))
    assert client.get(f"/api/users/{cast.mina.id}/sign-ins", headers=milo).json()["items"]
    assert client.get(f"/api/users/{cast.mina.id}/sign-ins", headers=olga).json()["items"]
    assert code(client.get(f"/api/users/{cast.olga.id}/sign-ins", headers=milo)) == (403, "forbidden")
    nora = headers(session_of(database, cast.other.owner))
    assert code(client.get(f"/api/users/{cast.mina.id}/sign-ins", headers=nora)) == (404, "not_found")
    page = client.get(f"/people/{cast.mina.id}/access", headers={**BROWSER, **milo})
    assert page.status_code == 200
    assert "Reset the second step" not in page.text


def test_this_was_not_me(client: Client, with_password: Cast, database: Database, clock: FixedClock) -> None:
    mina, thief = log_in(client), log_in(client)
    key = headers(key_of(database, with_password.mina))
    told = send(client, "/account/not-me", {**BROWSER, **mina})
    assert (told.status_code, told.headers["location"]) == (303, "/account/new-password")
    assert client.get("/api/auth/me", headers=thief).status_code == 401
    assert client.get("/api/auth/me", headers=key).status_code == 401
    assert code(client.get("/api/users", headers=mina)) == (403, "password_change_required")
    led = client.get("/today", headers={**BROWSER, **mina}, follow_redirects=False)
    assert led.headers["location"] == "/account/new-password"
    again = log_in(client)  # the old password opens nothing but the change
    assert code(client.get("/api/users", headers=again)) == (403, "password_change_required")
    form = {"current_password": PASSWORD, "new_password": NEW, "new_password_again": "other"}
    wrong = send(client, "/account/password", {**BROWSER, **mina}, **form)
    assert wrong.status_code == 422
    assert "Choose a new password" in wrong.text
    form["new_password_again"] = NEW
    assert send(client, "/account/password", {**BROWSER, **mina}, **form).status_code == 303
    assert client.get("/api/users", headers=mina).status_code == 200
    assert client.get("/api/auth/me", headers=again).status_code == 401
    with database.read() as tx:
        after = tx.execute(select(AuditEvent.after).where(AuditEvent.act == "account.not_me")).scalars().all()
    assert after == [{"sessions": 1, "api_keys": 1}]


def test_old_refusals_are_forgotten(
    client: Client, with_password: Cast, database: Database, clock: FixedClock
) -> None:
    log_in(client, "nine loud herons")
    actions.tidy(database)
    with database.read() as tx:
        assert len(tx.execute(select(SignInRefusal.id)).all()) == 1
    clock.advance(timedelta(days=181))
    actions.tidy(database)
    with database.read() as tx:
        assert tx.execute(select(SignInRefusal.id)).all() == []
