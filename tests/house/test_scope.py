"""The watch over every statement (`tests/support/scope.py`): what it finds and what it lets pass.

It listens during the whole suite; a test during which the program looked across hotels fails at its end.
"""

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.hotel import Hotel
from tests.support.scope import ACROSS, TENANT_TABLES, Across, Watch, is_allowed, unscoped
from topline.core.transaction import Database
from topline.people import queries as people
from topline.people.models import Person, Role

SCOPED = [
    "SELECT people.id FROM people WHERE people.organization_id = ?",
    "SELECT people.id FROM people WHERE people.organization_id = %(organization_id_1)s::UUID AND people.active",
    "SELECT * FROM people JOIN roles ON roles.organization_id = people.organization_id AND roles.id = people.role_id"
    " WHERE people.organization_id = ?",
    "SELECT * FROM people AS p JOIN roles AS r ON p.organization_id = r.organization_id WHERE r.organization_id = ?",
    "SELECT * FROM people, roles WHERE people.organization_id = ? AND roles.organization_id = ?",
    "UPDATE people SET name=? WHERE people.organization_id = ? AND people.id = ?",
    "DELETE FROM pins WHERE pins.organization_id = ?",
    "INSERT INTO pins (organization_id, person_id) VALUES (?, ?)",
    "SELECT id FROM people WHERE (people.organization_id, people.id) IN (SELECT organization_id, id FROM mine)",
    "SELECT * FROM people WHERE people.organization_id = ? AND EXISTS (SELECT 1 FROM pins"
    " WHERE pins.organization_id = people.organization_id AND pins.person_id = people.id)",
    "SELECT organizations.name FROM organizations WHERE organizations.id = ?",
    "SELECT 1",
    "PRAGMA journal_mode=WAL",
]
UNSCOPED = [
    ("SELECT people.id FROM people", ["people"]),
    ("SELECT people.id FROM people WHERE people.id = ?", ["people"]),
    ("SELECT people.organization_id FROM people WHERE people.id = ?", ["people"]),
    (
        "SELECT * FROM people JOIN roles ON roles.id = people.role_id WHERE people.organization_id = ?",
        ["roles"],
    ),
    (
        "SELECT * FROM people JOIN roles ON roles.organization_id = people.organization_id",
        ["people", "roles"],
    ),
    ("SELECT * FROM people AS p_1, roles WHERE roles.organization_id = ?", ["p_1"]),
    ("UPDATE people SET name=? WHERE people.id = ?", ["people"]),
    ("DELETE FROM pins", ["pins"]),
    ("INSERT INTO pins (person_id) VALUES (?)", ["INSERT INTO pins"]),
    (
        "SELECT * FROM people WHERE people.organization_id = ? UNION SELECT * FROM people WHERE people.id = ?",
        ["people"],
    ),
    (
        "SELECT * FROM people WHERE people.organization_id = ? AND people.id IN (SELECT pins.person_id FROM pins)",
        ["pins"],
    ),
]


@pytest.mark.parametrize("sql", SCOPED)
def test_a_statement_that_names_its_hotel_passes(sql: str) -> None:
    assert unscoped(sql) == []


@pytest.mark.parametrize(("sql", "tables"), UNSCOPED)
def test_a_statement_that_does_not_is_found(sql: str, tables: list[str]) -> None:
    assert unscoped(sql) == tables


@pytest.mark.parametrize("across", ACROSS, ids=lambda across: across.pattern)
def test_every_exception_is_narrow_and_says_why(across: Across) -> None:
    assert len(across.reason.split()) > 5
    assert not is_allowed("SELECT people.id FROM people WHERE people.name = ?")
    assert re.search(across.pattern, "SELECT 1") is None


def test_the_tables_of_a_hotel_are_known() -> None:
    assert {"people", "behavior_logs", "daily_entries", "pins", "audit_events"} <= TENANT_TABLES
    assert "organizations" not in TENANT_TABLES


def test_the_watch_hears_the_program_and_not_the_test(
    database: Database, hotel: Hotel, statements: Watch
) -> None:
    with database.read(hotel.olive.actor) as tx:
        people.person(tx, hotel.sam.id)
        assert len(tx.execute(select(Person.id)).all()) == 5  # a test's own statement
    assert statements.take() == []
    # A join without its hotel, sent from a line that counts as the program's.
    sneaky = "def look(tx, statement):\n    return tx.execute(statement).all()\n"
    names: dict[str, Any] = {}
    exec(compile(sneaky, "/src/topline/people/queries.py", "exec"), names)  # noqa: S102 - a line of ours
    with database.read(hotel.olive.actor) as tx:
        names["look"](tx, select(Person.id).join(Role, Role.id == Person.role_id))
    (found,) = statements.take()
    assert found.startswith(
        "topline/people/queries.py:2 reads or writes people, roles of every hotel: SELECT"
    )
