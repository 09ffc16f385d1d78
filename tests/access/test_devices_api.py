"""Tablets and displays over HTTP, and to whom the office is closed."""

from typing import Any

import pytest

from tests.access.http import FROM_HERE, PASSWORD, PIN, Client, code, cookie_of
from tests.factories import (
    Cast,
    Machine,
    headers,
    key_of,
    session_of,
    tablet_of,
)
from topline.core.ids import new_id
from topline.core.transaction import Database


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
