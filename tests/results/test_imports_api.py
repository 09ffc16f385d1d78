"""Imports of daily results over HTTP: previewed, decided, done as a whole, taken back as a whole."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from tests.results.make import DAILY, TODAY, YESTERDAY, House, csv_of, days_of, xlsx_of
from topline.results import queries

CITY_HOTEL = Path(__file__).parent / "data" / "city_hotel_2015.csv"
ACTS = ("new", "changed", "adjusted", "unchanged", "skipped", "undecided")


def balanced(counts: dict[str, int]) -> bool:
    """Whether every row below the header is in exactly one place."""
    return counts["total"] == sum(counts[name] for name in (*ACTS, "repeated", "bad", "blank"))


def everything(house: House) -> list[Any]:
    """What all entries of the house say, in the order of days."""
    with house.database.read(house.cast.mina.actor) as tx:
        found = queries.entries_page(tx, limit=500)
        parts = queries.shares_of(tx, [entry.id for entry in found])
        return [
            (entry.id, entry.business_date, entry.image([s.share for s in parts.get(entry.id, ())]).data())
            for entry in found
        ]


def files(house: House) -> list[Path]:
    """The uploads that are kept."""
    folder = house.parts.settings.data / "files" / "imports"
    return sorted(folder.glob("*"))


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


def test_a_day_twice_in_the_file_is_decided_by_a_person(house: House) -> None:
    rows = [["2026-03-01", 100, 1, None, None, ""], ["2026-03-01", 200, 2, None, None, ""]]
    found = house.upload(csv_of(rows)).json()
    assert (found["counts"]["repeated"], found["counts"]["bad"]) == (1, 0)
    assert found["preview"]["decisions"][0]["field"] == "repeated"
    assert house.commit(found).status_code == 409
    first = house.choose(found, repeated="first").json()
    assert (first["preview"]["ready"], first["preview"]["rows"][0]["revenue_minor"]) == (True, 10000)
    last = house.choose(found, repeated="last").json()
    assert last["preview"]["rows"][0]["revenue_minor"] == 20000
    house.commit(last)
    assert everything(house)[0][2]["revenue_minor"] == 20000


def enter(house: House, day: Any, revenue_minor: int, *, close: bool = False) -> None:
    path = house.day(day)
    saved = house.call(house.cast.mina, "PUT", path, json={"revenue_minor": revenue_minor, "guests": 77})
    assert saved.status_code == 200, saved.text
    if close:
        house.call(house.cast.mina, "POST", f"{path}/close", json={"version": 1})


def test_what_is_there_already_is_skipped_overwritten_or_adjusted_as_decided(house: House) -> None:
    open_day, closed_day = YESTERDAY, YESTERDAY.replace(day=2)
    enter(house, open_day, 111)
    enter(house, closed_day, 222, close=True)
    before = everything(house)
    found = house.upload(csv_of(days_of(3))).json()
    assert found["counts"]["undecided"] == 2
    assert {d["field"] for d in found["preview"]["decisions"]} == {"existing", "closed"}
    assert house.commit(found).status_code == 409
    skipped = house.choose(found, existing="skip", closed="skip").json()
    assert (skipped["counts"]["new"], skipped["counts"]["skipped"]) == (1, 2)
    wordless = house.choose(found, existing="overwrite", closed="adjust").json()
    assert [d["field"] for d in wordless["preview"]["decisions"]] == ["reason"]
    ready = house.choose(found, existing="overwrite", closed="adjust", reason="Night audit").json()
    done = house.commit(ready)
    assert done.status_code == 200, done.text
    said = {day: data for _, day, data in everything(house)}
    assert (said[open_day]["revenue_minor"], said[open_day]["status"]) == (500250, "closed")
    assert (said[closed_day]["revenue_minor"], said[closed_day]["status"]) == (500150, "adjusted")
    assert said[open_day]["guests"] == 77  # the file says nothing about guests
    versions = house.call(house.cast.mina, "GET", house.day(closed_day, "/versions")).json()["items"]
    assert [(v["status"], v["reason"]) for v in versions] == [
        ("adjusted", "Night audit"),
        ("closed", ""),
        ("open", ""),
    ]
    assert house.undo(found).status_code == 200
    assert everything(house) == before


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


def test_unclear_dates_and_amounts_are_asked_not_guessed(house: House) -> None:
    rows = [["03/02/2026", '"1,200"', 1, None, None, ""], ["04/02/2026", '"1,300"', 1, None, None, ""]]
    found = house.upload(csv_of(rows)).json()
    assert found["options"]["date_order"] is None
    assert {d["field"] for d in found["preview"]["decisions"]} >= {"date_order", "decimal_sign"}
    ready = house.choose(found, date_order="dmy", decimal_sign=".").json()
    assert ready["preview"]["ready"] is True
    assert ready["preview"]["rows"][0]["business_date"] == "2026-02-03"
    assert ready["preview"]["rows"][0]["revenue_minor"] == 120000


def test_unknown_headers_wait_for_a_person_to_choose_columns(house: House) -> None:
    rows = [["2026-03-01", 100, 5, None, None, ""]]
    found = house.upload(csv_of(rows, ("A1", "B1", "C1", "D1", "E1", "F1"))).json()
    assert next(d["field"] for d in found["preview"]["decisions"]) == "columns.business_date"
    twice = house.choose(found, columns={"business_date": 0, "revenue": 0}).json()
    assert twice["preview"]["ready"] is False
    ready = house.choose(
        found, columns={"business_date": 0, "revenue": 1}, date_order="ymd", decimal_sign="."
    )
    assert ready.json()["preview"]["ready"] is True


def test_a_workbook_with_formulas_gives_their_last_values_and_never_runs_them(house: House) -> None:
    rows = [["2026-03-01", "=SUM(1,2)", 5, None, None, "=HYPERLINK(1)"]]
    found = house.upload(xlsx_of(rows), name="days.xlsx").json()
    # openpyxl wrote no values: the formula's cell is empty, and nothing of it is taken for a figure.
    assert found["preview"]["rows"][0]["revenue_minor"] is None
    assert found["preview"]["rows"][0]["covers"] == 5


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "file_empty"),
        (b"business_date,revenue\n", 400, "file_no_rows"),
        (b"PK\x03\x04 broken", 400, "file_damaged"),
        (b"\x89PNG\r\n\x1a\n", 415, "file_not_a_table"),
        (b"%PDF-1.7", 415, "file_not_a_table"),
        (b'a,b\n"open,1\n', 400, "file_quotes_broken"),
        (b"business_date,revenue\n" + b"2026-01-01,1\n" * 20_001, 400, "file_too_many_rows"),
    ],
)
def test_broken_files_are_refused_and_not_kept(house: House, content: bytes, status: int, code: str) -> None:
    refused = house.upload(content)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (status, code)
    assert files(house) == []
    assert house.call(house.cast.mina, "GET", "/api/imports").json()["items"] == []


def test_an_enormous_file_is_refused(house: House) -> None:
    refused = house.upload(b"a,b\n" + b"1,2\n" * 3_000_000)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_the_file_goes_when_the_preview_is_discarded(house: House) -> None:
    found = house.upload(csv_of(days_of(1))).json()
    assert len(files(house)) == 1
    path = f"/api/imports/{found['id']}"
    assert house.call(house.cast.mina, "DELETE", path).status_code == 204
    assert files(house) == []
    assert house.call(house.cast.mina, "GET", path).status_code == 404


def test_the_empty_template_is_recognized_when_filled_in(house: House) -> None:
    template = house.call(house.cast.mina, "GET", "/api/imports/templates/daily.csv")
    assert template.headers["content-disposition"] == 'attachment; filename="topline-daily.csv"'
    filled = template.text + "2026-03-01,1234.50,,,,,,,A quiet day\r\n"
    found = house.upload(filled.encode()).json()
    assert (found["preview"]["ready"], found["preview"]["rows"][0]["revenue_minor"]) == (True, 123450)
    assert house.call(house.cast.mina, "GET", "/api/imports/templates/other").status_code == 404


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
