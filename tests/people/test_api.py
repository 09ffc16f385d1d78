"""People and roles over HTTP, by the right person, a colleague and the hotel next door."""

from typing import Any

import pytest
from litestar.testing import TestClient

from tests.support.hotel import Hotel, headers

Client = TestClient[Any]


def _person(hotel: Hotel, **changes: object) -> dict[str, object]:
    return {
        "name": "Nia Newcomer",
        "role_id": str(hotel.sam.role_id),
        "department_id": str(hotel.restaurant_id),
        **changes,
    }


def test_a_manager_adds_somebody_and_finds_them(client: Client, hotel: Hotel) -> None:
    made = client.post(
        "/api/users", json=_person(hotel, email=" Nia@Example.test "), headers=headers(hotel.max)
    )
    assert made.status_code == 201
    body = made.json()
    assert (body["display_name"], body["email"], body["group"]) == ("Nia", "nia@example.test", "staff")
    found = client.get("/api/users?search=newcom", headers=headers(hotel.max)).json()
    assert [person["id"] for person in found["items"]] == [body["id"]]


def test_a_manager_makes_nobody_an_owner(client: Client, hotel: Hotel) -> None:
    answer = client.post(
        "/api/users", json=_person(hotel, role_id=str(hotel.olive.role_id)), headers=headers(hotel.max)
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert client.get("/api/users?search=newcom", headers=headers(hotel.max)).json()["items"] == []


def test_a_manager_does_not_touch_an_owner(client: Client, hotel: Hotel) -> None:
    answer = client.post(f"/api/users/{hotel.olive.id}/deactivate", headers=headers(hotel.max))
    assert answer.status_code == 403


def test_the_last_owner_stays(client: Client, hotel: Hotel) -> None:
    answer = client.put(
        f"/api/users/{hotel.olive.id}",
        json=_person(hotel, name="Olive Owner", role_id=str(hotel.max.role_id)),
        headers=headers(hotel.olive),
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "Nia\u0000"),
        ("name", "Nia\u202egnp.exe"),
        ("email", "not an address"),
        ("shifts_per_week", 15),
        ("shifts_per_week", "five"),
        ("department_id", "00000000-0000-0000-0000-000000000000"),
        ("role_id", "00000000-0000-0000-0000-000000000000"),
        ("color", 3),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    client: Client, hotel: Hotel, field: str, value: object
) -> None:
    before = client.get("/api/users", headers=headers(hotel.max)).json()
    answer = client.post("/api/users", json=_person(hotel, **{field: value}), headers=headers(hotel.max))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert client.get("/api/users", headers=headers(hotel.max)).json() == before


def test_the_same_staff_number_twice_is_a_conflict(client: Client, hotel: Hotel) -> None:
    first = client.post("/api/users", json=_person(hotel, staff_number="R-1"), headers=headers(hotel.max))
    again = client.post("/api/users", json=_person(hotel, staff_number="R-1"), headers=headers(hotel.max))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "duplicate")
    assert "staff number" in again.json()["detail"]


def test_two_editors_do_not_overwrite_each_other(client: Client, hotel: Hotel) -> None:
    version = client.get(f"/api/users/{hotel.sam.id}", headers=headers(hotel.max)).json()["version"]
    path = f"/api/users/{hotel.sam.id}"
    one = client.put(path, json=_person(hotel, name="Sam One", version=version), headers=headers(hotel.max))
    two = client.put(path, json=_person(hotel, name="Sam Two", version=version), headers=headers(hotel.olive))
    assert (one.status_code, two.status_code, two.json()["code"]) == (200, 409, "conflict")
    assert client.get(path, headers=headers(hotel.max)).json()["name"] == "Sam One"


def test_somebody_deactivated_is_out_at_once(client: Client, hotel: Hotel) -> None:
    assert client.get("/api/auth/me", headers=headers(hotel.sam)).status_code == 200
    assert client.post(f"/api/users/{hotel.sam.id}/deactivate", headers=headers(hotel.max)).status_code == 200
    assert client.get("/api/auth/me", headers=headers(hotel.sam)).status_code == 401
    former = client.get("/api/users?active=false", headers=headers(hotel.max)).json()["items"]
    assert [person["id"] for person in former] == [str(hotel.sam.id)]


def test_the_hotel_next_door_finds_nobody(client: Client, hotel: Hotel, other_hotel: Hotel) -> None:
    for path in (f"/api/users/{hotel.sam.id}", f"/people/{hotel.sam.id}"):
        assert client.get(path, headers=headers(other_hotel.olive)).status_code == 404
    theirs = client.get("/api/users", headers=headers(other_hotel.olive)).json()["items"]
    assert str(hotel.sam.id) not in {person["id"] for person in theirs}
    stolen = client.post(
        "/api/users",
        json=_person(other_hotel, role_id=str(hotel.sam.role_id)),
        headers=headers(other_hotel.olive),
    )
    assert stolen.status_code == 400


def test_the_list_goes_on_where_it_stopped(client: Client, hotel: Hotel) -> None:
    whole = client.get("/api/users", headers=headers(hotel.max)).json()["items"]
    first = client.get("/api/users?limit=2", headers=headers(hotel.max)).json()
    rest = client.get(f"/api/users?cursor={first['next_cursor']}", headers=headers(hotel.max)).json()
    assert [*first["items"], *rest["items"]] == whole
    assert client.get("/api/users?cursor=nonsense", headers=headers(hotel.max)).status_code == 400


def test_a_role_in_use_is_not_retired(client: Client, hotel: Hotel) -> None:
    path = f"/api/roles/{hotel.sam.role_id}"
    answer = client.patch(path, json={"active": False}, headers=headers(hotel.olive))
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    made = client.post(
        "/api/roles", json={"name": "Porter", "group": "staff"}, headers=headers(hotel.olive)
    ).json()
    retired = client.patch(f"/api/roles/{made['id']}", json={"active": False}, headers=headers(hotel.olive))
    assert retired.json()["active"] is False


def test_the_pages_show_who_works_here(client: Client, hotel: Hotel) -> None:
    page = client.get("/people", headers=headers(hotel.max))
    assert page.status_code == 200
    assert "Sam" in page.text
    refused = client.post(
        "/people/new",
        data={"name": "", "shifts_per_week": "5"},
        headers=headers(hotel.max),
        follow_redirects=False,
    )
    assert refused.status_code == 422


def test_one_address_is_one_person_however_it_is_written(client: Client, hotel: Hotel) -> None:
    address = {"email": "Nia.Newcomer@Example.invalid"}
    first = client.post("/api/users", json=_person(hotel, **address), headers=headers(hotel.max))
    assert (first.status_code, first.json()["email"]) == (201, "nia.newcomer@example.invalid")
    again = _person(hotel, name="Another One", email=" NIA.NEWCOMER@example.invalid ")
    answer = client.post("/api/users", json=again, headers=headers(hotel.max))
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate")


def test_somebody_who_left_comes_back(client: Client, hotel: Hotel) -> None:
    path = f"/api/users/{hotel.sam.id}"
    assert client.post(f"{path}/deactivate", headers=headers(hotel.max)).json()["active"] is False
    assert client.post(f"{path}/reactivate", headers=headers(hotel.max)).json()["active"] is True
    assert client.get(path, headers=headers(hotel.max)).json()["active"] is True
