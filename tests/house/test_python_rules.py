"""What a Python file may do, checked on the program; every rule is first shown a sample of each kind."""

import pytest

from tests.house import python_rules as rules
from tests.house.allowed import ALLOWED
from tests.house.repo import PythonRule, run, sample, under, unexpected, unused

RULES = [
    rules.only_the_transaction_commits,
    rules.only_the_clock_tells_the_time,
    rules.only_settings_read_the_environment,
    rules.money_is_whole,
    rules.imports_stand_at_the_top,
]
NAMES = {"commit", "clock", "environment", "money", "inner-import"}


@pytest.mark.parametrize("rule", RULES)
def test_the_program_keeps(rule: PythonRule) -> None:
    assert unexpected(run(rule, under("src/topline", ".py")), ALLOWED) == []


def test_every_exception_is_still_needed() -> None:
    findings = [finding for rule in RULES for finding in run(rule, under("src/topline", ".py"))]
    assert unused(findings, [entry for entry in ALLOWED if entry.rule in NAMES]) == []


BROKEN: list[tuple[PythonRule, str, str]] = [
    (rules.only_the_transaction_commits, "connection.commit()", "connection.commit"),
    (rules.only_the_transaction_commits, "make().commit()", "?.commit"),
    (rules.only_the_clock_tells_the_time, "x = datetime.now(UTC)", "datetime.now"),
    (rules.only_the_clock_tells_the_time, "x = datetime.datetime.utcnow()", "datetime.datetime.utcnow"),
    (rules.only_the_clock_tells_the_time, "x = date.today()", "date.today"),
    (rules.only_the_clock_tells_the_time, "x = time.time()", "time.time"),
    (rules.only_the_clock_tells_the_time, "x = time.gmtime()", "time.gmtime"),
    (rules.only_the_clock_tells_the_time, "default = func.now()", "func.now"),
    (rules.only_settings_read_the_environment, "x = os.environ['A']", "os.environ"),
    (rules.only_settings_read_the_environment, "x = os.getenv('A')", "os.getenv"),
    (rules.only_settings_read_the_environment, "x = environ.get('A')", "environ"),
    (rules.money_is_whole, "x = revenue_minor / covers", "revenue_minor /"),
    (rules.money_is_whole, "x = 2 * (day.revenue_minor + 1) / 3", "day.revenue_minor /"),
    (rules.money_is_whole, "total_minor /= 2", "total_minor /"),
    (rules.money_is_whole, "x = float(row.amount_minor)", "float(row.amount_minor)"),
    (rules.money_is_whole, "amount_minor: float = 0", "amount_minor: float"),
    (rules.money_is_whole, "def f(amount_minor: float | None) -> None: ...", "amount_minor: float"),
    (rules.imports_stand_at_the_top, "def f():\n    import numpy", "numpy"),
    (rules.imports_stand_at_the_top, "async def f():\n    if x:\n        from a.b import c", "a.b"),
]

KEPT: list[tuple[PythonRule, str]] = [
    (rules.only_the_transaction_commits, "committed = tx.savepoint()"),
    (rules.only_the_clock_tells_the_time, "x = clock.now()"),
    (rules.only_the_clock_tells_the_time, "x = time.monotonic() - time.perf_counter()"),
    (rules.only_the_clock_tells_the_time, "x = time.gmtime(seconds)"),
    (rules.only_settings_read_the_environment, "x = settings.port"),
    (rules.money_is_whole, "x = revenue_minor // covers"),
    (rules.money_is_whole, "x = ratio(revenue_minor) / 2"),
    (rules.money_is_whole, "x = float(covers) / 2"),
    (rules.money_is_whole, "amount_minor: int = 0"),
    (rules.imports_stand_at_the_top, "import a\nif True:\n    from b import c"),
]


@pytest.mark.parametrize(("rule", "code", "what"), BROKEN)
def test_a_broken_sample_is_found(rule: PythonRule, code: str, what: str) -> None:
    assert sample(rule, code) == [what]


@pytest.mark.parametrize(("rule", "code"), KEPT)
def test_a_sample_that_keeps_the_rule_passes(rule: PythonRule, code: str) -> None:
    assert sample(rule, code) == []


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (rules.only_the_transaction_commits, rules.TRANSACTION, "connection.commit()"),
        (rules.only_the_clock_tells_the_time, rules.CLOCK, "x = datetime.now(UTC)"),
        (rules.only_settings_read_the_environment, rules.SETTINGS, "x = os.environ"),
    ],
)
def test_the_one_place_for_it_may(rule: PythonRule, path: str, code: str) -> None:
    assert sample(rule, code, path) == []
    assert sample(rule, code) != []
