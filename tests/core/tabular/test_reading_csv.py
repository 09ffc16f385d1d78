"""CSV files as they come: every encoding, separator and line end, and limits that hold."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from tests.core.tabular.workbooks import read_or_code
from topline.core.errors import Problem
from topline.core.tabular import FILE_ERRORS, Limits, Row, Table, read_table

HEADER = ("Datum", "Zimmer", "Notiz")


def refused(data: bytes, **options: object) -> str:
    with pytest.raises(Problem) as caught:
        read_table(data, **options)  # type: ignore[arg-type]
    (error,) = caught.value.fields
    assert error.field == "file"
    assert error.code in FILE_ERRORS
    return error.code


def plain(table: Table) -> list[tuple[object, ...]]:
    return [table.header, *(row.cells for row in table.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_way_to_write_a_csv_is_read(encoding: str, delimiter: str, line_end: str) -> None:
    rows = [HEADER, ("2026-03-04", "97", "Gäste müde"), ("2026-03-05", "98", "€")]
    table = read_table(line_end.join(delimiter.join(row) for row in rows).encode(encoding))
    assert plain(table) == rows
    assert table.kind == "csv"
    assert table.delimiter == delimiter
    assert [row.number for row in table.rows] == [2, 3]


def test_a_name_does_not_decide_what_a_file_is_but_its_content_does() -> None:
    assert refused(b"%PDF-1.7\n1,2,3") == "file_not_a_table"
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(30)) == "file_not_a_table"
    assert refused(b"  <html><table>") == "file_not_a_table"
    assert refused(b"a,b\n1,\x002") == "file_not_a_table"


def test_quotes_hold_separators_line_ends_and_quotes() -> None:
    table = read_table(b'date;note\r\n2026-03-04;"one; two\r\nthree ""four"""\r\n\r\n2026-03-05;x\r\n')
    assert plain(table) == [("date", "note"), ("2026-03-04", 'one; two\r\nthree "four"'), ("2026-03-05", "x")]
    # Numbered as a spreadsheet counts: a cell of two lines is one row, a blank row is a row.
    assert [row.number for row in table.rows] == [2, 4]
    assert table.blank_rows == 1


def test_decimal_commas_do_not_make_a_comma_file() -> None:
    assert read_table(b"date;rooms;revenue\n2026-03-04;97;5868,01\n2026-03-05;98;6415,54\n").delimiter == ";"


def test_a_separator_named_in_the_first_line_is_used_and_counted() -> None:
    table = read_table(b"sep=|\na|b,c\n1|2,3\n")
    assert plain(table) == [("a", "b,c"), ("1", "2,3")]
    assert table.rows[0].number == 3


def test_one_column_is_a_table_too() -> None:
    assert plain(read_table(b"name\nAna\nBen\n")) == [("name",), ("Ana",), ("Ben",)]


def test_the_header_is_the_first_row_with_something_or_the_one_asked_for() -> None:
    data = b"\n\nHotel Example\n\ndate,rooms\n2026-03-04,97\n"
    assert read_table(data).header == ("Hotel Example",)
    table = read_table(data, header_number=5)
    assert table.header == ("date", "rooms")
    assert table.rows == (Row(6, ("2026-03-04", "97")),)


def test_short_rows_are_filled_and_wide_rows_marked() -> None:
    table = read_table(b"a,b,c\n1\n1,2,3,\n1,2,3,4\n")
    assert table.rows == (
        Row(2, ("1", None, None)),
        Row(3, ("1", "2", "3")),
        Row(4, ("1", "2", "3"), is_too_wide=True),
    )


def test_blank_rows_at_the_end_are_how_a_file_ends_those_between_are_counted() -> None:
    table = read_table(b"a,b\n1,2\n,\n   ,\n3,4\n,\n\n,,\n")
    assert len(table.rows) == 2
    assert table.blank_rows == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"  \n \r\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b",,\n,,\n", "file_empty"),
        (b"date,rooms\n", "file_no_rows"),
        (b"date,rooms\n\n,\n", "file_no_rows"),
        (b'a,b\n1,"never closed\n2,3\n', "file_quotes_broken"),
        (b'a,b\n1,"closed" late\n', "file_quotes_broken"),
        (b"\xff\xfea\x00,\x00b", "file_encoding"),
        (b"a,b\n1,\x81\x8d\n", "file_encoding"),
        (b"a,b\n" + b"1," + b"x" * 2_001, "file_cell_too_long"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"', "file_cell_too_long"),
        (b"," * 100 + b"x\n1", "file_too_many_columns"),
        (b"a,b\n" + b"," * 5_000 + b"x", "file_too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_limits_hold_exactly() -> None:
    limits = Limits(file_bytes=100, rows=3, columns=2, cell_chars=5)
    assert len(read_table(b"a,b\n1,2\n3,4\n5,12345\n\n", limits=limits).rows) == 3
    assert refused(b"a,b\n1,2\n3,4\n5,6\n7,8\n", limits=limits) == "file_too_many_rows"
    assert refused(b"a,b,c\n1,2,3\n", limits=limits) == "file_too_many_columns"
    assert refused(b"a,b\n1,123456\n", limits=limits) == "file_cell_too_long"
    assert refused(b"a" * 101, limits=limits) == "file_too_large"


def test_a_refusal_says_where() -> None:
    with pytest.raises(Problem, match="row 3, column B"):
        read_table(b"a,b\n1,2\n3," + b"x" * 2_001)


def test_the_status_of_a_refusal_fits_it() -> None:
    statuses = {}
    for data in (b"%PDF-1.7", b"a\n", bytes(11)):
        with pytest.raises(Problem) as caught:
            read_table(data, limits=Limits(file_bytes=10))
        statuses[caught.value.fields[0].code] = caught.value.status
    assert statuses == {"file_not_a_table": 415, "file_no_rows": 400, "file_too_large": 413}


def test_the_largest_allowed_file_is_read() -> None:
    data = b"a,b\n" + b"".join(b"%d,x\n" % number for number in range(20_000))
    assert len(read_table(data).rows) == 20_000
    assert refused(data + b"1,x\n") == "file_too_many_rows"


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_a_table_or_refused(data: bytes) -> None:
    table, code = read_or_code(data)
    if table is None:
        assert code in FILE_ERRORS
    else:
        assert table.rows
        assert all(len(row.cells) == len(table.header) for row in table.rows)


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12) | st.sampled_from(
    ['"', ";", ",", "\n", "a\r\nb", '""', "|", "=1", "'"]
)


@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["first", "second", "third", "fourth"])
    writer.writerows(rows)
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    table, code = read_or_code(file.getvalue().encode())
    if table is None:
        assert code == "file_no_rows"
        assert not kept
        return
    expected = [
        tuple(cell if cell.strip() else None for cell in [*row, *[""] * (4 - len(row))]) for row in kept
    ]
    assert [row.cells for row in table.rows] == expected
    assert table.delimiter == delimiter
    last = max(number for number, row in enumerate(rows) if any(cell.strip() for cell in row))
    assert len(table.rows) + table.blank_rows == last + 1
