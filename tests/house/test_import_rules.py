"""Who imports what of whom, checked on the program; every rule is first shown a sample of each kind."""

import ast

import pytest

from tests.house import import_rules as rules
from tests.house.allowed import ALLOWED
from tests.house.repo import PACKAGE, PythonRule, name_of, run, sample, tree_of, under, unexpected, unused

RULES = [
    rules.only_open_parts_of_another_domain,
    rules.parts_of_a_domain_keep_their_order,
    rules.rules_import_only_pure_code,
]
NAMES = {"neighbor", "order", "pure"}
LOGBOOK = "src/topline/logbook/"


@pytest.mark.parametrize("rule", RULES)
def test_the_program_keeps(rule: PythonRule) -> None:
    assert unexpected(run(rule, under("src/topline", ".py")), ALLOWED) == []


def test_every_exception_is_still_needed() -> None:
    findings = [finding for rule in RULES for finding in run(rule, under("src/topline", ".py"))]
    assert unused(findings, [entry for entry in ALLOWED if entry.rule in NAMES]) == []


BROKEN: list[tuple[PythonRule, str, str, str]] = [
    (RULES[0], "actions.py", "from topline.people.models import Person", "topline.people.models"),
    (RULES[0], "actions.py", "from topline.people import models as m", "topline.people.models"),
    (RULES[0], "queries.py", "import topline.people.schemas", "topline.people.schemas"),
    (RULES[0], "pages.py", "from topline.people.pages import show", "topline.people.pages"),
    (RULES[1], "api.py", "from topline.logbook.models import BehaviorLog", "topline.logbook.models"),
    (RULES[1], "pages.py", "from topline.logbook import api", "topline.logbook.api"),
    (RULES[1], "api/batch.py", "from topline.logbook import models", "topline.logbook.models"),
    (RULES[1], "actions/log.py", "from topline.logbook.schemas import LogIn", "topline.logbook.schemas"),
    (RULES[1], "rules.py", "from topline.logbook.queries import one", "topline.logbook.queries"),
    (RULES[2], "rules.py", "from topline.core.clock import SystemClock", "topline.core.clock"),
    (RULES[2], "rules/streak.py", "from topline.core import db", "topline.core.db"),
    (RULES[2], "rules.py", "from topline.web.guard import guard", "topline.web.guard"),
    (RULES[2], "rules.py", "from topline.people.queries import one", "topline.people.queries"),
]

KEPT: list[tuple[PythonRule, str, str]] = [
    (RULES[0], "queries.py", "from topline.people.models import Person"),
    (RULES[0], "queries/mine.py", "from topline.people.models import Person"),
    (RULES[0], "actions.py", "from topline.people import queries as people_queries"),
    (RULES[0], "actions.py", "from topline.logbook.models import BehaviorLog"),
    (RULES[0], "api.py", "from topline.web.guard import guard"),
    (RULES[1], "api.py", "from topline.logbook import actions, queries, schemas"),
    (RULES[1], "queries.py", "from topline.logbook.models import BehaviorLog"),
    (RULES[2], "rules.py", "from topline.core.money import split"),
    (RULES[2], "rules.py", "from topline.behaviors.rules import points"),
    (RULES[2], "actions.py", "from topline.core.clock import Clock"),
]


@pytest.mark.parametrize(("rule", "file", "code", "what"), BROKEN)
def test_a_broken_sample_is_found(rule: PythonRule, file: str, code: str, what: str) -> None:
    assert sample(rule, code, LOGBOOK + file) == [what]


@pytest.mark.parametrize(("rule", "file", "code"), KEPT)
def test_a_sample_that_keeps_the_rule_passes(rule: PythonRule, file: str, code: str) -> None:
    assert sample(rule, code, LOGBOOK + file) == []


def test_files_beside_the_domains_wire_everything() -> None:
    assert sample(RULES[0], "from topline.people.models import Person", "src/topline/tables.py") == []


def test_every_table_module_is_gathered_in_tables() -> None:
    gathered = {
        node.module for node in ast.walk(tree_of(PACKAGE / "tables.py")) if isinstance(node, ast.ImportFrom)
    }
    models = [*PACKAGE.glob("*/models.py"), *PACKAGE.glob("*/models/__init__.py")]
    expected = {f"topline.{path.relative_to(PACKAGE).parts[0]}.models" for path in models}
    assert len(expected) > 5
    assert expected - gathered == set()


def test_every_package_says_what_it_is_and_nothing_else() -> None:
    """A domain's `__init__` is its sign on the door; a file that became a folder, as `cli`, may hold more."""
    folders = {path.parent for path in under("src/topline", ".py") if path.parent.parent == PACKAGE}
    packages = sorted(folders - {PACKAGE / "cli"})
    assert len(packages) > 5
    silent = []
    for package in packages:
        sign = package / "__init__.py"
        if not sign.exists() or not ast.get_docstring(tree_of(sign)) or len(tree_of(sign).body) != 1:
            silent.append(name_of(package))
    assert silent == []
