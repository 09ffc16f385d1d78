"""Columns are found by whole names, choices are checked, and no row gets lost."""

import pytest
from hypothesis import given, strategies as st

from topline.core.tabular import (
    Cell,
    CellError,
    DateOrder,
    Field,
    Mapping,
    Outcome,
    Preset,
    Row,
    RowProblem,
    RowReader,
    Table,
    apply_preset,
    check_mapping,
    codes_of,
    column_name,
    find_preset,
    guess_columns,
    read_rows,
    seen_before,
    shown,
    spellings,
)
from topline.core.tabular.columns import plain_header

FIELDS = (
    Field("date", spellings("date, Geschäftstag"), required=True),
    Field("rooms", ("rooms sold", "rooms")),
    Field("note", ("note",)),
)


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("Rooms_Sold", "rooms sold"),
        ("  ROOMS-sold (net) ", "rooms sold"),
        ("Geschäftstag", "geschaftstag"),
        ("Revenue [EUR]", "revenue"),
        ("№", "no"),
        ("---", ""),
    ],
)
def test_headers_are_compared_without_their_dress(header: str, plain: str) -> None:
    assert plain_header(header) == plain


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["DATE", "Rooms", "Note"], {"date": 0, "rooms": 1, "note": 2}),
        (["rooms", "rooms_sold"], {"rooms": 1}),
        (["geschaeftstag", "Geschäftstag"], {"date": 1}),
        (["net rooms sold", "dates"], {}),
        (["date", "date"], {"date": 0}),
        (["", ""], {}),
    ],
)
def test_only_whole_names_are_recognised(header: list[str], found: dict[str, int]) -> None:
    assert guess_columns(header, FIELDS) == found


def test_a_known_layout_is_recognised_by_all_of_its_headers() -> None:
    preset = Preset("mine", "label", {"date": "Day", "rooms": "Sold"}, DateOrder.DMY)
    assert find_preset(["sold", "x", "DAY"], [preset]) == preset
    assert find_preset(["sold", "x"], [preset]) is None
    assert apply_preset(["sold", "x", "DAY"], preset) == Mapping({"date": 2, "rooms": 0}, DateOrder.DMY)


@pytest.mark.parametrize(
    ("columns", "codes"),
    [
        ({"date": 0, "rooms": 1}, []),
        ({"rooms": 1}, [("columns.date", "column_missing")]),
        ({"date": 0, "rooms": 0}, [("columns.rooms", "column_used_twice")]),
        ({"date": 2}, [("columns.date", "column_out_of_range")]),
        ({"date": -1}, [("columns.date", "column_out_of_range")]),
        ({"date": 0, "secret": 1}, [("columns.secret", "column_field_unknown")]),
    ],
)
def test_a_choice_of_columns_is_checked(columns: dict[str, int], codes: list[tuple[str, str]]) -> None:
    errors = check_mapping(Mapping(columns), FIELDS, ["a", "b"])
    assert [(error.field, error.code) for error in errors] == codes


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_a_spreadsheet_does(index: int, name: str) -> None:
    assert column_name(index) == name


def table(rows: list[tuple[Cell, ...]], blank: int = 0) -> Table:
    return Table(
        ("date", "rooms"), 1, tuple(Row(at, cells) for at, cells in enumerate(rows, 2)), blank, "csv"
    )


def number(cell: Cell) -> int:
    if not isinstance(cell, str) or not cell.isdigit():
        raise CellError("count_invalid", "This is not a whole number.")
    return int(cell)


def read(reader: RowReader) -> int | None:
    reader.required("date", str)
    return reader.optional("rooms", number)


def test_every_problem_of_a_row_is_named_with_its_place() -> None:
    outcome = read_rows(
        table([("x", "1"), (None, "many"), ("y", "3")]), Mapping({"date": 0, "rooms": 1}), read
    )
    assert outcome.items == (1, 3)
    assert outcome.problems == (
        RowProblem(3, "A", "date", "missing", "Something must stand here."),
        RowProblem(3, "B", "rooms", "count_invalid", "This is not a whole number.", "many"),
    )
    assert (outcome.good, outcome.bad, outcome.blank, outcome.total) == (2, 1, 0, 3)
    assert not outcome.is_clean
    assert codes_of(outcome.problems) == {"count_invalid": 1, "missing": 1}


def test_a_wide_row_is_not_read_at_all() -> None:
    wide = Table(("a",), 1, (Row(2, ("1",), is_too_wide=True),), 0, "csv")
    assert [problem.code for problem in read_rows(wide, Mapping({}), read).problems] == ["row_too_wide"]


def test_a_row_that_gives_nothing_and_says_nothing_is_still_counted() -> None:
    outcome: Outcome[int] = read_rows(table([("x", "1")]), Mapping({"date": 0}), lambda _: None)
    assert [problem.code for problem in outcome.problems] == ["row_unreadable"]


def test_the_second_of_two_is_bad_and_names_the_first() -> None:
    seen: dict[str, int] = {}

    def once(reader: RowReader) -> int | None:
        seen_before(reader, seen, "date", str(reader.cell("date")), "Listed before")
        return 1

    outcome = read_rows(table([("x", None), ("y", None), ("x", None)]), Mapping({"date": 0}), once)
    assert [(problem.row, problem.code, problem.message) for problem in outcome.problems] == [
        (4, "duplicate_in_file", "Listed before (row 2).")
    ]


def test_problems_come_in_pages_of_at_most_a_hundred() -> None:
    outcome = read_rows(table([(None, None)] * 130), Mapping({"date": 0}), read)
    assert len(outcome.problem_page(0, 1_000)) == 100
    assert [problem.row for problem in outcome.problem_page(128, 50)] == [130, 131]
    assert outcome.problem_page(500, 10) == outcome.problem_page(0, -1) == ()
    assert outcome.problem_page(-5, 1)[0].row == 2
    assert outcome.warning_page() == ()
    assert outcome.first(3) == ()


def test_what_stood_there_is_shown_short_and_on_one_line() -> None:
    assert shown("a\n\x00b") == "a b"
    assert shown("x" * 100) == "x" * 59 + "…"
    assert shown(None) == ""


CELL = st.none() | st.sampled_from(["", " ", "1", "many", "=1"])


@given(st.lists(st.tuples(CELL, CELL), max_size=30), st.integers(0, 5))
def test_every_row_is_good_or_bad_or_blank(rows: list[tuple[Cell, Cell]], blank: int) -> None:
    outcome = read_rows(table(list(rows), blank), Mapping({"date": 0, "rooms": 1}), read)
    assert outcome.good + outcome.bad + outcome.blank == outcome.total == len(rows) + blank
    assert outcome.is_clean is (outcome.bad == 0)
