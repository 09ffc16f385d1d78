"""The second step over HTTP: JSON and pages, and how somebody who owes one is led to it."""

import re
from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import update

from tests.access.http import BROWSER, FROM_HERE, PASSWORD, Client, code, cookie_of, send, session_in
from tests.factories import Cast, headers, key_of, session_of
from topline.core.clock import FixedClock
from topline.core.transaction import Database
from topline.organizations.models import Organization


def require(database: Database, cast: Cast) -> None:
    with database.write() as tx:
        tx.change(
            update(Organization)
            .where(Organization.id == cast.organization_id)
            .values(settings={"access": {"second_factor": "required"}})
        )


@pytest.fixture
def mina(database: Database, with_password: Cast) -> dict[str, str]:
    return headers(session_of(database, with_password.mina))


def set_up(client: Client, mina: dict[str, str], clock: FixedClock) -> tuple[str, list[str]]:
    offered = client.post("/api/auth/factors/authenticator", headers=mina).json()
    body = {"ticket": offered["ticket"], "code": pyotp.TOTP(offered["secret"]).at(clock.now())}
    added = client.put("/api/auth/factors/authenticator", json=body, headers=mina)
    assert added.status_code == 200, added.text
    assert added.headers["cache-control"] == "no-store"
    clock.advance(timedelta(minutes=1))
    return offered["secret"], added.json()["codes"]


def log_in(client: Client) -> httpx.Response:
    body = {"email": "mina@house.invalid", "password": PASSWORD}
    return client.post("/api/auth/login", json=body, headers=FROM_HERE)


