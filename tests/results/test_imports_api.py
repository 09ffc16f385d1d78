"""Imports of daily results over HTTP: previewed, done as a whole, taken back as a whole."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from tests.results.make import DAILY, TODAY, YESTERDAY, House, csv_of, days_of, everything, files, xlsx_of

CITY_HOTEL = Path(__file__).parent / "data" / "city_hotel_2015.csv"

ACTS = ("new", "changed", "adjusted", "unchanged", "skipped", "undecided")


def balanced(counts: dict[str, int]) -> bool:
    """Whether every row below the header is in exactly one place."""
    return counts["total"] == sum(counts[name] for name in (*ACTS, "repeated", "bad", "blank"))


def test_a_file_is_previewed_without_changing_anything_then_done(house: House) -> None:
    found = house.upload(csv_of(days_of(3)))
    assert found.status_code == 201, found.text
    body = found.json()
    assert body["counts"]["new"] == 3
    assert body["preview"]["ready"] is True
    assert body["options"]["columns"]["revenue"] == 1
    assert body["preview"]["columns"][0] == {
        "index": 0,
        "header": "business_date",
        "examples": ["2026-03-01", "2026-03-02", "2026-03-03"],
    }
    assert everything(house) == []
    done = house.commit(body)
    assert done.status_code == 200, done.text
    assert (done.json()["status"], done.json()["counts"]["new"]) == ("done", 3)
    day = house.call(house.cast.mina, "GET", house.day()).json()
    assert (day["revenue_minor"], day["covers"], day["status"], day["source"]) == (
        500250,
        102,
        "closed",
        "import",
    )
    assert files(house) == []
    assert house.commit(body).json()["code"] == "import_blocked"


def test_the_72_real_days_come_in_and_go_out_again(house: House) -> None:
    found = house.upload(CITY_HOTEL.read_bytes()).json()
    assert found["counts"]["total"] == found["counts"]["new"] == 72
    assert found["options"]["date_order"] == "ymd"
    assert house.commit(found).status_code == 200
    month = house.call(house.cast.mina, "GET", "/api/daily-entries?month=2015-09&limit=100").json()
    assert len(month["items"]) == 30
    first = house.call(
        house.cast.mina, "GET", f"/api/daily-entries/{house.cast.location_id}/2015-08-05"
    ).json()
    assert (first["room_revenue_minor"], first["rooms_sold"], first["guests"]) == (586801, 94, 186)
    again = house.upload(CITY_HOTEL.read_bytes()).json()
    assert again["counts"]["unchanged"] == 72
    assert [d["code"] for d in again["preview"]["decisions"]] == ["nothing_to_import"]
    assert house.undo(found).json()["status"] == "undone"
    assert everything(house) == []


def test_today_stays_open_and_past_days_are_closed_unless_told_otherwise(house: House) -> None:
    rows = days_of(2, TODAY)
    house.commit(house.upload(csv_of(rows)).json())
    states = [data["status"] for _, _, data in everything(house)]
    assert states == ["open", "closed"]
    open_ones = house.upload(csv_of(days_of(1, YESTERDAY.replace(month=2)))).json()
    house.commit(house.choose(open_ones, close_days=False).json())
    assert everything(house)[-1][2]["status"] == "open"


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_every_bad_cell_is_named_and_nothing_is_written(house: House, make: Any) -> None:
    rows = [
        ["2026-03-01", "5000.00", 10, 40, 50, ""],
        ["2026-13-01", "5000.00", 10, 40, 50, ""],
        ["2026-03-02", "many", -3, 40, 50, ""],
        ["2026-03-05", "5000.00", 10, 40, 50, ""],
        ["2026-02-28", "5000.00", 10, 60, 50, ""],
    ]
    found = house.upload(make(rows), name="days").json()
    named = {(p["row"], p["column"], p["code"]) for p in found["preview"]["problems"]["items"]}
    assert named == {
        (3, "A", "date_invalid"),
        (4, "B", "amount_invalid"),
        (4, "C", "negative"),
        (5, "A", "date_in_future"),
        (6, "D", "rooms_sold_above_available"),
    }
    assert found["counts"]["bad"] == 4
    blocked = house.commit(found)
    assert (blocked.status_code, blocked.json()["code"]) == (409, "import_blocked")
    assert blocked.json()["errors"][0]["field"] == "bad_rows"
    assert everything(house) == []
    done = house.commit(house.choose(found, bad_rows="skip").json())
    assert done.json()["counts"]["new"] == 1
    assert [day.isoformat() for _, day, _ in everything(house)] == ["2026-03-01"]


def test_problems_are_paged_and_can_be_downloaded(house: House) -> None:
    rows: list[list[Any]] = [
        ["2026-03-01", "=1+1", None, None, None, ""],
        *([["never", 1, None, None, None, ""]] * 120),
    ]
    found = house.upload(csv_of(rows)).json()
    assert len(found["preview"]["problems"]["items"]) == 50
    path, seen, cursor = f"/api/imports/{found['id']}", 0, None
    while True:
        params = {"limit": 50, **({"cursor": cursor} if cursor else {})}
        page = house.call(house.cast.mina, "GET", path, params=params).json()["preview"]["problems"]
        seen += len(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == 121
    text = house.call(house.cast.mina, "GET", f"{path}/problems").text
    assert len(text.splitlines()) == 122
    assert ",'=1+1" in text  # shown, but no spreadsheet runs it


def test_an_undo_is_refused_when_a_row_was_changed_since(house: House) -> None:
    found = house.upload(csv_of(days_of(3))).json()
    house.commit(found)
    now = house.call(house.cast.mina, "GET", house.day()).json()
    changed = {"version": now["version"], "revenue_minor": 1, "reason": "Recount"}
    house.call(house.cast.milo, "POST", house.day(tail="/adjust"), json=changed)
    before = everything(house)
    refused = house.undo(found)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_undoable")
    assert refused.json()["errors"] == [
        {
            "field": "rows.4",
            "code": "changed_since",
            "message": "2026-03-03 was changed by Milo Manager after the import.",
        }
    ]
    assert everything(house) == before


def test_imports_are_undone_one_after_the_other(house: House) -> None:
    first = house.upload(csv_of(days_of(2))).json()
    house.commit(first)
    after_first = everything(house)
    other = csv_of([["2026-03-03", 9, None, None, None, ""]])
    second = house.choose(house.upload(other).json(), closed="adjust", reason="x").json()
    house.commit(second)
    assert house.undo(first).status_code == 409
    assert house.undo(second).status_code == 200
    assert everything(house) == after_first
    assert house.undo(first).status_code == 200
    assert everything(house) == []
    assert house.undo(first).json()["code"] == "import_not_undoable"


CELLS = st.sampled_from(
    ["2026-03-01", "2026-03-02", "2026-02-11", "2026-03-05", "never", "", "12.50", "-3", "=1", "40", "1e9"]
)


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=12))
@hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_is_in_a_file_every_row_is_accounted_for(house: House, rows: list[list[str]]) -> None:
    answer = house.upload(csv_of(rows))
    if answer.status_code == 400:  # nothing but blank rows
        assert answer.json()["errors"][0]["code"] == "file_no_rows"
        return
    found = house.choose(
        answer.json(),
        columns={name: place for place, name in enumerate(DAILY)},
        date_order="ymd",
        decimal_sign=".",
        repeated="last",
        bad_rows="skip",
        existing="overwrite",
        closed="skip",
    ).json()
    assert balanced(found["counts"])
    before = everything(house)
    done = house.commit(found)
    if done.status_code == 409:
        assert done.json()["errors"][0]["code"] == "nothing_to_import"
        assert everything(house) == before
        return
    counts = done.json()["counts"]
    assert balanced(counts)
    after = {entry[0] for entry in everything(house)}
    assert len(after) == len(before) + counts["new"]
    assert house.undo(found).status_code == 200
    assert everything(house) == before
