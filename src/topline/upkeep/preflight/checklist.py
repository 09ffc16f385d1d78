"""The lines of the hotel's two checklists, and what can be said of one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """What was found. A line that could not be proved is never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_CHECKABLE = "not checkable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw: the evidence, and what to do about it unless it passed."""

    verdict: Verdict
    evidence: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist. `name` is stable, for scripts."""

    name: str
    checklist: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line with what was found."""

    line: Line
    finding: Finding


_MVP: Final = "Before the hotel goes live"
_LAUNCH: Final = "Before the production launch"

LINES: Final = (
    Line("api-limits", _MVP, "Rate limiting configured on all API routes"),
    Line("sign-in-limits", _MVP, "Sign-in has stricter rate limits (5 attempts in 15 minutes)"),
    Line("pins-hashed", _MVP, "All PINs hashed with bcrypt"),
    Line("pins-migrated", _MVP, "PIN migration run on the production data"),
    Line("migrations", _MVP, "Database migrations initialized and current"),
    Line("health", _MVP, "Health endpoints responding at /health and /health/ready"),
    Line("deployment", _MVP, "Deployment tested: deployed, ready, verified"),
    Line("error-tracking", _LAUNCH, "Error tracking configured and tested"),
    Line("backups", _LAUNCH, "Database backups verified"),
    Line("https", _LAUNCH, "HTTPS enforced"),
    Line("sensitive-limits", _LAUNCH, "Rate limiting on sensitive endpoints"),
    Line("monitoring", _LAUNCH, "Monitoring dashboards set up"),
    Line("headers", _LAUNCH, "Security headers configured"),
    Line("secrets", _LAUNCH, "Secrets in secure storage"),
    Line("dependencies", _LAUNCH, "Dependency audit passing"),
    Line("load", _LAUNCH, "Load testing completed"),
    Line("runbook", _LAUNCH, "Runbook for common issues documented"),
)


def passed(evidence: str) -> Finding:
    """Proved."""
    return Finding(Verdict.PASS, evidence)


def failed(evidence: str, todo: str) -> Finding:
    """Proved not to be so."""
    return Finding(Verdict.FAIL, evidence, todo)


def unknown(evidence: str, todo: str) -> Finding:
    """Neither could be proved."""
    return Finding(Verdict.NOT_CHECKABLE, evidence, todo)


def weakest(*findings: Finding) -> Finding:
    """Several findings about one line: a failure first, then what could not be checked; all evidence is kept."""
    for verdict in (Verdict.FAIL, Verdict.NOT_CHECKABLE):
        found = [one for one in findings if one.verdict is verdict]
        if found:
            return Finding(verdict, "; ".join(one.evidence for one in found), found[0].todo)
    return passed("; ".join(one.evidence for one in findings))
