"""What preflight found: as text, JSON, or a page to keep."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from topline.upkeep.preflight.checklist import Outcome, Verdict

_MARK: Final = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.NOT_CHECKABLE: "?"}


def summary(outcomes: Sequence[Outcome]) -> str:
    """`9 pass, 1 fail, 7 not checkable`."""
    counts = Counter(outcome.finding.verdict for outcome in outcomes)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)


def as_text(outcomes: Sequence[Outcome]) -> str:
    """For a terminal."""
    lines = []
    for checklist, mine in groupby(outcomes, lambda outcome: outcome.line.checklist):
        lines += ["", checklist]
        for outcome in mine:
            finding = outcome.finding
            lines.append(f"  {_MARK[finding.verdict]} {finding.verdict:13}  {outcome.line.text}")
            lines.append(f"                     {finding.evidence}")
            if finding.todo:
                lines.append(f"                     → {finding.todo}")
    return "\n".join([*lines, "", summary(outcomes)])


def as_json(outcomes: Sequence[Outcome], url: str, at: datetime) -> str:
    """For scripts."""
    lines = [{**asdict(outcome.line), **asdict(outcome.finding)} for outcome in outcomes]
    return json.dumps({"url": url, "at": at.isoformat(), "lines": lines}, indent=2, ensure_ascii=False)


def as_html(outcomes: Sequence[Outcome], url: str, at: datetime) -> str:
    """A page that stands by itself."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    lists = [
        (checklist, list(mine))
        for checklist, mine in groupby(outcomes, lambda outcome: outcome.line.checklist)
    ]
    return environment.get_template("report.html").render(
        lists=lists, url=url, at=at, summary=summary(outcomes), marks=_MARK
    )
