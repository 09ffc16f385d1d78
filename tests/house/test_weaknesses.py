"""The table of the prototype's weaknesses holds what it says: each is there once, and each test it names exists."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from tests.support.databases import ROOT

(TABLE,) = (ROOT / "docs" / "decisions").glob("*-weaknesses-of-the-prototype.md")
COUNT = 54
STANDS = {"avoided", "in part", "not built yet"}


@dataclass(frozen=True)
class Line:
    """One weakness and how Topline stands."""

    number: int
    stands: str
    how: str
    tests: list[str]


def lines(text: str) -> list[Line]:
    found = []
    for row in re.findall(r"^\| B(\d+) \|(.*)\|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in row[1].split("|")]
        assert len(cells) == 4, row
        found.append(Line(int(row[0]), cells[1], cells[2], re.findall(r"`(tests/[^`]+)`", cells[3])))
    return found


@cache
def found_in(path: str) -> frozenset[str]:
    """The tests of a file; none when it is not there."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    return name.startswith("test_") and name in found_in(path)


def test_every_weakness_has_its_line() -> None:
    found = lines(TABLE.read_text("utf-8"))
    assert [line.number for line in found] == list(range(1, COUNT + 1))
    assert {line.stands for line in found} <= STANDS


def test_what_is_avoided_names_tests_that_exist() -> None:
    for line in lines(TABLE.read_text("utf-8")):
        assert bool(line.tests) == (line.stands != "not built yet"), f"B{line.number}"
        assert [test for test in line.tests if not exists(test)] == [], f"B{line.number}"


def test_what_is_missing_is_said() -> None:
    for line in lines(TABLE.read_text("utf-8")):
        if line.stands == "in part":
            assert re.search(r"\b(not built|no cap|only English)\b", line.how), f"B{line.number}"


def test_a_test_that_is_gone_is_found() -> None:
    assert exists("tests/house/test_weaknesses.py::test_a_test_that_is_gone_is_found")
    assert not exists("tests/house/test_weaknesses.py::test_that_never_was")
    assert not exists("tests/house/test_nowhere.py::test_a_test_that_is_gone_is_found")
    assert not exists("tests/house/test_weaknesses.py::exists")
