"""Amounts, ids and the order of the tiles."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.tablet_harness.conftest import Call


@pytest.mark.parametrize(
    ("typed", "digits", "minor"),
    [
        ("", 2, None),
        ("  ", 2, None),
        ("40", 2, 4000),
        ("40.5", 2, 4050),
        ("40,50", 2, 4050),
        ("0.07", 2, 7),
        ("1,250", 2, 125_000),
        ("1,250.50", 2, 125_050),
        ("1.250,50", 2, 125_050),
        ("1 250", 2, 125_000),
        ("40", 0, 40),
        ("1.250", 0, 1250),
        ("1.5", 0, "NaN"),
        ("40.555", 3, 40_555),
        ("40.5551", 3, "NaN"),
        ("-40", 2, "NaN"),
        ("forty", 2, "NaN"),
        ("4e3", 2, "NaN"),
        ("1,2,3", 2, "NaN"),
        ("9999999999999", 2, "NaN"),
        ("90071992547409.93", 2, "NaN"),
    ],
)
def test_an_amount_is_read_digit_by_digit(call: Call, typed: str, digits: int, minor: Any) -> None:
    assert call("lib/money.js", "parseMinor", typed, digits) == minor


@pytest.mark.parametrize(
    ("minor", "digits", "shown"),
    [(4000, 2, "€40"), (4050, 2, "€40.50"), (7, 2, "€0.07"), (125_050, 2, "€1,250.50"), (40, 0, "€40")],
)
def test_an_amount_is_shown_without_a_useless_fraction(
    call: Call, minor: int, digits: int, shown: str
) -> None:
    assert call("lib/money.js", "showMinor", minor, "EUR", digits, "en-US") == shown


def test_ids_are_version_seven_and_sort_in_the_order_they_were_made(page: Page) -> None:
    ids = page.evaluate(
        """async () => {
          const { uuidv7 } = await import("/tablet/lib/ids.js");
          const start = 1772600000000;
          const same = Array.from({ length: 6000 }, () => uuidv7(start));
          return [...same, uuidv7(start - 5000), uuidv7(start + 5000)];
        }"""
    )
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(one[14] == "7" and one[19] in "89ab" for one in ids)


PEOPLE: list[dict[str, Any]] = [
    {"id": "1", "display_name": "Zoë", "department_id": "bar", "last_used_at": None},
    {
        "id": "2",
        "display_name": "Anna-Mara Test",
        "department_id": "desk",
        "last_used_at": "2026-03-04T08:00:00Z",
    },
    {"id": "3", "display_name": "Abel", "department_id": "desk", "last_used_at": None},
    {"id": "4", "display_name": "Bo", "department_id": "bar", "last_used_at": "2026-03-04T09:00:00Z"},
]


@pytest.mark.parametrize(("home", "ids"), [("desk", "2341"), (None, "4231"), ("bar", "4123")])
def test_the_own_department_comes_first_then_who_was_here_last(call: Call, home: Any, ids: str) -> None:
    assert "".join(one["id"] for one in call("ui/people.js", "inOrder", PEOPLE, home)) == ids


@pytest.mark.parametrize(
    ("search", "department", "ids"),
    [
        ("", None, "1234"),
        ("", "bar", "14"),
        ("zoe", "desk", "1"),
        ("MARA", None, "2"),
        ("test", None, "2"),
        ("ara", None, ""),
    ],
)
def test_a_search_finds_people_by_the_start_of_any_part_of_their_name(
    call: Call, search: str, department: Any, ids: str
) -> None:
    wanted = {"search": search, "departmentId": department}
    assert "".join(one["id"] for one in PEOPLE if call("ui/people.js", "isShown", one, wanted)) == ids
