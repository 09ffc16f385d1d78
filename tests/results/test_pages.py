"""The pages of results: what a manager sees, types, and gets back when something was not taken."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.results.make import TODAY, YESTERDAY, House, csv_of, days_of

TYPED = {"version": "0", "revenue_minor": "6,400.50", "covers": "180", "rooms_sold": "40", "act": "save"}


def page(house: House, path: str, who: Any = None) -> Any:
    return house.call(who or house.cast.mina, "GET", path, headers={"Accept": "text/html"})


def post(house: House, path: str, fields: dict[str, str], who: Any = None, **more: Any) -> Any:
    return house.call(
        who or house.cast.mina,
        "POST",
        path,
        data=fields,
        headers={"Accept": "text/html", **more.pop("headers", {})},
        follow_redirects=False,
        **more,
    )


def value_of(text: str, name: str) -> str | None:
    """What an input of the page holds."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', text)
    return found[1] if found else None


def day(house: House, when: Any = YESTERDAY) -> str:
    return f"/results/{when.isoformat()}"


def test_the_month_shows_each_day_with_its_state_and_what_is_next(house: House) -> None:
    empty = page(house, "/results")
    assert empty.status_code == 200
    assert "Nothing entered in this month" in empty.text
    assert empty.text.count("calendar__day--none") == 3
    post(house, day(house, YESTERDAY - timedelta(days=2)), TYPED)
    post(house, day(house, YESTERDAY - timedelta(days=1)), TYPED | {"act": "close"})
    text = page(house, "/results?month=2026-03").text
    assert text.count("calendar__day--open") == text.count("calendar__day--closed") == 1
    assert text.count("calendar__day--missing") == 1
    assert "1 day is missing, 1 day is not closed" in text
    assert "€12,801.00" in text
    assert page(house, "/results?month=2026-13").status_code == 400


def test_a_day_is_typed_saved_and_closed(house: House) -> None:
    form = page(house, day(house)).text
    assert value_of(form, "rooms_available") == "50"  # the house's own number, to be looked at
    saved = post(house, day(house), TYPED | {"rooms_available": "50", "notes": "Quiet"})
    assert (saved.status_code, saved.headers["location"]) == (303, day(house))
    again = page(house, day(house)).text
    assert (value_of(again, "revenue_minor"), value_of(again, "version")) == ("6,400.50", "1")
    closed = post(house, day(house), TYPED | {"version": "1", "act": "close"})
    assert closed.status_code == 303
    text = page(house, day(house)).text
    assert "Adjust this day" in text
    assert 'name="revenue_minor"' not in text
    assert "€35.56" in text  # average check


def test_what_was_typed_comes_back_with_the_reason_beside_it(house: House) -> None:
    answer = post(house, day(house), TYPED | {"covers": "many", "guests": "-3", "notes": "A <b>note</b>"})
    assert answer.status_code == 422
    assert value_of(answer.text, "revenue_minor") == "6,400.50"
    assert value_of(answer.text, "covers") == "many"
    assert "This is not a whole number." in answer.text
    assert "A &lt;b&gt;note&lt;/b&gt;" in answer.text
    assert "<b>note" not in answer.text


def test_a_conflict_shows_both_and_loses_neither(house: House) -> None:
    post(house, day(house), TYPED)
    post(house, day(house), TYPED | {"version": "1", "covers": "200"}, who=house.cast.milo)
    answer = post(house, day(house), TYPED | {"version": "1", "covers": "190"})
    assert answer.status_code == 422
    assert "Milo Manager changed this day in the meantime" in answer.text
    assert value_of(answer.text, "covers") == "190"
    assert "<dd>200</dd>" in answer.text
    assert value_of(answer.text, "version") == "2"
    assert post(house, day(house), TYPED | {"version": "2", "covers": "190"}).status_code == 303


def test_an_odd_amount_is_asked_about_once(house: House) -> None:
    odd = TYPED | {"rooms_sold": "0", "guests": "10"}
    answer = post(house, day(house), odd)
    assert answer.status_code == 422
    assert "Yes, these figures are right" in answer.text
    assert post(house, day(house), odd | {"confirm": "1"}).status_code == 303


def test_a_closed_day_is_adjusted_only_with_a_reason(house: House) -> None:
    post(house, day(house), TYPED | {"act": "close"})
    form = page(house, f"{day(house)}?adjust=1").text
    assert "Why is the closed day changed?" in form
    change = TYPED | {"version": "2", "covers": "170", "act": "adjust"}
    refused = post(house, day(house), change)
    assert (refused.status_code, value_of(refused.text, "covers")) == (422, "170")
    assert post(house, day(house), TYPED | {"version": "2", "covers": "1"}).status_code == 422  # a plain save
    assert post(house, day(house), change | {"reason": "Counted twice"}).status_code == 303
    text = page(house, day(house)).text
    assert "“Counted twice”" in text
    assert "<strong>170</strong>" in text


def test_persons_are_typed_line_by_line(house: House) -> None:
    lines = {
        "person_0": str(house.cast.fred.id),
        "person_revenue_0": "1,000",
        "person_covers_0": "20",
        "person_1": "",
        "person_revenue_1": "",
        "person_covers_1": "",
    }
    assert post(house, day(house), TYPED | lines).status_code == 303
    text = page(house, day(house)).text
    assert (value_of(text, "person_revenue_0"), value_of(text, "person_covers_0")) == ("1,000.00", "20")
    nobody = TYPED | {"version": "1", "person_3": "", "person_revenue_3": "5"}
    answer = post(house, day(house), nobody)
    assert (answer.status_code, "Choose who this is." in answer.text) == (422, True)
    assert value_of(answer.text, "person_revenue_3") == "5"


