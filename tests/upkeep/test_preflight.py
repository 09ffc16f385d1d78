"""Preflight on a real deployment: a good one passes every line that can be proved, each planted fault is found."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.upkeep.deployment import (
    ADDRESSES,
    BY_HAND,
    DEPLOYED,
    PLANTED,
    TOKEN,
    Deployment,
    Fault,
    deploy,
    mend,
)
from topline.cli.preflight import preflight as command
from topline.upkeep.preflight import report
from topline.upkeep.preflight.checklist import LINES, Outcome, Verdict
from topline.upkeep.preflight.run import preflight
from topline.upkeep.preflight.site import Site


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with ExitStack() as stack:
        yield deploy(stack, tmp_path_factory.mktemp("preflight") / "data")


def verdicts(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: f"{found.finding.verdict}: {found.finding.evidence}" for name, found in outcomes.items()}


def test_a_good_deployment_passes_every_line_that_can_be_proved(good: Deployment) -> None:
    outcomes = good.look()
    wrong = {
        name: found.finding
        for name, found in outcomes.items()
        if found.finding.verdict is not Verdict.PASS and name not in BY_HAND
    }
    assert wrong == {}
    assert all(outcome.finding.evidence for outcome in outcomes.values())
    for name in BY_HAND:
        assert outcomes[name].finding.verdict is Verdict.NOT_CHECKABLE
        assert outcomes[name].finding.todo


def test_what_cannot_be_seen_from_outside_is_no_pass(good: Deployment) -> None:
    outcomes = good.look(inside=False)
    for name in ("pins-hashed", "pins-migrated", "migrations", "secrets"):
        assert outcomes[name].finding.verdict is Verdict.NOT_CHECKABLE


@pytest.fixture
def mended(good: Deployment) -> Iterator[Deployment]:
    """The good deployment, made good again after whatever a test did to it."""
    yield good
    mend(good)


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: f"{fault.line}, {fault.what}")
def test_each_planted_fault_is_found(mended: Deployment, fault: Fault) -> None:
    fault.plant(mended)
    found = mended.look()[fault.line].finding
    assert found.verdict is Verdict.FAIL, found
    assert found.evidence
    assert found.todo


@pytest.mark.parametrize("fault", DEPLOYED, ids=lambda fault: f"{fault.line}, {fault.what}")
def test_each_wrong_deployment_is_found(tmp_path: Path, fault: Fault) -> None:
    with ExitStack() as stack:
        deployment = deploy(stack, tmp_path / "data", fault.proxy, fault.settings)
        found = deployment.look()[fault.line].finding
    assert found.verdict is Verdict.FAIL, found


def test_every_line_that_can_be_proved_has_a_fault_planted() -> None:
    assert {line.name for line in LINES} - BY_HAND == {fault.line for fault in PLANTED + DEPLOYED}


def test_the_command_speaks_to_people_and_scripts(good: Deployment, tmp_path: Path) -> None:
    good.behind.faults.address = f"203.0.113.{next(ADDRESSES)}"
    page, token = tmp_path / "report.html", tmp_path / "token"
    token.write_text(TOKEN)
    common = [good.behind.url, "--ca", str(good.behind.authority), "--http-port", str(good.behind.http_port)]
    common += ["--operator-token-file", str(token)]
    told = CliRunner().invoke(command, [*common, "--html", str(page)])
    assert told.exit_code == 3, told.output  # nothing failed, but from outside not everything can be seen
    assert "✓ pass           HTTPS enforced" in told.stdout
    good.behind.faults.address = f"203.0.113.{next(ADDRESSES)}"
    scripted = CliRunner().invoke(command, [*common, "--json"])
    found = json.loads(scripted.stdout)
    assert [line["name"] for line in found["lines"]] == [line.name for line in LINES]
    assert {line["verdict"] for line in found["lines"]} == {"pass", "not checkable"}
    text_of_page = page.read_text(encoding="utf-8")
    assert "HTTPS enforced" in text_of_page
    assert TOKEN not in text_of_page + told.output + scripted.output


def test_a_server_that_is_away_passes_nothing(tmp_path: Path) -> None:
    site = Site("http://127.0.0.1:9", try_sign_in=True)
    outcomes = preflight(site, None, datetime.now(UTC), lambda _: None)
    assert {outcome.finding.verdict for outcome in outcomes} <= {Verdict.NOT_CHECKABLE, Verdict.FAIL}
    assert "0 pass" in report.summary(outcomes)