def test_signing_in_in_two_steps_as_json(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    secret, codes = set_up(client, mina, clock)
    assert len(codes) == 10
    asked = log_in(client)
    assert code(asked) == (401, "second_factor_required")
    assert "set-cookie" not in asked.headers
    go_on = asked.json()["go_on"]
    assert go_on["ways"] == ["authenticator", "recovery_code"]
    body = {"ticket": go_on["ticket"], "code": "000000"}
    wrong = client.post("/api/auth/login/second", json=body, headers=FROM_HERE)
    assert code(wrong) == (401, "second_factor_wrong")
    body["code"] = pyotp.TOTP(secret).at(clock.now())
    right = client.post("/api/auth/login/second", json=body, headers=FROM_HERE)
    assert right.status_code == 200
    assert right.json()["person"]["display_name"] == "Mina"
    me = client.get("/api/auth/me", headers=headers(session_in(right)))
    assert me.json()["person"]["display_name"] == "Mina"


def test_the_list_of_my_factors(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    nothing = client.get("/api/auth/factors", headers=mina).json()
    assert (nothing["authenticator_added_at"], nothing["recovery_codes_left"]) == (None, 0)
    set_up(client, mina, clock)
    mine = client.get("/api/auth/factors", headers=mina).json()
    assert mine["authenticator_added_at"] == "2026-03-04T10:00:00Z"
    assert (mine["recovery_codes_left"], mine["required"], mine["passkeys"]) == (10, False, [])
    assert client.post("/api/auth/factors/codes", headers=mina).json()["codes"]
    assert client.delete("/api/auth/factors/authenticator", headers=mina).status_code == 204
    assert client.get("/api/auth/factors", headers=mina).json()["recovery_codes_left"] == 0


def test_an_owner_resets_by_api(
    client: Client, mina: dict[str, str], cast: Cast, database: Database, clock: FixedClock
) -> None:
    set_up(client, mina, clock)
    olga = headers(session_of(database, cast.olga))
    assert client.delete(f"/api/users/{cast.mina.id}/factors", headers=mina).status_code == 403
    assert client.delete(f"/api/users/{cast.mina.id}/factors", headers=olga).status_code == 204
    assert log_in(client).status_code == 200


def test_signing_in_in_two_steps_on_pages(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    _, codes = set_up(client, mina, clock)
    first = send(client, "/sign-in", BROWSER, email="mina@house.invalid", password=PASSWORD, next="/board")
    assert (first.status_code, first.headers["location"]) == (303, "/sign-in/second?next=%2Fboard")
    line = cookie_of(first, "topline_ticket")
    assert "HttpOnly" in line
    assert "SameSite=lax" in line
    ticket = re.search(r"topline_ticket=([^;]+)", line)
    assert ticket is not None
    half = {**BROWSER, "Cookie": f"topline_ticket={ticket[1]}"}
    client.cookies.clear()
    asked = client.get("/sign-in/second?next=/board", headers=half)
    assert "authenticator app" in asked.text
    wrong = send(client, "/sign-in/second", half, code="000000", next="/board")
    assert wrong.status_code == 422
    assert "That code is not right" in wrong.text
    right = send(client, "/sign-in/second", half, code=codes[0], next="/board")
    assert (right.status_code, right.headers["location"]) == (303, "/board")
    client.cookies.clear()
    board = client.get("/board", headers={**BROWSER, **headers(session_in(right))})
    assert board.status_code == 200


def test_without_a_ticket_it_begins_with_the_password(client: Client, cast: Cast) -> None:
    for answer in (
        client.get("/sign-in/second", headers=BROWSER, follow_redirects=False),
        send(client, "/sign-in/second", BROWSER, code="123456"),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_ticket_opens_no_page(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    set_up(client, mina, clock)
    ticket = log_in(client).json()["go_on"]["ticket"]
    client.cookies.clear()
    for given in (f"topline_ticket={ticket}", f"topline_session={ticket}"):
        sent = {"Cookie": given, "Sec-Fetch-Site": "same-origin"}
        assert client.get("/api/auth/me", headers=sent).status_code == 401


def test_setting_up_on_pages(client: Client, mina: dict[str, str], clock: FixedClock) -> None:
    given = {**BROWSER, **mina}
    page = client.get("/account/factors/authenticator", headers=given)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert "<script>" not in page.text
    secret = re.search(r'data-testid="secret">([A-Z2-7]{32})<', page.text)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    assert secret is not None
    assert ticket is not None
    wrong = send(client, "/account/factors/authenticator", given, ticket=ticket[1], code="000000")
    assert wrong.status_code == 422
    assert secret[1] in wrong.text
    right_code = pyotp.TOTP(secret[1]).at(clock.now())
    right = send(client, "/account/factors/authenticator", given, ticket=ticket[1], code=right_code)
    assert len(re.findall(r'<code class="code">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</code>', right.text)) == 10
    overview = client.get("/account/factors", headers=given).text
    assert "10 are left." in overview
    assert secret[1] not in overview
    again = send(client, "/account/factors/authenticator", given, ticket=ticket[1], code=right_code)
    assert again.status_code == 422


def test_who_owes_one_is_led_to_it_and_let_on_afterwards(
    client: Client, mina: dict[str, str], cast: Cast, database: Database, clock: FixedClock
) -> None:
    require(database, cast)
    given = {**BROWSER, **mina}
    led = client.get("/today", headers=given, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/account/factors")
    htmx = client.get("/today", headers={**given, "HX-Request": "true"}, follow_redirects=False)
    assert htmx.headers["hx-redirect"] == "/account/factors"
    assert "Use an authenticator app" in client.get("/account/factors", headers=given).text
    assert code(client.get("/api/users", headers=mina)) == (403, "second_factor_setup_required")
    assert client.get("/api/auth/me", headers=mina).status_code == 200
    key = headers(key_of(database, cast.mina))
    assert code(client.get("/api/users", headers=key)) == (403, "second_factor_setup_required")
    set_up(client, mina, clock)
    assert client.get("/today", headers=given, follow_redirects=False).status_code == 200


def test_the_house_decides_on_its_settings_page(
    client: Client, cast: Cast, database: Database, clock: FixedClock
) -> None:
    olga = headers(session_of(database, cast.olga))
    saved = send(client, "/settings/access", {**BROWSER, **olga}, version="1", second_factor="required")
    assert saved.status_code == 303
    settings = {"settings": {"access": {"second_factor": "whatever"}}, "version": 2}
    set_up(client, olga, clock)  # which she owes herself now
    house = client.get("/api/organization", headers=olga).json()
    assert house["settings"]["access"] == {"second_factor": "required"}
    assert client.patch("/api/organization", json=settings, headers=olga).status_code == 400


def test_saving_the_other_settings_leaves_it_as_it_is(client: Client, cast: Cast, database: Database) -> None:
    require(database, cast)
    olga = headers(session_of(database, cast.olga))
    secret = client.post("/api/auth/factors/authenticator", headers=olga).json()
    clock: FixedClock = database.clock  # type: ignore[assignment]
    body = {"ticket": secret["ticket"], "code": pyotp.TOTP(secret["secret"]).at(clock.now())}
    assert client.put("/api/auth/factors/authenticator", json=body, headers=olga).status_code == 200
    form = {
        "version": "1",
        "name": "House of Examples",
        "locale": "en",
        "winning": "95",
        "neutral": "85",
        "names": "names",
        "leaderboard": "points",
        "idle_seconds": "30",
        "grace_days": "7",
        "sample": "100",
    }
    assert send(client, "/settings", {**BROWSER, **olga}, **form).status_code == 303
    house = client.get("/api/organization", headers=olga).json()
    assert house["settings"]["access"] == {"second_factor": "required"}