def test_the_figures_of_the_weekday_before_stand_beside_the_fields(house: House) -> None:
    post(house, day(house, YESTERDAY - timedelta(weeks=1)), TYPED)
    assert "Tue 24 Feb: €6,400.50" in page(house, day(house)).text


def test_a_day_to_come_says_so(house: House) -> None:
    text = page(house, day(house, TODAY + timedelta(days=1))).text
    assert "This day has not begun" in text
    assert post(house, day(house, TODAY + timedelta(days=1)), TYPED).status_code == 422


@pytest.mark.parametrize("path", ["/results", "/results/2026-03-03", "/results/imports"])
def test_pages_are_for_managers(house: House, path: str) -> None:
    assert page(house, path).status_code == 200
    assert page(house, path, house.cast.fred).status_code == 403
    assert house.client.get(path, headers={"Accept": "application/json"}).status_code == 401


def upload(house: House, content: bytes, **fields: str) -> Any:
    return house.call(
        house.cast.mina,
        "POST",
        "/results/imports",
        data={"kind": "daily", **fields},
        files={"file": ("days.csv", content, "text/csv")},
        headers={"Accept": "text/html"},
        follow_redirects=False,
    )


def test_a_file_is_uploaded_decided_imported_and_undone(house: House) -> None:
    post(house, day(house), TYPED)
    sent = upload(house, csv_of(days_of(3)))
    assert sent.status_code == 303
    where = sent.headers["location"]
    preview = page(house, where).text
    assert "1 open day differs. Overwrite or skip?" in preview
    stopped = post(house, f"{where}/commit", {})
    assert stopped.status_code == 422
    chosen = {"existing": "overwrite", "close_days": "1", "date_order": "ymd", "decimal_sign": "."}
    chosen |= {"column_business_date": "0", "column_revenue": "1", "column_covers": "2", "column_notes": ""}
    part = post(house, where, chosen, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div class="stack stack--6" id="import">')
    assert "Everything is decided." in part.text
    done = post(house, f"{where}/commit", {})
    assert (done.status_code, done.headers["location"]) == (303, where)
    assert "topline_flash" in done.headers["set-cookie"]
    shown = page(house, where).text
    assert "Undo the whole import" in shown
    assert post(house, f"{where}/undo", {}).status_code == 303
    assert "This import was undone" in page(house, where).text
    assert value_of(page(house, day(house)).text, "revenue_minor") == "6,400.50"


def test_an_undo_that_cannot_be_names_the_rows(house: House) -> None:
    where = upload(house, csv_of(days_of(2))).headers["location"]
    post(house, f"{where}/commit", {})
    version = house.call(house.cast.mina, "GET", house.day()).json()["version"]
    change = TYPED | {"version": str(version), "act": "adjust", "reason": "x"}
    assert post(house, day(house), change, who=house.cast.milo).status_code == 303
    answer = post(house, f"{where}/undo", {})
    assert answer.status_code == 422
    assert "2026-03-03 was changed by Milo Manager after the import." in answer.text


def test_a_file_that_is_none_is_said_above_the_list(house: House) -> None:
    answer = upload(house, b"\x89PNG\r\n\x1a\n")
    assert answer.status_code == 422
    assert "This is neither a CSV nor an XLSX file." in answer.text
    nothing = house.call(
        house.cast.mina, "POST", "/results/imports", data={"kind": "daily"}, headers={"Accept": "text/html"}
    )
    assert "Choose a file first." in nothing.text


def test_what_stands_in_a_file_is_shown_as_text(house: House) -> None:
    rows = [["<script>alert(1)</script>", "=1+1", "<i>", None, None, ""]]
    where = upload(house, csv_of(rows)).headers["location"]
    text = page(house, where).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_a_discarded_file_is_gone(house: House) -> None:
    where = upload(house, csv_of(days_of(1))).headers["location"]
    assert post(house, f"{where}/discard", {}).status_code == 303
    assert page(house, where).status_code == 404
    assert "Nothing imported yet" in page(house, "/results/imports").text


def test_the_owner_sets_a_benchmark_and_managers_read_it(house: House) -> None:
    path = "/results/benchmarks"
    typed = {"year": "2025", "revenue_minor": "9,125,000", "days_open": "365", "growth": "4.5"}
    assert post(house, path, typed).status_code == 403
    assert post(house, path, typed, who=house.cast.olga).status_code == 303
    text = page(house, path).text
    assert "€25,000.00" in text  # a day
    assert "Set a year" not in text
    wrong = post(house, path, typed | {"days_open": "400", "revenue_minor": "1"}, who=house.cast.olga)
    assert (wrong.status_code, value_of(wrong.text, "days_open")) == (422, "400")
    assert post(house, f"{path}/2025/remove", {}, who=house.cast.olga).status_code == 303
    assert "No benchmark yet" in page(house, path).text


def test_with_two_houses_every_link_stays_in_the_chosen_one(house: House) -> None:
    hours = {name: ["00:00", "00:00"] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    body = {"name": "Annex", "zone": "Europe/Lisbon", "opening_hours": hours}
    made = house.call(house.cast.olga, "POST", "/api/locations", json=body)
    assert made.status_code == 201, made.text
    annex = made.json()["id"]
    where = f"{day(house)}?house={annex}"
    saved = post(house, where, TYPED | {"act": "close"})
    assert (saved.status_code, saved.headers["location"]) == (303, where)
    text = page(house, where).text
    assert "Annex" in text
    links = re.findall(r'href="(/results[^"]*)"', text.partition('id="main"')[2].partition("</main>")[0])
    assert len(links) >= 4
    assert all(f"house={annex}" in link for link in links), links
    assert house.call(house.cast.mina, "GET", house.day()).status_code == 404
