"""Days and benchmarks over HTTP: who may, what comes back, what is refused and how."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import key_of
from tests.results.make import TODAY, YESTERDAY, House
from topline.core.permissions import Permission


def put(house: House, who: Any = None, day: Any = YESTERDAY, **body: Any) -> Any:
    return house.call(who or house.cast.mina, "PUT", house.day(day), json=body)


def test_a_day_is_saved_read_closed_and_adjusted(house: House) -> None:
    saved = put(
        house,
        revenue_minor=640_000,
        covers=180,
        rooms_sold=30,
        rooms_available=40,
        room_revenue_minor=300_000,
    )
    assert saved.status_code == 200, saved.text
    body = saved.json()
    assert (body["average_check_minor"], body["occupancy_bp"], body["adr_minor"]) == (3556, 7500, 10_000)
    assert (body["status"], body["version"], body["updated_by_name"], body["people"]) == (
        "open",
        1,
        "Mina Manager",
        [],
    )
    assert house.call(house.cast.milo, "GET", house.day()).json() == body
    closed = house.call(house.cast.mina, "POST", house.day(tail="/close"), json={"version": 1})
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    adjusted = house.call(
        house.cast.mina,
        "POST",
        house.day(tail="/adjust"),
        json={"version": 2, "revenue_minor": 650_000, "covers": 180, "reason": "Late bill"},
    )
    assert (adjusted.status_code, adjusted.json()["status"]) == (200, "adjusted")
    page = house.call(house.cast.mina, "GET", house.day(tail="/versions"), params={"limit": 2}).json()
    assert [(v["version"], v["status"], v["reason"]) for v in page["items"]] == [
        (3, "adjusted", "Late bill"),
        (2, "closed", ""),
    ]
    rest = house.call(
        house.cast.mina,
        "GET",
        house.day(tail="/versions"),
        params={"limit": 2, "cursor": page["next_cursor"]},
    ).json()
    assert ([v["version"] for v in rest["items"]], rest["next_cursor"]) == ([1], None)


def test_of_two_managers_one_gets_what_stands_there_now(house: House) -> None:
    put(house, revenue_minor=100_000)
    assert put(house, house.cast.milo, version=1, revenue_minor=120_000).status_code == 200
    late = put(house, version=1, revenue_minor=90_000)
    body = late.json()
    assert (late.status_code, body["code"]) == (409, "conflict")
    assert (body["current"]["revenue_minor"], body["current"]["version"]) == (120_000, 2)
    assert body["detail"] == "Milo Manager changed this day in the meantime. Nothing was overwritten."
    assert house.call(house.cast.mina, "GET", house.day()).json()["revenue_minor"] == 120_000


def test_a_sum_of_persons_that_differs_is_a_warning(house: House) -> None:
    people = [{"person_id": str(house.cast.fred.id), "revenue_minor": 10, "covers": 1}]
    saved = put(house, revenue_minor=100, covers=1, people=people).json()
    assert [(w["field"], w["code"]) for w in saved["warnings"]] == [
        ("revenue_minor", "people_sum_below_total")
    ]
    assert saved["people"] == [
        {"person_id": str(house.cast.fred.id), "name": "Fred Frontdesk", "revenue_minor": 10, "covers": 1}
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"revenue_minor": -1}, "revenue_minor"),
        ({"revenue_minor": 10**40}, "revenue_minor"),
        ({"revenue_minor": "lots"}, "revenue_minor"),
        ({"revenue_minor": 1.5}, "revenue_minor"),
        ({"covers": 2_000_000}, "covers"),
        ({"revenue_minor": 1, "notes": "\x00"}, "notes"),
        ({"revenue_minor": 1, "notes": "x" * 5000}, "notes"),
        ({"revenue_minor": 1, "version": -1}, "version"),
        ({"revenue_minor": 1, "people": [{"person_id": "x", "revenue_minor": 1, "covers": 1}]}, "people"),
        ({"revenue": 1}, ""),
        ({}, "revenue_minor"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    house: House, body: dict[str, Any], field: str
) -> None:
    refused = put(house, **body)
    assert refused.status_code == 400, refused.text
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["errors"][0]["field"].startswith(field)
    assert house.call(house.cast.mina, "GET", house.day()).status_code == 404


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'"x"'])
def test_malformed_bodies_are_refused(house: House, raw: bytes) -> None:
    refused = house.call(
        house.cast.mina, "PUT", house.day(), content=raw, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 400


def test_the_future_and_no_date_at_all_are_refused(house: House) -> None:
    tomorrow = put(house, day=TODAY + timedelta(days=1), revenue_minor=1).json()
    assert tomorrow["errors"][0]["code"] == "date_in_future"
    path = f"/api/daily-entries/{house.cast.location_id}/2026-02-31"
    assert house.call(house.cast.mina, "GET", path).status_code in (400, 404)


def test_the_list_is_paged_filtered_and_newest_first(house: House) -> None:
    for back in range(5):
        put(house, day=YESTERDAY - timedelta(days=back), revenue_minor=100 + back)
    house.call(house.cast.mina, "POST", house.day(tail="/close"), json={"version": 1})
    first = house.call(house.cast.mina, "GET", "/api/daily-entries?limit=2").json()
    second = house.call(
        house.cast.mina, "GET", "/api/daily-entries", params={"limit": 3, "cursor": first["next_cursor"]}
    ).json()
    dates = [item["business_date"] for item in first["items"] + second["items"]]
    assert dates == ["2026-03-03", "2026-03-02", "2026-03-01", "2026-02-28", "2026-02-27"]
    assert second["next_cursor"] is None

    def count(query: str) -> int:
        return len(house.call(house.cast.mina, "GET", f"/api/daily-entries?{query}").json()["items"])

    assert count("month=2026-02") == 2
    assert count("from=2026-03-02&to=2026-03-02") == 1
    assert count("status=closed") == 1
    assert count(f"location_id={house.cast.other.location_id}") == 0
    for wrong in ("month=2026-13", "month=x", "cursor=x", "cursor=WyJhIiwiYiJd", "limit=101", "status=x"):
        assert house.call(house.cast.mina, "GET", f"/api/daily-entries?{wrong}").status_code == 400, wrong


def test_the_export_is_read_again_by_the_import_and_runs_in_no_spreadsheet(house: House) -> None:
    put(house, revenue_minor=123_450, covers=7, notes="=HYPERLINK(1)")
    query = {"location_id": str(house.cast.location_id), "from": "2026-03-01", "to": "2026-03-04"}
    export = house.call(house.cast.mina, "GET", "/api/daily-entries/export", params=query)
    assert export.headers["content-type"] == "text/csv; charset=utf-8"
    assert export.text.splitlines()[1] == "2026-03-03,1234.50,,7,,,,,'=HYPERLINK(1),open"
    back = house.upload(export.text.encode()).json()
    assert (back["preview"]["rows"][0]["revenue_minor"], back["counts"]["bad"]) == (123_450, 0)
    query["to"] = "2027-03-04"
    assert house.call(house.cast.mina, "GET", "/api/daily-entries/export", params=query).status_code == 400


def routes(house: House) -> list[tuple[str, str]]:
    """Everything that reads or writes results of the house."""
    place, day = house.cast.location_id, house.day()
    return [
        ("GET", day),
        ("GET", f"{day}/versions"),
        ("PUT", day),
        ("POST", f"{day}/close"),
        ("POST", f"{day}/adjust"),
        ("GET", f"/api/daily-entries/export?location_id={place}&from=2026-03-01&to=2026-03-02"),
        ("GET", f"/api/benchmarks/{place}/2025"),
        ("PUT", f"/api/benchmarks/{place}/2025"),
    ]


BODIES = {
    "PUT": {"revenue_minor": 1},
    "close": {"version": 1},
    "adjust": {"version": 1, "revenue_minor": 1, "reason": "x"},
    "benchmark": {"revenue_minor": 1, "days_open": 365},
}


def body_of(method: str, path: str) -> dict[str, Any]:
    if method == "GET":
        return {}
    name = "benchmark" if "benchmarks" in path else path.rpartition("/")[2]
    return {"json": BODIES.get(name, BODIES["PUT"])}


def test_staff_and_nobody_may_not_and_the_neighbor_finds_nothing(house: House) -> None:
    put(house, revenue_minor=1)
    for method, path in routes(house):
        body = body_of(method, path)
        assert house.call(house.cast.fred, method, path, **body).status_code == 403, path
        assert house.client.request(method, path, **body).status_code == 401, path
        assert house.call(house.cast.other.owner, method, path, **body).status_code == 404, path
    assert house.call(house.cast.other.owner, "GET", "/api/daily-entries").json()["items"] == []
    assert house.call(house.cast.fred, "GET", "/api/daily-entries").status_code == 403
    assert house.call(house.cast.mina, "GET", house.day()).json()["version"] == 1


def test_a_key_may_only_what_it_was_made_for(house: House) -> None:
    key = key_of(house.database, house.cast.mina, [Permission.RESULTS_READ])
    headers = {"Authorization": f"Bearer {key}"}
    assert house.client.get("/api/daily-entries", headers=headers).status_code == 200
    assert house.client.put(house.day(), headers=headers, json={"revenue_minor": 1}).status_code == 403


def test_benchmarks_are_set_by_the_owner_and_read_by_managers(house: House) -> None:
    path = f"/api/benchmarks/{house.cast.location_id}/2025"
    body = {"revenue_minor": 900_000_000, "days_open": 365, "growth_bp": 500}
    assert house.call(house.cast.mina, "PUT", path, json=body).status_code == 403
    assert house.call(house.cast.olga, "PUT", path, json=body).status_code == 200
    body["growth_bp"] = 700
    assert house.call(house.cast.olga, "PUT", path, json=body).json()["growth_bp"] == 700
    house.call(house.cast.olga, "PUT", path.replace("2025", "2024"), json=body)
    listed = house.call(house.cast.mina, "GET", "/api/benchmarks?limit=1").json()
    assert [b["year"] for b in listed["items"]] == [2025]
    rest = house.call(
        house.cast.mina, "GET", "/api/benchmarks", params={"limit": 1, "cursor": listed["next_cursor"]}
    ).json()
    assert ([b["year"] for b in rest["items"]], rest["next_cursor"]) == ([2024], None)
    for wrong in ({"days_open": 0}, {"days_open": 367}, {"revenue_minor": 0}, {"growth_bp": 10**7}):
        assert house.call(house.cast.olga, "PUT", path, json=body | wrong).status_code == 400, wrong
    assert house.call(house.cast.olga, "PUT", path.replace("2025", "1999"), json=body).status_code == 400
    assert house.call(house.cast.olga, "DELETE", path).status_code == 204
    assert house.call(house.cast.mina, "GET", path).status_code == 404
