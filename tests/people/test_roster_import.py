"""The staff roster out of files: typed people, every bad row named, nobody twice, and never a PIN."""

import csv
import io

import pytest
from hypothesis import given, settings, strategies as st

from tests.core.tabular.workbooks import workbook
from topline.core.errors import Problem
from topline.core.tabular import Mapping, Outcome, Table, read_table
from topline.people.importing import (
    CODES,
    ROSTER_FIELDS,
    TEMPLATE_HEADER,
    RosterPerson,
    check_roster_mapping,
    propose_roster,
    read_roster,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

ROLES = ["Front Desk Agent", "Server"]
DEPARTMENTS = ["Front Office", "Restaurant", "Küche"]
HEADER = ",".join(TEMPLATE_HEADER)
ANA = "1042,Ana Example,Ana,ana@hotel.example,Server,Restaurant,5"


ALL_BAD = [
    (2, "B", "name", "missing"),
    (2, "D", "email", "email_invalid"),
    (2, "E", "role", "role_unknown"),
    (2, "F", "department", "department_unknown"),
]


def table_of(text: str) -> Table:
    return read_table(text.encode())


def imported(text: str) -> Outcome[RosterPerson]:
    table = table_of(text)
    mapping, _ = propose_roster(table)
    assert check_roster_mapping(mapping, table) == []
    return read_roster(table, mapping, roles=ROLES, departments=DEPARTMENTS)


def complaints(outcome: Outcome[RosterPerson]) -> list[tuple[int, str, str, str]]:
    return [(problem.row, problem.column, problem.field, problem.code) for problem in outcome.problems]


def test_the_own_template_is_recognised_and_read() -> None:
    table = table_of(f"{HEADER}\n{ANA}\n")
    mapping, preset = propose_roster(table)
    assert preset == "topline_roster"
    assert check_roster_mapping(mapping, table) == []
    outcome = imported(f"{HEADER}\n{ANA}\n")
    assert outcome.items == (
        RosterPerson(2, "Ana Example", "Ana", "ana@hotel.example", "1042", "Server", "Restaurant", 5),
    )


def test_no_field_takes_a_pin() -> None:
    names = {name for field in ROSTER_FIELDS for name in (field.key, *field.names)}
    assert not {name for name in names if "pin" in name.split() or "password" in name or "code" in name}


@pytest.mark.parametrize(
    "text",
    [
        "Vorname;Nachname;Rolle;Abteilung\nAna;Example;server;kuche\n",
        "Name;Funktion;Bereich\nAna Example;SERVER;Küche\n",
        "Nom complet;Poste;Département\n Ana  Example ;Server;KÜCHE\n",
        "Nombre;Puesto;Departamento\nAna Example;Server;Küche\n",
        "Full Name\tJob Title\tDept\nAna Example\tServer\tKüche\n",
    ],
)
def test_rosters_of_several_systems_are_understood_in_the_houses_own_spelling(text: str) -> None:
    (person,) = imported(text).items
    assert (person.name, person.role, person.department) == ("Ana Example", "Server", "Küche")
    assert (person.email, person.staff_number, person.shifts_per_week) == (None, None, None)


def test_staff_numbers_of_a_workbook_stay_as_they_look() -> None:
    table = read_table(
        workbook([["Name", "Role", "Department", "Staff No"], ["Ana", "Server", "Restaurant", 1042]])
    )
    mapping, _ = propose_roster(table)
    assert read_roster(table, mapping, roles=ROLES, departments=DEPARTMENTS).items[0].staff_number == "1042"
    zeros = read_table(
        workbook([["Name", "Role", "Department", "Staff No"], ["Ana", "Server", "Restaurant", "0042"]])
    )
    assert read_roster(zeros, mapping, roles=ROLES, departments=DEPARTMENTS).items[0].staff_number == "0042"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ANA, []),
        (",Ana Example,,,server,RESTAURANT,", []),
        (",,,,Server,Restaurant,", [(2, "B", "name", "missing")]),
        (",Ana,,,,Restaurant,", [(2, "E", "role", "missing")]),
        (",Ana,,,Pilot,Restaurant,", [(2, "E", "role", "role_unknown")]),
        (",Ana,,,Server,Cockpit,", [(2, "F", "department", "department_unknown")]),
        (",=1+1,,,Server,Restaurant,", [(2, "B", "name", "looks_like_formula")]),
        (",@SUM(A1),,,Server,Restaurant,", [(2, "B", "name", "looks_like_formula")]),
        (",Ana,-x,,Server,Restaurant,", [(2, "C", "display_name", "looks_like_formula")]),
        (",Ana,,not-an-address,Server,Restaurant,", [(2, "D", "email", "email_invalid")]),
        (",Ana,,,Server,Restaurant,15", [(2, "G", "shifts_per_week", "too_large")]),
        (",Ana,,,Server,Restaurant,often", [(2, "G", "shifts_per_week", "count_invalid")]),
        (",A\u0007na,,,Server,Restaurant,", None),
        (",A\u202ena,,,Server,Restaurant,", [(2, "B", "name", "text_control_character")]),
        ("," + "x" * 101 + ",,,Server,Restaurant,", [(2, "B", "name", "text_too_long")]),
        (",\u2800,,,Server,Restaurant,", [(2, "B", "name", "text_empty")]),
        (",Ana,,,Server,Restaurant,5,extra", [(2, "", "", "row_too_wide")]),
        (",,,bad,Pilot,Cockpit,", ALL_BAD),
    ],
)  # fmt: skip
def test_every_bad_row_is_named_with_column_and_reason(
    row: str, expected: list[tuple[int, str, str, str]] | None
) -> None:
    if expected is None:
        # A bell in the text means the whole file is no text at all.
        with pytest.raises(Problem, match="neither a CSV"):
            imported(f"{HEADER}\n{row}\n")
        return
    outcome = imported(f"{HEADER}\n{row}\n")
    assert complaints(outcome) == expected
    assert all(problem.message and problem.code in CODES for problem in outcome.problems)
    assert outcome.good == (0 if expected else 1)


