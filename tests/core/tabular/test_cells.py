"""Cells become values, and what can be read in two ways is for a person to decide."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from topline.core.tabular import (
    Cell,
    CellError,
    DateOrder,
    DecimalSign,
    date_orders,
    decimal_signs,
    read_amount,
    read_count,
    read_date,
    read_email,
    read_line,
    read_note,
)

DMY, MDY, YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
POINT, COMMA = DecimalSign.POINT, DecimalSign.COMMA
DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("2026-03-04", YMD),
        ("2026-03-04", MDY),
        ("2026/3/4", DMY),
        (" 2026-03-04 00:00:00 ", YMD),
        ("2026-03-04T13:15:00Z", YMD),
        ("20260304", YMD),
        ("04.03.2026", DMY),
        ("4.3.26", DMY),
        ("03/04/2026", MDY),
        ("03-04-2026", MDY),
        ("3/4/26", MDY),
        ("04/03/2026 18:30", DMY),
        (date(2026, 3, 4), MDY),
        (datetime(2026, 3, 4, 23, 59), DMY),  # noqa: DTZ001
        (Decimal(46_085), DMY),
        (Decimal(20_260_304), YMD),
    ],
)
def test_a_date_is_read_as_chosen(cell: Cell, order: DateOrder) -> None:
    assert read_date(cell, order) == DAY


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("04.03.2026", YMD),
        ("13/04/2026", MDY),
        ("31.02.2026", DMY),
        ("2026-13-01", YMD),
        ("2026-03", YMD),
        ("04.03-2026", DMY),
        ("04.03.026", DMY),
        ("126.03.04", DMY),
        ("0000-01-01", YMD),
        ("٠٤.٠٣.٢٠٢٦", DMY),
        ("yesterday", DMY),
        ("46085", DMY),
        (Decimal("46085.5"), DMY),
        (Decimal(5), DMY),
        (Decimal("1e30"), DMY),
        (None, DMY),
        ("", DMY),
    ],
)
def test_what_is_no_date_is_refused(cell: Cell, order: DateOrder) -> None:
    with pytest.raises(CellError) as caught:
        read_date(cell, order)
    assert caught.value.code == "date_invalid"


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["2026-03-04", "20260305", DAY, None, ""], (YMD,)),
        ([], (YMD,)),
        (["03/04/2026", "05/06/2026"], (DMY, MDY)),
        (["03/04/2026", "13/06/2026"], (DMY,)),
        (["03/04/2026", "06/13/2026"], (MDY,)),
        (["04.03.2026"], (DMY,)),
        (["13/06/2026", "06/13/2026"], ()),
        (["03/04/2026", "nonsense", "13/06/2026"], (DMY,)),
        (["2026-03-04", "03/04/2026"], (DMY, MDY)),
    ],
)
def test_the_order_of_dates_is_found_or_asked(cells: list[Cell], orders: tuple[DateOrder, ...]) -> None:
    assert date_orders(cells) == orders


@pytest.mark.parametrize(
    ("cell", "sign", "minor"),
    [
        ("5868.01", POINT, 586_801),
        ("5,868.01", POINT, 586_801),
        ("5.868,01", COMMA, 586_801),
        ("5 868,01", COMMA, 586_801),
        ("5\u00a0868,01", COMMA, 586_801),
        ("5’868.01", POINT, 586_801),
        ("1,234,567", POINT, 123_456_700),
        ("1.234.567", COMMA, 123_456_700),
        ("€ 5.868,01", COMMA, 586_801),
        ("5868,01 EUR", COMMA, 586_801),
        ("5868", COMMA, 586_800),
        ("0", POINT, 0),
        ("12.5", POINT, 1_250),
        ("1.000", COMMA, 100_000),
        ("1.000", POINT, 100),
        (Decimal("5868.01"), COMMA, 586_801),
        (Decimal("5868.0100000001"), POINT, 586_801),
    ],
)
def test_an_amount_is_read_with_the_chosen_sign(cell: Cell, sign: DecimalSign, minor: int) -> None:
    assert read_amount(cell, "EUR", sign) == minor


@pytest.mark.parametrize(
    ("cell", "sign", "code"),
    [
        ("5.868,01", POINT, "amount_invalid"),
        ("1,23,456", POINT, "amount_invalid"),
        ("12,34", POINT, "amount_invalid"),
        ("12.345", POINT, "amount_too_precise"),
        ("-12.00", POINT, "negative"),
        ("12.00-", POINT, "negative"),
        ("(1,200.00)", POINT, "negative"),
        ("−12", POINT, "negative"),
        (Decimal(-1), POINT, "negative"),
        ("9" * 20, POINT, "too_large"),
        (Decimal("1e30"), POINT, "too_large"),
        ("$ 12", POINT, "amount_invalid"),
        ("twelve", POINT, "amount_invalid"),
        ("=1+1", POINT, "amount_invalid"),
        ("1e5", POINT, "amount_invalid"),
        ("٣٤", POINT, "amount_invalid"),
        (DAY, POINT, "amount_invalid"),
        ("1" * 500, POINT, "amount_invalid"),
    ],
)
def test_what_is_no_amount_is_refused(cell: Cell, sign: DecimalSign, code: str) -> None:
    with pytest.raises(CellError) as caught:
        read_amount(cell, "EUR", sign)
    assert caught.value.code == code


def test_the_currency_decides_the_digits() -> None:
    assert read_amount("1,200", "JPY", POINT) == 1_200
    assert read_amount("1.234", "KWD", POINT) == 1_234


@pytest.mark.parametrize(
    ("cells", "signs"),
    [
        (["5868.01", "12"], (POINT,)),
        (["5868,01", "12"], (COMMA,)),
        (["1.234,5", "7"], (COMMA,)),
        (["12", "1200"], (POINT, COMMA)),
        (["1,200", "3,400"], (POINT, COMMA)),
        (["100.005"], (POINT, COMMA)),
        (["1,200", "3,400.5"], (POINT,)),
        (["1,200.5", "1.200,5"], ()),
        ([Decimal("12.5"), None], (POINT, COMMA)),
    ],
)
def test_the_decimal_sign_is_found_or_asked(cells: list[Cell], signs: tuple[DecimalSign, ...]) -> None:
    assert decimal_signs(cells, "EUR") == signs


@pytest.mark.parametrize(
    ("cell", "count"),
    [("97", 97), ("1,204", 1_204), ("97.0", 97), (" 0 ", 0), (Decimal(97), 97), (Decimal("97.0"), 97)],
)
def test_a_count_is_whole(cell: Cell, count: int) -> None:
    assert read_count(cell, POINT, 1_000_000) == count


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("97.5", "count_invalid"),
        (Decimal("97.5"), "count_invalid"),
        ("many", "count_invalid"),
        ("-1", "negative"),
        (Decimal(-1), "negative"),
        ("101", "too_large"),
        ("9" * 30, "too_large"),
        (DAY, "count_invalid"),
    ],
)
def test_what_is_no_count_is_refused(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as caught:
        read_count(cell, POINT, 100)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "  =cmd|' /C calc'!A0", "＝1+1", "\t=1"]
)
def test_a_name_that_a_spreadsheet_would_run_is_refused(cell: Cell) -> None:
    with pytest.raises(CellError) as caught:
        read_line(cell, 100)
    assert caught.value.code == "looks_like_formula"


def test_texts_are_cleaned() -> None:
    assert read_line("  Ana   Example ", 40) == "Ana Example"
    assert read_line(Decimal(1042), 40) == "1042"
    assert read_line(Decimal("1042.50"), 40) == "1042.5"
    assert read_note("- late flight\r\nfull house", 40) == "- late flight\nfull house"
    assert read_email(" Ana@Hotel.Example ") == "ana@hotel.example"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("a\x07b", "text_control_character"), ("a\nb", "text_control_character"), ("x" * 41, "text_too_long")],
)
def test_texts_have_limits(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as caught:
        read_line(cell, 40)
    assert caught.value.code == code


CELLS = (
    st.none()
    | st.text(max_size=30)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
    | st.from_regex(r"-?[€ ]?[0-9]{1,4}[., ’'][0-9]{1,4}[.,]?[0-9]{0,3}-?", fullmatch=True)
)


@given(
    CELLS, st.sampled_from(DateOrder), st.sampled_from(DecimalSign), st.sampled_from(["EUR", "JPY", "KWD"])
)
def test_any_cell_is_read_or_refused(cell: Cell, order: DateOrder, sign: DecimalSign, currency: str) -> None:
    readers: list[Callable[[], bool]] = [
        lambda: read_date(cell, order).year >= 1,
        lambda: read_amount(cell, currency, sign) >= 0,
        lambda: 0 <= read_count(cell, sign, 500) <= 500,
        lambda: len(read_line(cell, 20)) <= 20,
        lambda: len(read_note(cell, 20)) <= 20,
        lambda: "@" in read_email(cell),
    ]
    for read in readers:
        with suppress(CellError):
            assert read()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from("./-"))
def test_a_date_written_in_an_order_is_read_in_that_order(day: date, separator: str) -> None:
    d, m, y = f"{day.day:02}", f"{day.month:02}", f"{day.year}"
    assert read_date(separator.join((d, m, y)), DMY) == day
    assert read_date(separator.join((m, d, y)), MDY) == day
    assert read_date(separator.join((y, m, d)), DMY) == day


@given(
    st.integers(0, 10**12),
    st.sampled_from([(POINT, ","), (COMMA, "."), (COMMA, " "), (POINT, "'"), (POINT, "")]),
)
def test_an_amount_written_with_groups_is_read_exactly(
    amount_minor: int, style: tuple[DecimalSign, str]
) -> None:
    sign, group = style
    whole, cents = divmod(amount_minor, 100)
    text = f"{whole:,}".replace(",", group) + sign.value + f"{cents:02}"
    assert read_amount(text, "EUR", sign) == amount_minor
