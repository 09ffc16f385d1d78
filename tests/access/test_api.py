"""The doors over HTTP, through everything a real request passes."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from tests.factories import (
    Cast,
    Machine,
    Who,
    display_of,
    headers,
    key_of,
    make_house,
    session_of,
    set_password,
    set_pin,
    tablet_of,
)
from topline.access.hashing import Hasher
from topline.access.models import SignIn
from topline.core.clock import FixedClock
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.people import actions as people
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PIN, PASSWORD = "7294", "seven quiet herons"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def hasher(app: Doorway) -> Hasher:
    found: Hasher = app.litestar.state.services.extras["hasher"]
    return found


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_house(database)


@pytest.fixture
def tablet(database: Database, cast: Cast) -> Machine:
    return tablet_of(database, cast)


@pytest.fixture
def fred(database: Database, cast: Cast, hasher: Hasher) -> Who:
    set_pin(database, hasher, cast.fred, PIN)
    return cast.fred


def cookie_of(response: httpx.Response, name: str) -> str:
    """The whole Set-Cookie line of one cookie."""
    lines = [line for line in response.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
    assert len(lines) == 1, response.headers
    return str(lines[0])


def by_pin(client: Client, tablet: Machine, who: Who, pin: str = PIN) -> httpx.Response:
    return client.post(
        "/api/auth/pin", json={"person_id": str(who.id), "pin": pin}, headers=headers(tablet.token)
    )


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


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


def test_a_tablet_knows_its_house_and_its_people(
    client: Client, database: Database, cast: Cast, tablet: Machine
) -> None:
    session_of(database, cast.bella, tablet)
    body = client.get("/api/tablet/state", headers=headers(tablet.token)).json()
    assert body["device"] == {
        "id": str(tablet.id),
        "name": "Bar tablet",
        "location_id": str(cast.location_id),
        "location_name": "Main house",
        "department_id": None,
    }
    assert body["organization"] == {
        "name": "House of Examples",
        "currency": "EUR",
        "currency_digits": 2,
        "locale": "en",
        "zone": "Europe/Lisbon",
        "turning_hour": 4,
        "idle_seconds": 30,
    }
    assert [department["name"] for department in body["departments"]] == ["Front desk", "Bar"]
    assert [person["display_name"] for person in body["people"]] == ["Bella", "Fred", "Milo", "Mina", "Olga"]
    assert body["people"][0]["last_used_at"] == "2026-03-04T10:00:00Z"
    assert body["people"][1]["last_used_at"] is None
    assert body["server_time"] == "2026-03-04T10:00:00Z"
    assert "email" not in body["people"][0]


def test_e_mail_and_password_open_a_browser_session(
    client: Client, database: Database, cast: Cast, hasher: Hasher
) -> None:
    set_password(database, hasher, cast.mina, PASSWORD)
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


def test_a_tablet_is_enrolled_renamed_and_revoked(client: Client, database: Database, cast: Cast) -> None:
    mina = headers(session_of(database, cast.mina))
    made = client.post("/api/devices/codes", json={"department_id": str(cast.bar_id)}, headers=mina)
    assert made.status_code == 201, made.text
    assert made.json()["expires_at"] == "2026-03-04T10:10:00Z"
    enrolled = client.post(
        "/api/devices/enroll", json={"code": made.json()["code"], "name": "Terrace"}, headers=FROM_HERE
    )
    assert enrolled.status_code == 201, enrolled.text
    device = enrolled.json()["device"]
    assert (device["name"], device["kind"], device["location_name"]) == ("Terrace", "tablet", "Main house")
    cookie = cookie_of(enrolled, "topline_device")
    assert "Max-Age=34560000" in cookie
    assert "HttpOnly" in cookie
    token = cookie.split(";")[0].split("=")[1]
    assert client.get("/api/tablet/state", headers=headers(token)).status_code == 200
    renamed = client.patch(f"/api/devices/{device['id']}", json={"name": "Roof"}, headers=mina)
    assert renamed.json()["name"] == "Roof"
    assert [one["name"] for one in client.get("/api/devices", headers=mina).json()["items"]] == ["Roof"]
    assert client.delete(f"/api/devices/{device['id']}", headers=mina).status_code == 204
    assert code(client.get("/api/tablet/state", headers=headers(token))) == (401, "device_unknown")
    assert client.get("/api/devices", headers=mina).json()["items"] == []
    again = {"code": made.json()["code"], "name": "Again"}
    refused = client.post("/api/devices/enroll", json=again, headers=FROM_HERE)
    assert code(refused) == (422, "enrollment_code_invalid")


def test_the_name_of_a_new_tablet_is_refused_by_name(client: Client, database: Database, cast: Cast) -> None:
    mina = headers(session_of(database, cast.mina))
    shown = client.post("/api/devices/codes", headers=mina).json()["code"]
    for name in (" ", "x" * 61, "a\u0000b"):
        body = {"code": shown, "name": name}
        response = client.post("/api/devices/enroll", json=body, headers=FROM_HERE)
        assert code(response) == (400, "invalid_input")
        assert [error["field"] for error in response.json()["errors"]] == ["name"]


def test_devices_are_paged(client: Client, database: Database, cast: Cast) -> None:
    for name in ("C", "A", "B", "A"):
        tablet_of(database, cast, name)
    mina = headers(session_of(database, cast.mina))
    names, cursor = [], None
    for _ in range(4):
        query: dict[str, Any] = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/devices", params=query, headers=mina).json()
        names += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (names, cursor) == (["A", "A", "B", "C"], None)
    assert code(client.get("/api/devices?cursor=nonsense", headers=mina)) == (400, "invalid_input")


def test_a_display_gets_a_link_and_a_new_one(client: Client, database: Database, cast: Cast) -> None:
    mina = headers(session_of(database, cast.mina))
    made = client.post("/api/devices/displays", json={"name": "Canteen"}, headers=mina)
    assert made.status_code == 201, made.text
    url = made.json()["url"]
    assert url.startswith("http://topline.test/wall/tl_display_")
    opened = client.get(url, follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/wall")
    assert "HttpOnly" in cookie_of(opened, "topline_display")
    renewed = client.post(f"/api/devices/{made.json()['device']['id']}/link", headers=mina)
    assert renewed.json()["url"] != url
    assert client.get(url, follow_redirects=False).status_code == 401


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
    client: Client, database: Database, cast: Cast, tablet: Machine, fred: Who, hasher: Hasher
) -> None:
    token = session_of(database, fred, tablet)
    body = {"current_pin": PIN, "new_pin": "8305"}
    changed = client.post("/api/auth/pin/change", json=body, headers=headers(token, tablet.token))
    assert changed.status_code == 204, changed.text
    assert by_pin(client, tablet, fred, "8305").status_code == 200
    set_password(database, hasher, cast.mina, PASSWORD)
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


STAFF_MAY_NOT = [
    ("GET", "/api/devices"),
    ("POST", "/api/devices/codes"),
    ("POST", "/api/devices/displays"),
    ("GET", "/api/auth/keys"),
    ("GET", "/api/auth/locks"),
]


@pytest.mark.parametrize(("method", "path"), STAFF_MAY_NOT)
def test_the_office_is_closed_to_staff_tablets_and_strangers(
    client: Client, database: Database, cast: Cast, tablet: Machine, method: str, path: str
) -> None:
    body: dict[str, Any] = {} if method == "GET" else {"json": {"name": "X"} if "displays" in path else {}}
    for who, expected in (
        (headers(session_of(database, cast.fred, tablet), tablet.token), (403, "forbidden")),
        (headers(session_of(database, cast.mina, tablet), tablet.token), (403, "forbidden")),
        (headers(tablet.token), (403, "forbidden")),
        (FROM_HERE, (401, "unauthenticated")),
    ):
        assert code(client.request(method, path, headers=who, **body)) == expected
    allowed = client.request(method, path, headers=headers(session_of(database, cast.mina)), **body)
    assert allowed.status_code in (200, 201)


def test_another_house_finds_nothing(client: Client, database: Database, cast: Cast, tablet: Machine) -> None:
    nora = headers(session_of(database, cast.other.owner))
    key = client.get("/api/auth/keys", headers=nora)
    assert key.json()["items"] == []
    key_of(database, cast.mina)
    for method, path, body in (
        ("PATCH", f"/api/devices/{tablet.id}", {"name": "Mine"}),
        ("DELETE", f"/api/devices/{tablet.id}", None),
        ("POST", f"/api/devices/{tablet.id}/link", None),
        ("POST", f"/api/users/{cast.fred.id}/pin", None),
        ("POST", f"/api/users/{cast.mina.id}/password", {"password": PASSWORD}),
        ("DELETE", f"/api/auth/locks/pin/{cast.fred.id}", None),
        ("DELETE", f"/api/auth/locks/device/{tablet.id}", None),
        ("POST", "/api/devices/codes", {"location_id": str(cast.location_id)}),
    ):
        assert code(client.request(method, path, json=body, headers=nora)) == (404, "not_found"), path
    assert client.get("/api/devices", headers=nora).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"person_id": "x", "pin": PIN},
        {"person_id": str(new_id()), "pin": 7294},
        {"person_id": str(new_id()), "pin": "1" * 33},
        {"person_id": str(new_id()), "pin": PIN, "extra": 1},
        {"pin": PIN},
    ],
)
def test_bad_input_is_a_400_that_changes_nothing(
    client: Client, tablet: Machine, body: dict[str, Any]
) -> None:
    response = client.post("/api/auth/pin", json=body, headers=headers(tablet.token))
    assert response.status_code == 400, response.text
