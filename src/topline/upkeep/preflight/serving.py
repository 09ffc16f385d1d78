"""Does it serve, and is it what was meant to be deployed?"""

import re
from typing import Final

from topline import __version__
from topline.upkeep.preflight.checklist import Finding, failed, passed, unknown, weakest
from topline.upkeep.preflight.site import Site

_NEEDS_OPERATOR: Final = "give the operator's token: --operator-token-file"
_SHEET: Final = re.compile(r'href="(/static/[^"]+\.css)"')


def health(site: Site) -> Finding:
    """The three probes answer, and that the process takes requests."""
    wrong = [
        f"{path} answers {answer.status_code}"
        for path in ("/health", "/health/ready", "/api/health")
        if (answer := site.ask("GET", path)).status_code != 200
    ]
    if wrong:
        return failed(
            "; ".join(wrong), "look at the server's log; `topline migrate status` tells of the schema"
        )
    return passed("/health, /health/ready and /api/health answer 200")


def deployment(site: Site) -> Finding:
    """It is ready, it is the release this command belongs to, and a person gets a page with its style."""
    return weakest(health(site), _page(site), _version(site))


def backups(site: Site) -> Finding:
    """A verified backup is on record and young enough: what readiness tells the operator."""
    if not site.operator_token:
        return unknown("only operators are told", _NEEDS_OPERATOR)
    answer = site.as_operator("/health/ready")
    checks = (
        answer.json().get("checks", [])
        if answer.headers["content-type"].startswith("application/json")
        else []
    )
    found = next((check for check in checks if check["name"] == "backup"), None)
    if found is None:
        return unknown("the deployment did not accept the operator's token", _NEEDS_OPERATOR)
    if not found["ok"]:
        return failed(found["detail"], "make a backup, restore it somewhere, and record that it worked")
    return passed(found["detail"])


def _page(site: Site) -> Finding:
    page = site.ask("GET", "/sign-in", headers={"Accept": "text/html"})
    sheet = _SHEET.search(page.text)
    if page.status_code != 200 or sheet is None:
        return failed(f"/sign-in answers {page.status_code} without its style", "look at the server's log")
    style = site.ask("GET", sheet[1])
    if style.status_code != 200 or "immutable" not in style.headers.get("cache-control", ""):
        return failed(f"{sheet[1]} answers {style.status_code}", "let the proxy pass /static/ to Topline")
    return passed("the sign-in page comes with its style")


def _version(site: Site) -> Finding:
    if not site.operator_token:
        return unknown("which release runs is told to operators only", _NEEDS_OPERATOR)
    answer = site.as_operator("/health/version")
    if answer.status_code != 200:
        return unknown("the deployment did not accept the operator's token", _NEEDS_OPERATOR)
    running = answer.json()["version"]
    if running != __version__:
        return failed(
            f"release {running} runs, this command belongs to {__version__}",
            "deploy, or run its own preflight",
        )
    return passed(f"release {running} runs")
