"""Are requests and sign-ins limited? Proved by running into the limits."""

import re
import secrets
from collections.abc import Iterator
from typing import Final

from topline.core.ids import new_id
from topline.upkeep.preflight.checklist import Finding, failed, passed, unknown, weakest
from topline.upkeep.preflight.site import Site, problem_code

_METHODS: Final = ("get", "post", "put", "patch", "delete")
#: More than any sensible limit of one unknown address in a minute.
_MOST_REQUESTS: Final = 1_500
_SIGN_IN_TRIES: Final = 6
_PIN_TRIES: Final = 12
_SAY_SO: Final = (
    "run again with --try-sign-in; afterwards this address cannot sign in by password for 15 minutes"
)


def api_limits(site: Site) -> Finding:
    """Every operation of the API answers with its limit, and an unknown caller runs into it.

    To be run last: afterwards this address is refused for a minute.
    """
    bare, count, refused = [], 0, False
    limit = 0
    for name, method, path in _operations(site):
        answer = site.ask(method, path, json={} if method != "GET" else None)
        count += 1
        if "ratelimit-limit" not in answer.headers:
            bare.append(name)
        else:
            limit = int(answer.headers["ratelimit-limit"])
        refused = refused or answer.status_code == 429
    if bare:
        return failed(
            f"{len(bare)} of {count} operations answer without a limit, such as {bare[0]}",
            "put the rate limit in front of every route",
        )
    while not refused and count < min(limit + 50, _MOST_REQUESTS):
        refused = site.ask("GET", "/api/auth/me").status_code == 429
        count += 1
    if not refused:
        return failed(f"{count} requests within moments, none refused", "set TOPLINE_LIMIT_API=100/minute")
    return passed(f"all operations carry RateLimit headers; refused with 429 within {count} requests")


def sign_in_limits(site: Site) -> Finding:
    """Six wrong passwords for six invented people, each with another forged address: the sixth must be refused."""
    if not site.try_sign_in:
        return unknown("not tried, because it locks out the address it is tried from", _SAY_SO)
    for number in range(1, _SIGN_IN_TRIES + 1):
        answer = site.ask("POST", "/api/auth/login", json=_nobody(), headers=_forged())
        if problem_code(answer) == "too_many_sign_ins":
            if number == 1:
                wait = answer.headers.get("retry-after", "some")
                return unknown(
                    "this address was refused at once: somebody here signed in wrongly before",
                    f"wait {wait} seconds and run again",
                )
            return passed(
                f"wrong password number {number} was refused (429, Retry-After"
                f" {answer.headers.get('retry-after')}) although each came with another forged address"
            )
        if problem_code(answer) == "known_devices_only":
            wait = answer.headers.get("retry-after", "some")
            return unknown(
                "known devices only: there were many failed sign-ins", f"wait {wait} seconds and run again"
            )
        if answer.status_code != 401:
            return failed(f"a wrong password was answered {answer.status_code}", "look at the server's log")
    return failed(
        f"{_SIGN_IN_TRIES} wrong passwords were all compared",
        "set TOPLINE_LIMIT_UNKNOWN_SIGN_IN=5/15minute, and TOPLINE_TRUSTED_PROXIES to the proxy alone",
    )


def sensitive_limits(site: Site, sign_in: Finding) -> Finding:
    """A client that is no enrolled tablet can try no PIN at all; passwords are limited."""
    for _ in range(_PIN_TRIES):
        answer = site.ask(
            "POST", "/api/auth/pin", json={"person_id": str(new_id()), "pin": "7294"}, headers=_forged()
        )
        refused = answer.status_code in (401, 429)
        if not refused or problem_code(answer) not in ("device_unknown", "too_many_requests"):
            return failed(
                f"a PIN from a device nobody enrolled was answered {answer.status_code}",
                "no proxy may add a tablet's cookie; look at the server's log",
            )
    return weakest(passed(f"{_PIN_TRIES} PINs from a device nobody enrolled: none was compared"), sign_in)


def _operations(site: Site) -> Iterator[tuple[str, str, str]]:
    found = site.ask("GET", "/openapi.json").raise_for_status().json()
    for path, item in found["paths"].items():
        if path.startswith(("/health", "/api/health")) or path.endswith("/stream"):
            continue
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {path}", method.upper(), re.sub(r"\{\w+\}", str(new_id()), path)


def _nobody() -> dict[str, str]:
    return {"email": f"{secrets.token_hex(8)}@preflight.invalid", "password": secrets.token_urlsafe(12)}


def _forged() -> dict[str, str]:
    address = ".".join(str(1 + secrets.randbelow(250)) for _ in range(4))
    return {"X-Forwarded-For": address, "Forwarded": f"for={address}", "X-Real-IP": address}
