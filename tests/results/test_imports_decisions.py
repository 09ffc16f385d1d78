"""Imports over HTTP: what a person decides, about columns, dates, days given twice and days already there."""

from typing import Any

from tests.results.make import YESTERDAY, House, csv_of, days_of, everything


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
