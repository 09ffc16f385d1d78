"""The organization, its locations and departments over HTTP."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers

Client = TestClient[Any]


def test_settings_change_with_the_version_that_was_read(client: Client, hotel: Hotel) -> None:
    before = client.get("/api/organization", headers=headers(hotel.olive)).json()
    change = {"version": before["version"], "settings": {"tablet": {"idle_seconds": 45}}}
    answer = client.patch("/api/organization", json=change, headers=headers(hotel.olive))
    assert answer.status_code == 200
    assert answer.json()["settings"]["tablet"]["idle_seconds"] == 45
    late = client.patch("/api/organization", json={**change, "name": "Late"}, headers=headers(hotel.olive))
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_a_manager_reads_but_does_not_change(client: Client, hotel: Hotel) -> None:
    assert client.get("/api/organization", headers=headers(hotel.max)).status_code == 200
    change = {"version": 1, "name": "Mine"}
    assert client.patch("/api/organization", json=change, headers=headers(hotel.max)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"tablet": {"idle_seconds": 1}},
        {"scoreboard": {"names": "faces"}},
        {"scoreboard": {"winning_bp": 8000, "neutral_bp": 9000}},
        {"surprise": True},
    ],
)
def test_wrong_settings_are_refused(client: Client, hotel: Hotel, wrong: dict[str, object]) -> None:
    before = client.get("/api/organization", headers=headers(hotel.olive)).json()
    change = {"version": before["version"], "settings": wrong}
    answer = client.patch("/api/organization", json=change, headers=headers(hotel.olive))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert client.get("/api/organization", headers=headers(hotel.olive)).json() == before


def test_a_location_keeps_its_hours(client: Client, hotel: Hotel) -> None:
    body = {
        "name": "Annex",
        "zone": "Asia/Singapore",
        "turning_hour": 5,
        "opening_hours": {"mon": ["18:00", "02:00"]},
        "rooms_available": 12,
    }
    made = client.post("/api/locations", json=body, headers=headers(hotel.olive))
    assert made.status_code == 201
    hours = made.json()["opening_hours"]
    assert (hours["mon"], hours["tue"]) == (["18:00", "02:00"], None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("turning_hour", 13),
        ("opening_hours", {"mon": ["25:00", "02:00"]}),
        ("opening_hours", {"someday": ["08:00", "12:00"]}),
        ("rooms_available", -1),
    ],
)
def test_a_wrong_location_is_refused_with_its_field(
    client: Client, hotel: Hotel, field: str, value: object
) -> None:
    body = {"name": "Annex", "zone": "Europe/Lisbon", "opening_hours": {}, field: value}
    answer = client.post("/api/locations", json=body, headers=headers(hotel.olive))
    assert answer.status_code == 400
    assert field in {error["field"].removeprefix("$.") for error in answer.json()["errors"]}


def test_closed_days_come_and_go(client: Client, hotel: Hotel) -> None:
    path = f"/api/locations/{hotel.location_id}/closures"
    put = client.put(f"{path}/2026-12-25", json={"reason": "Christmas"}, headers=headers(hotel.olive))
    assert put.status_code == 200
    listed = client.get(f"{path}?since=2026-03-01", headers=headers(hotel.max)).json()["items"]
    assert listed == [{"business_date": "2026-12-25", "reason": "Christmas"}]
    assert client.delete(f"{path}/2026-12-25", headers=headers(hotel.olive)).status_code == 204
    assert client.get(f"{path}?since=2026-03-01", headers=headers(hotel.max)).json()["items"] == []


def test_the_hotel_next_door_has_its_own_house(client: Client, hotel: Hotel, other_hotel: Hotel) -> None:
    path = f"/api/locations/{hotel.location_id}"
    assert client.get(path, headers=headers(other_hotel.olive)).status_code == 404
    department = f"/api/departments/{hotel.bar_id}"
    assert (
        client.patch(department, json={"name": "Ours"}, headers=headers(other_hotel.olive)).status_code == 404
    )


def test_the_settings_page_keeps_what_was_typed(client: Client, hotel: Hotel) -> None:
    assert client.get("/settings", headers=headers(hotel.olive)).status_code == 200
    assert client.get("/settings", headers=headers(hotel.max)).status_code == 403
    form = {
        "version": "1",
        "name": "The Typed Name",
        "locale": "en",
        "winning": "95",
        "neutral": "99",
        "names": "names",
        "leaderboard": "points",
        "idle_seconds": "30",
        "grace_days": "7",
        "sample": "100",
    }
    refused = client.post("/settings", data=form, headers=headers(hotel.olive), follow_redirects=False)
    assert refused.status_code == 422
    assert "The Typed Name" in refused.text
    saved = client.post(
        "/settings", data={**form, "neutral": "85"}, headers=headers(hotel.olive), follow_redirects=False
    )
    assert saved.status_code == 303
    trail = client.get("/audit", headers=headers(hotel.olive))
    assert "organization.changed" in trail.text
