"""Signing in and out over HTTP, through everything a real request passes."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.access.http import FROM_HERE, PASSWORD, PIN, Client, by_pin, code, cookie_of
from tests.factories import (
    Cast,
    Machine,
    Who,
    display_of,
    headers,
    session_of,
    set_password,
    tablet_of,
)
from topline.access.entrance import REFUSAL_SECONDS
from topline.access.hashing import Hasher
from topline.access.models import SignIn
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.people import actions as people
from topline.web.doorway import Doorway


def test_a_pin_opens_a_session_that_lives_in_a_cookie(client: Client, tablet: Machine, fred: Who) -> None:
    response = by_pin(client, tablet, fred)
    assert response.status_code == 200, response.text
    body = response.json()
    assert set(body) == {"session_id", "expires_at", "person", "must_change_pin"}
    assert body["person"] == {
        "id": str(fred.id),
        "display_name": "Fred",
        "initials": "FF",
        "color": 0,
        "role_name": "Front desk agent",
        "department_name": "Front desk",
    }
    assert body["expires_at"] == "2026-03-04T18:00:00Z"
    cookie = cookie_of(response, "topline_session")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age" not in cookie
    assert "Secure" not in cookie
    assert response.headers["cache-control"] == "no-store"
    token = cookie.split(";")[0].split("=")[1]
    assert token not in response.text
    me = client.get("/api/auth/me", headers=headers(token, tablet.token)).json()
    assert me["session"]["id"] == body["session_id"]
    assert "logs:verify" not in me["permissions"]


def test_refusals_by_pin_have_their_codes_and_say_how_long(
    client: Client, tablet: Machine, fred: Who, clock: FixedClock
) -> None:
    assert [code(by_pin(client, tablet, fred, "6173")) for _ in range(3)] == [(401, "pin_wrong")] * 3
    paused = by_pin(client, tablet, fred)
    assert code(paused) == (429, "pin_paused")
    assert paused.headers["retry-after"] == "30"
    assert paused.json()["retry_after"] == 30
    clock.advance(timedelta(seconds=30))
    assert by_pin(client, tablet, fred).status_code == 200


@pytest.mark.parametrize("shown", ["nothing", "unknown", "revoked", "manager", "display"])
def test_without_an_enrolled_tablet_there_is_no_pin(
    client: Client, database: Database, cast: Cast, tablet: Machine, fred: Who, shown: str
) -> None:
    given = {
        "nothing": FROM_HERE,
        "unknown": headers("tl_device_" + "x" * 43),
        "revoked": headers(tablet.token),
        "manager": headers(session_of(database, cast.mina)),
        "display": headers(display_of(database, cast).token),
    }[shown]
    if shown == "revoked":
        client.delete(f"/api/devices/{tablet.id}", headers=headers(session_of(database, cast.mina)))
    body = {"person_id": str(fred.id), "pin": PIN}
    assert code(client.post("/api/auth/pin", json=body, headers=given)) == (401, "device_unknown")
    assert code(client.get("/api/tablet/state", headers=given)) == (401, "device_unknown")


def test_a_manager_signed_in_at_a_tablet_does_not_stop_it_from_being_one(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    both = headers(session_of(database, cast.mina), tablet.token)
    assert client.get("/api/tablet/state", headers=both).json()["device"]["id"] == str(tablet.id)
    assert client.get("/api/devices", headers=both).status_code == 200


def test_a_session_of_one_tablet_counts_nowhere_else(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    other = tablet_of(database, cast, "Other tablet")
    token = session_of(database, cast.fred, tablet)
    assert client.get("/api/auth/me", headers=headers(token, tablet.token)).status_code == 200
    assert code(client.get("/api/auth/me", headers=headers(token, other.token))) == (403, "forbidden")


def test_e_mail_and_password_open_a_browser_session(
    client: Client, database: Database, cast: Cast, app_hasher: Hasher
) -> None:
    set_password(database, app_hasher, cast.mina, PASSWORD)
    body = {"email": "mina@house.invalid", "password": PASSWORD}
    response = client.post("/api/auth/login", json=body, headers=FROM_HERE)
    assert response.status_code == 200, response.text
    assert response.json()["organization"]["name"] == "House of Examples"
    cookie = cookie_of(response, "topline_session")
    assert "Max-Age=2592000" in cookie
    token = cookie.split(";")[0].split("=")[1]
    me = client.get("/api/auth/me", headers=headers(token)).json()
    assert (me["person"]["display_name"], me["group"], me["is_api_key"]) == ("Mina", "manager", False)
    wrong = client.post("/api/auth/login", json={**body, "password": "x"}, headers=FROM_HERE)
    assert code(wrong) == (401, "sign_in_failed")


def test_signing_in_from_another_site_is_refused(client: Client, cast: Cast) -> None:
    body = {"email": "mina@house.invalid", "password": PASSWORD}
    for given in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.invalid"}):
        assert code(client.post("/api/auth/login", json=body, headers=given)) == (403, "cross_site")


def test_signing_out_ends_the_session_at_once(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    mine = session_of(database, cast.fred, tablet)
    given = headers(mine, tablet.token)
    assert client.get("/api/auth/me", headers=given).status_code == 200
    response = client.post("/api/auth/logout", json={}, headers=given)
    assert response.status_code == 204
    assert "Max-Age=0" in cookie_of(response, "topline_session")
    assert response.headers["clear-site-data"] == '"cache"'
    assert client.get("/api/auth/me", headers=given).status_code == 403
    assert client.get("/api/tablet/state", headers=given).status_code == 200
    assert client.post("/api/auth/logout", headers=given).status_code == 204


def test_signing_out_everywhere_ends_the_other_session_too(
    client: Client, database: Database, cast: Cast
) -> None:
    here, there = session_of(database, cast.mina), session_of(database, cast.mina)
    assert client.get("/api/auth/me", headers=headers(there)).status_code == 200
    assert (
        client.post("/api/auth/logout", json={"everywhere": True}, headers=headers(here)).status_code == 204
    )
    assert code(client.get("/api/auth/me", headers=headers(there))) == (401, "unauthenticated")


def test_another_role_or_leaving_ends_sessions_at_once(
    app: Doorway, client: Client, database: Database, cast: Cast
) -> None:
    db: Database = app.litestar.state.services.db
    milos, bellas = headers(session_of(database, cast.milo)), headers(session_of(database, cast.bella))
    assert client.get("/api/devices", headers=milos).status_code == 200
    assert client.get("/api/auth/me", headers=bellas).status_code == 200
    with db.write(cast.olga.actor) as tx:
        fields = people.PersonFields("Milo Manager", cast.bartender_role_id, cast.bar_id)
        people.update_person(tx, cast.milo.id, fields)
        people.deactivate_person(tx, cast.bella.id)
    for given in (milos, bellas):
        assert code(client.get("/api/auth/me", headers=given)) == (401, "unauthenticated")
    with database.read() as read:
        ended = read.execute(select(SignIn.end_reason).order_by(SignIn.end_reason)).scalars().all()
    assert ended == ["deactivated", "role_changed"]


def test_keys_are_made_used_and_revoked(client: Client, database: Database, cast: Cast) -> None:
    mina = headers(session_of(database, cast.mina))
    made = client.post(
        "/api/auth/keys", json={"name": "Reader", "permissions": ["self:use", "people:read"]}, headers=mina
    )
    assert made.status_code == 201, made.text
    token, key = made.json()["token"], made.json()["key"]
    listed = client.get("/api/auth/keys", headers=mina).json()["items"]
    assert [one["id"] for one in listed] == [key["id"]]
    assert token not in str(listed)
    me = client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert (me["permissions"], me["session"], me["is_api_key"]) == (["people:read", "self:use"], None, True)
    assert code(client.get("/api/auth/keys", headers=headers(token))) == (403, "forbidden")
    assert client.delete(f"/api/auth/keys/{key['id']}", headers=mina).status_code == 204
    assert code(client.get("/api/auth/me", headers=headers(token))) == (401, "unauthenticated")


def test_a_manager_resets_a_pin_and_sees_and_lifts_locks(
    client: Client, database: Database, cast: Cast, tablet: Machine, fred: Who
) -> None:
    mina = headers(session_of(database, cast.mina))
    for _ in range(3):
        by_pin(client, tablet, fred, "6173")
    locks = client.get("/api/auth/locks", headers=mina).json()["items"]
    assert [(lock["kind"], lock["label"], lock["device_name"]) for lock in locks] == [
        ("pin", "Fred", "Bar tablet")
    ]
    assert locks[0]["until"] == "2026-03-04T10:00:30Z"
    assert client.delete(f"/api/auth/locks/pin/{fred.id}", headers=mina).status_code == 204
    assert client.get("/api/auth/locks", headers=mina).json()["items"] == []
    assert by_pin(client, tablet, fred).status_code == 200
    new = client.post(f"/api/users/{fred.id}/pin", headers=mina)
    assert new.status_code == 200, new.text
    assert code(by_pin(client, tablet, fred)) == (401, "pin_wrong")
    assert by_pin(client, tablet, fred, new.json()["pin"]).json()["must_change_pin"] is True
    wished = client.post(f"/api/users/{fred.id}/pin", json={"pin": "1111"}, headers=mina)
    assert code(wished) == (400, "invalid_input")


def test_a_person_changes_the_own_pin_and_password(
    client: Client, database: Database, cast: Cast, tablet: Machine, fred: Who, app_hasher: Hasher
) -> None:
    token = session_of(database, fred, tablet)
    body = {"current_pin": PIN, "new_pin": "8305"}
    changed = client.post("/api/auth/pin/change", json=body, headers=headers(token, tablet.token))
    assert changed.status_code == 204, changed.text
    assert by_pin(client, tablet, fred, "8305").status_code == 200
    set_password(database, app_hasher, cast.mina, PASSWORD)
    mina = headers(session_of(database, cast.mina))
    words = {"current_password": PASSWORD, "new_password": "eleven calm otters"}
    assert client.post("/api/auth/password", json=words, headers=mina).status_code == 204
    login = {"email": "mina@house.invalid", "password": "eleven calm otters"}
    assert client.post("/api/auth/login", json=login, headers=FROM_HERE).status_code == 200


def test_one_sees_and_ends_the_own_sessions(client: Client, database: Database, cast: Cast) -> None:
    here, there = session_of(database, cast.mina), session_of(database, cast.mina)
    items = client.get("/api/auth/sessions", headers=headers(here)).json()["items"]
    assert [item["kind"] for item in items] == ["browser", "browser"]
    other = next(item["id"] for item in items if not item["is_this"])
    assert client.delete(f"/api/auth/sessions/{other}", headers=headers(here)).status_code == 204
    assert client.get("/api/auth/me", headers=headers(there)).status_code == 401
    unknown = client.delete(f"/api/auth/sessions/{new_id()}", headers=headers(here))
    assert code(unknown) == (404, "not_found")


@pytest.mark.parametrize("email", ["mina@house.invalid", "nobody@house.invalid"])
@pytest.mark.parametrize("way", ["page", "script"])
def test_how_long_a_refusal_takes_says_nothing_about_the_account(
    client: Client,
    cast: Cast,
    app_hasher: Hasher,
    database: Database,
    email: str,
    way: str,
) -> None:
    set_password(database, app_hasher, cast.mina, PASSWORD)
    body = {"email": email, "password": "nine loud herons"}
    began = time.monotonic()
    if way == "page":
        refused = client.post("/sign-in", data=body, headers=FROM_HERE)
    else:
        refused = client.post("/api/auth/login", json=body, headers=FROM_HERE)
    assert refused.status_code in (401, 422)
    assert time.monotonic() - began >= REFUSAL_SECONDS
