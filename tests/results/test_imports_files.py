"""The files of imports over HTTP: templates, workbooks, broken and enormous ones, and when they go."""

import pytest

from tests.results.make import House, csv_of, days_of, files, xlsx_of


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
