"""Daily results out of files: a real hotel's file, files of many houses, and every bad row named."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from tests.core.tabular.workbooks import workbook
from topline.core.tabular import DateOrder, DecimalSign, Mapping, Outcome, Table, read_table
from topline.results.importing import (
    CODES,
    DAILY_FIELDS,
    PRESETS,
    TEMPLATE_HEADER,
    DailyRow,
    check_daily_mapping,
    propose,
    read_daily,
)
from topline.results.rules import Figures

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

TODAY = date(2026, 3, 4)
REAL = b"""date,arrivals,rooms_sold,guests,room_revenue,special_requests
2015-08-05,66,94,186,5868.01,18
2015-08-06,19,99,188,6415.54,14
2015-08-07,43,97,190,6644.54,29
"""


ALL_BAD = [
    (2, "A", "business_date", "date_invalid"),
    (2, "B", "revenue", "negative"),
    (2, "C", "room_revenue", "amount_invalid"),
]


def table_of(text: str) -> Table:
    return read_table(text.encode())


def imported(text: str, currency: str = "EUR", usual: int | None = None) -> Outcome[DailyRow]:
    table = table_of(text)
    mapping = propose(table, currency).mapping
    assert check_daily_mapping(mapping, table) == []
    return read_daily(table, mapping, currency=currency, today=TODAY, usual_revenue_minor=usual)


def complaints(outcome: Outcome[DailyRow]) -> list[tuple[int, str, str, str]]:
    return [(problem.row, problem.column, problem.field, problem.code) for problem in outcome.problems]


def test_the_file_of_a_real_hotel_is_read_without_a_question() -> None:
    table = read_table(REAL)
    proposal = propose(table, "EUR")
    assert proposal.preset == "pms_daily"
    assert proposal.unclear_dates == ()
    assert proposal.unclear_amounts == ()
    outcome = read_daily(table, proposal.mapping, currency="EUR", today=TODAY)
    assert outcome.is_clean
    assert outcome.total == 3
    assert outcome.first(1) == (
        DailyRow(
            2,
            date(2015, 8, 5),
            Figures(room_revenue_minor=586_801, rooms_sold=94, guests=186, arrivals=66),
            None,
        ),
    )


def test_the_own_template_is_recognised() -> None:
    proposal = propose(table_of(",".join(TEMPLATE_HEADER) + "\n2026-03-03,1000.00,,10,,,,,fine\n"), "EUR")
    assert proposal.preset == "topline_daily"
    assert set(proposal.mapping.columns) == {field.key for field in DAILY_FIELDS}
    assert all(set(preset.headers) <= {field.key for field in DAILY_FIELDS} for preset in PRESETS)


@pytest.mark.parametrize(
    "header",
    [
        "Datum;Zimmer verkauft;Zimmerumsatz;Gesamtumsatz;Gedecke;Gäste;Anreisen",
        "Date;Chambres vendues;CA hébergement;Chiffre d'affaires;Couverts;Clients;Arrivées",
        "Fecha;Habitaciones ocupadas;Ingresos habitaciones;Ingresos totales;Cubiertos;Huéspedes;Llegadas",
        "Data;Camere vendute;Ricavi camere;Ricavi totali;Coperti;Ospiti;Arrivi",
        "Data;Quartos vendidos;Receita de quartos;Receita total;Talheres;Hóspedes;Chegadas",
        "Datum;Verkochte kamers;Kameromzet;Totale omzet;Couverts;Gasten;Aankomsten",
        "Stay Date;Rooms Sold;Rooms Revenue (EUR);Total Revenue;COVERS;Guests in house;Arrivals",
    ],
)
def test_reports_in_several_languages_are_understood(header: str) -> None:
    outcome = imported(header + "\n28.02.2026;97;5.868,01;9.000,00;120;190;43\n")
    assert outcome.problems == ()
    assert outcome.items[0].business_date == date(2026, 2, 28)
    assert outcome.items[0].figures == Figures(900_000, 586_801, 120, 97, None, 190, 43)


def test_what_nobody_can_tell_from_the_file_is_asked() -> None:
    proposal = propose(table_of('date,revenue\n03/04/2025,"1,200"\n05/06/2025,"3,400"\n'), "KWD")
    assert proposal.unclear_dates == (DateOrder.DMY, DateOrder.MDY)
    assert set(proposal.unclear_amounts) == {DecimalSign.POINT, DecimalSign.COMMA}


def test_thousands_are_never_guessed_from_three_decimals() -> None:
    assert propose(table_of("date,revenue\n2026-03-01,100.005\n"), "EUR").unclear_amounts != ()
    own = table_of(",".join(TEMPLATE_HEADER) + "\n2026-03-01,100.005,,,,,,,\n")
    assert propose(own, "EUR").unclear_amounts == ()
    assert propose(own, "EUR").mapping.decimal_sign is DecimalSign.POINT


def test_dates_and_amounts_that_contradict_each_other_are_asked_about_too() -> None:
    proposal = propose(table_of("date;revenue\n13/04/2025;1,200.5\n04/13/2025;1.200,5\n"), "EUR")
    assert proposal.unclear_dates == (DateOrder.DMY, DateOrder.MDY)
    assert len(proposal.unclear_amounts) == 2


def test_plain_whole_amounts_raise_no_question() -> None:
    assert propose(table_of("date,revenue\n2026-03-01,1200\n"), "EUR").unclear_amounts == ()


def test_a_workbook_keeps_its_dates_and_numbers() -> None:
    data = workbook([["Date", "Revenue", "Covers"], [date(2026, 3, 3), 5868.01, 120], [46_084, 7000, 130]])
    table = read_table(data)
    outcome = read_daily(table, propose(table, "EUR").mapping, currency="EUR", today=TODAY)
    assert outcome.items == (DailyRow(2, date(2026, 3, 3), Figures(revenue_minor=586_801, covers=120), None),)
    # The second row is the same day, written as its number.
    assert complaints(outcome) == [(3, "A", "business_date", "duplicate_in_file")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2026-03-03,100,50,10,5,9,8,3,fine", []),
        (",100,50,10,5,9,8,3,", [(2, "A", "business_date", "missing")]),
        ("soon,100,50,10,5,9,8,3,", [(2, "A", "business_date", "date_invalid")]),
        ("2026-03-05,100,50,10,5,9,8,3,", [(2, "A", "business_date", "date_in_future")]),
        ("1999-12-31,100,50,10,5,9,8,3,", [(2, "A", "business_date", "date_too_old")]),
        ("2026-03-03,-100,,,,,,,", [(2, "B", "revenue", "negative")]),
        ("2026-03-03,100.005,,,,,,,", [(2, "B", "revenue", "amount_too_precise")]),
        ("2026-03-03,1e9,,,,,,,", [(2, "B", "revenue", "amount_invalid")]),
        ("2026-03-03,99999999999999,,,,,,,", [(2, "B", "revenue", "too_large")]),
        ("2026-03-03,100,50,ten,,,,,", [(2, "D", "covers", "count_invalid")]),
        ("2026-03-03,100,50,10.5,,,,,", [(2, "D", "covers", "count_invalid")]),
        ("2026-03-03,100,50,1000001,,,,,", [(2, "D", "covers", "too_large")]),
        ("2026-03-03,100,50,10,10,9,,,", [(2, "E", "rooms_sold", "rooms_sold_above_available")]),
        ("2026-03-03,100,200,10,,,,,", [(2, "C", "room_revenue", "room_revenue_above_revenue")]),
        ("2026-03-03,,,,,,,,nothing", [(2, "", "", "row_empty")]),
        ("2026-03-03,100,,,,,,," + "n" * 1_001, [(2, "I", "notes", "text_too_long")]),
        ("2026-03-03,100,,,,,,,a\x7fb", [(2, "I", "notes", "text_control_character")]),
        ("2026-03-03,100,,,,,,,a,b", [(2, "", "", "row_too_wide")]),
        ("soon,-1,x,,,,,,", ALL_BAD),
    ],
)  # fmt: skip
def test_every_bad_row_is_named_with_column_and_reason(
    row: str, expected: list[tuple[int, str, str, str]]
) -> None:
    outcome = imported(",".join(TEMPLATE_HEADER) + f"\n{row}\n")
    assert complaints(outcome) == expected
    assert all(problem.message and problem.code in CODES for problem in outcome.problems)
    assert outcome.good == (0 if expected else 1)


def test_the_second_row_of_a_date_is_bad_and_names_the_first() -> None:
    outcome = imported("date,covers\n2026-03-01,1\n2026-03-02,2\n2026-03-01,3\n")
    assert [row.figures.covers for row in outcome.items] == [1, 2]
    assert complaints(outcome) == [(4, "A", "business_date", "duplicate_in_file")]
    assert outcome.problems[0].message.endswith("(row 2).")
    assert outcome.problems[0].value == "2026-03-01"


def test_odd_but_possible_days_are_warned_about_and_kept() -> None:
    outcome = imported("date,revenue,covers\n2026-03-01,50000.00,100\n2026-03-02,0,5\n", usual=1_000_000)
    assert outcome.good == 2
    assert [(warning.row, warning.field, warning.code) for warning in outcome.warnings] == [
        (2, "revenue", "revenue_unusually_high"),
        (3, "revenue", "covers_without_revenue"),
    ]


def test_a_formula_in_a_note_is_kept_as_text_but_one_in_a_figure_is_no_number() -> None:
    outcome = imported('date,covers,notes\n2026-03-01,1,"=HYPERLINK(""x"")"\n2026-03-02,=1+1,\n')
    assert outcome.items[0].notes == '=HYPERLINK("x")'
    assert complaints(outcome) == [(3, "B", "covers", "count_invalid")]


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"business_date": 0, "covers": 1}, []),
        ({"business_date": 0}, ["columns"]),
        ({"business_date": 0, "notes": 1}, ["columns"]),
        ({"covers": 1}, ["columns.business_date"]),
        ({"business_date": 0, "covers": 9}, ["columns.covers"]),
    ],
)
def test_a_choice_needs_the_date_and_a_figure(columns: dict[str, int], fields: list[str]) -> None:
    errors = check_daily_mapping(Mapping(columns), table_of("date,covers\n2026-03-01,1\n"))
    assert [error.field for error in errors] == fields


CELLS = st.sampled_from(
    ["", "2026-03-01", "2026-03-02", "12", "1,5", "-3", "=1", "soon", "5868.01", "é", "99999999999999"]
)


@settings(max_examples=80)
@given(st.lists(st.lists(CELLS, max_size=11), min_size=1, max_size=12))
def test_every_row_of_a_file_is_accounted_for(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(TEMPLATE_HEADER)
    writer.writerows([*rows, ["2026-02-01", "1"]])
    table = table_of(file.getvalue())
    outcome = read_daily(table, propose(table, "EUR").mapping, currency="EUR", today=TODAY)
    assert outcome.good + outcome.bad + outcome.blank == outcome.total == len(rows) + 1
    numbers = {row.row for row in outcome.items} | {problem.row for problem in outcome.problems}
    assert len(numbers) == outcome.good + outcome.bad
    dates = [row.business_date for row in outcome.items]
    assert len(dates) == len(set(dates))


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=20))
def test_amounts_survive_the_way_through_a_workbook(amounts: list[int]) -> None:
    days = [date.fromordinal(date(2020, 1, 1).toordinal() + place) for place in range(len(amounts))]
    rows = [[day, float(Decimal(amount) / 100)] for day, amount in zip(days, amounts, strict=True)]
    table = read_table(workbook([["date", "revenue"], *rows]))
    outcome = read_daily(table, propose(table, "EUR").mapping, currency="EUR", today=TODAY)
    assert [row.figures.revenue_minor for row in outcome.items] == amounts
