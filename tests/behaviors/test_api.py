"""The catalog through HTTP."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers
from topline.web.doorway import Doorway

Client = TestClient[Doorway]

NEW: dict[str, Any] = {
    "name": "Offer dessert",
    "category": "REVENUE",
    "icon": "dessert",
    "verification": "manager",
    "points": 3,
    "target": 10,
}


def test_an_owner_adds_reads_changes_and_dates(client: Client, hotel: Hotel) -> None:
    owner = headers(hotel.olive)
    added = client.post("/api/behaviors", json=NEW | {"role_ids": [str(hotel.bea.role_id)]}, headers=owner)
    assert added.status_code == 201, added.text
    one = f"/api/behaviors/{added.json()['id']}"
    assert client.get(one, headers=owner).json() == added.json()
    assert added.json()["term"] == {
        "valid_from": "2026-03-04",
        "points": 3,
        "target": 10,
        "frequency": "PER_SHIFT",
    }
    assert added.json()["roles"] == [{"id": str(hotel.bea.role_id), "name": "Bartender"}]
    changed = client.patch(
        one, json={"name": "Dessert", "active": False, "role_ids": [], "version": 1}, headers=owner
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["active"], changed.json()["roles"]) == (
        "Dessert",
        False,
        [],
    )
    assert changed.json()["description"] == ""
    dated = client.post(
        f"{one}/terms", json={"points": 4, "target": 1, "valid_from": "2026-04-01"}, headers=owner
    )
    assert dated.status_code == 201, dated.text
    assert dated.json()["term"]["points"] == 3
    terms = client.get(f"{one}/terms", headers=owner).json()["items"]
    assert [(term["valid_from"], term["points"]) for term in terms] == [("2026-04-01", 4), ("2026-03-04", 3)]


def test_the_list_is_paged_and_leaves_out_what_is_off(client: Client, hotel: Hotel) -> None:
    owner = headers(hotel.olive)
    client.patch(f"/api/behaviors/{hotel.greet}", json={"active": False}, headers=owner)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        query = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/behaviors", params=query, headers=headers(hotel.max)).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert sorted(seen) == ["Deep-clean a station", "Offer a starter", "Suggest a signature drink"]
    everything = client.get("/api/behaviors", params={"include_inactive": True}, headers=owner).json()
    assert len(everything["items"]) == 4


def test_staff_see_the_behaviors_of_their_own_role(client: Client, hotel: Hotel) -> None:
    mine = client.get("/api/behaviors", headers=headers(hotel.bea)).json()["items"]
    assert [item["name"] for item in mine] == ["Suggest a signature drink"]
    for path in ("", "/terms"):
        assert client.get(f"/api/behaviors/{hotel.shake}{path}", headers=headers(hotel.bea)).is_success
        other = client.get(f"/api/behaviors/{hotel.greet}{path}", headers=headers(hotel.bea))
        assert (other.status_code, other.json()["code"]) == (404, "not_found")
    assert client.get("/behaviors", headers=headers(hotel.bea)).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"points": 0}, "points"),
        ({"points": 2.5}, "points"),
        ({"points": "3"}, "points"),
        ({"target": -1}, "target"),
        ({"category": "X"}, "category"),
        ({"verification": None}, "verification"),
        ({"role_ids": ["no-id"]}, "role_ids"),
        ({"surprise": 1}, None),
    ],
)
def test_bad_input_is_named(client: Client, hotel: Hotel, change: dict[str, Any], field: str | None) -> None:
    answer = client.post("/api/behaviors", json=NEW | change, headers=headers(hotel.olive))
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "invalid_input"
    if field is not None:
        assert answer.json()["errors"][0]["field"].startswith(field)


def test_managers_read_and_do_not_write(client: Client, hotel: Hotel, other_hotel: Hotel) -> None:
    one = f"/api/behaviors/{hotel.offer}"
    for who, status in ((hotel.max, 200), (hotel.sam, 200), (other_hotel.olive, 404), (hotel.tablet, 403)):
        assert client.get(one, headers=headers(who)).status_code == status
    for who, status in ((hotel.max, 403), (hotel.sam, 403), (other_hotel.olive, 404), (hotel.olive, 200)):
        assert client.patch(one, json={"description": "x"}, headers=headers(who)).status_code == status
    assert client.post("/api/behaviors", json=NEW, headers=headers(hotel.max)).status_code == 403
    assert client.get("/api/behaviors").status_code == 401


def test_a_stale_version_and_a_taken_name_are_conflicts(client: Client, hotel: Hotel) -> None:
    one, owner = f"/api/behaviors/{hotel.offer}", headers(hotel.olive)
    taken = client.patch(one, json={"name": "Greet by name"}, headers=owner)
    assert (taken.status_code, taken.json()["code"]) == (409, "duplicate")
    stale = client.patch(one, json={"name": "Other", "version": 7}, headers=owner)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert client.get(one, headers=owner).json()["name"] == "Offer a starter"


@pytest.mark.parametrize("cursor", ["x", "bm9uZQ", "WyJhIiwiYiJd", "WyIxIiwieCJd"])
def test_a_made_up_cursor_is_refused(client: Client, hotel: Hotel, cursor: str) -> None:
    answer = client.get("/api/behaviors", params={"cursor": cursor}, headers=headers(hotel.sam))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")
