"""Go through both checklists."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

import httpx

from topline.upkeep.preflight import browser, inside as within, limits, serving
from topline.upkeep.preflight.checklist import LINES, Finding, Outcome, unknown
from topline.upkeep.preflight.inside import NOT_INSIDE, Inside
from topline.upkeep.preflight.site import Site

_PAPER: Final = "this command cannot see it"
#: What no command can prove yet: a person looks, and signs for it.
_BY_HAND: Final = {
    "error-tracking": unknown(_PAPER, "this release writes errors to its log; see that somebody reads it"),
    "monitoring": unknown(_PAPER, "watch /health/ready and the log; see docs/operate"),
    "dependencies": unknown(
        _PAPER, "run `make audit` for this release, where the vulnerability service answers"
    ),
    "load": unknown(_PAPER, "run `make bench` on a machine like this one, and compare with its floors"),
    "runbook": unknown(_PAPER, "print docs/operate, and let somebody who did not write it follow it"),
}


def preflight(site: Site, inside: Inside | None, now: datetime, say: Callable[[str], None]) -> list[Outcome]:
    """Every line with its finding, in the order of the lists. `say` hears what is being looked at."""
    found: dict[str, Finding] = dict(_BY_HAND)
    checks: dict[str, Callable[[], Finding]] = {
        "health": partial(serving.health, site),
        "deployment": partial(serving.deployment, site),
        "https": partial(browser.https, site, now),
        "headers": partial(browser.headers, site),
        "backups": partial(serving.backups, site),
        **{name: partial(_inside, check, inside) for name, check in _INSIDE.items()},
        "sign-in-limits": partial(limits.sign_in_limits, site),
        "sensitive-limits": lambda: limits.sensitive_limits(site, found["sign-in-limits"]),
        # The last one: it uses up what an unknown address may ask in a minute.
        "api-limits": partial(limits.api_limits, site),
    }
    for name, check in checks.items():
        say(name)
        found[name] = _unless_unreachable(check)
    return [Outcome(line, found[line.name]) for line in LINES]


_INSIDE: Final[dict[str, Callable[[Inside], Finding]]] = {
    "pins-hashed": within.pins_hashed,
    "pins-migrated": within.pins_migrated,
    "migrations": within.migrations,
    "secrets": within.secrets,
}


def _inside(check: Callable[[Inside], Finding], inside: Inside | None) -> Finding:
    return NOT_INSIDE if inside is None else check(inside)


def _unless_unreachable(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except httpx.HTTPError as error:
        return unknown(
            f"no answer: {error}",
            "is the address right, the server up, and its certificate's authority known (--ca)?",
        )