@pytest.mark.parametrize(
    ("second", "column", "code"),
    [
        ("1042,Ben Other,,,Server,Restaurant,", "A", "duplicate_in_file"),
        (",Ben Other,,ANA@hotel.example,Server,Restaurant,", "D", "duplicate_in_file"),
    ],
)
def test_the_same_person_twice_is_refused(second: str, column: str, code: str) -> None:
    outcome = imported(f"{HEADER}\n{ANA}\n{second}\n")
    assert [(problem.row, problem.column, problem.code) for problem in outcome.problems] == [
        (3, column, code)
    ]


def test_two_people_of_one_name_are_two_only_where_something_tells_them_apart() -> None:
    apart = f"{HEADER}\n1,Ana Example,,,Server,Restaurant,\n2,Ana Example,,,Server,Restaurant,\n"
    assert imported(apart).is_clean
    alike = f"{HEADER}\n,Ana Example,,,Server,Restaurant,\n,ANA  example,,,Server,Restaurant,\n"
    assert complaints(imported(alike)) == [(3, "B", "name", "duplicate_in_file")]


def test_a_name_may_stand_in_two_columns() -> None:
    header = "first_name,last_name,role,department\n"
    assert imported(header + "Ana,,Server,Restaurant\n").items[0].name == "Ana"
    assert complaints(imported(header + ",,Server,Restaurant\n")) == [(2, "B", "last_name", "missing")]
    long = imported(header + f"{'x' * 60},{'y' * 60},Server,Restaurant\n")
    assert complaints(long) == [(2, "B", "last_name", "text_too_long")]


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"name": 0, "role": 1, "department": 2}, []),
        ({"role": 1, "department": 2}, ["columns.name"]),
        ({"last_name": 0, "role": 1, "department": 2}, []),
        ({"name": 0}, ["columns.role", "columns.department"]),
    ],
)
def test_a_choice_needs_name_role_and_department(columns: dict[str, int], fields: list[str]) -> None:
    errors = check_roster_mapping(Mapping(columns), table_of("a,b,c\n1,2,3\n"))
    assert [error.field for error in errors] == fields


CELLS = st.sampled_from(
    ["", "Ana", "Ben", "Server", "Restaurant", "=1", "a@b.example", "7", "-3", "\u2800", "Küche"]
)


@settings(max_examples=80)
@given(st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=12))
def test_every_row_of_a_file_is_accounted_for(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(TEMPLATE_HEADER)
    writer.writerows([*rows, ["9", "Last", "", "", "Server", "Restaurant", ""]])
    outcome = imported(file.getvalue())
    assert outcome.good + outcome.bad + outcome.blank == outcome.total == len(rows) + 1
    emails = [person.email for person in outcome.items if person.email]
    assert len(emails) == len(set(emails))
