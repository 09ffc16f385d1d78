"""What the fuzzer is told about Topline: who it is, ids that exist, and a check of our own.

Schemathesis loads this by its name (SCHEMATHESIS_HOOKS).
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import schemathesis

from tests.contract.guest import Credentials, Guest
from tests.house.route_table import allowed, declared

GUEST: Final = Guest.of_environment()
NEEDS: Final = declared()
MAY: Final = allowed()
#: As the route table names the actors.
ACTOR: Final = {"staff": "staff@tablet"}.get(GUEST.role, GUEST.role)
LOST: Final = ("unauthenticated", "device_unknown", "display_unknown")


if GUEST.role != "anonymous":

    @schemathesis.auth(refresh_interval=None)
    class Auth:
        """Every request carries the role's credentials of the moment."""

        def get(self, case: Any, context: Any) -> Credentials:
            return GUEST.credentials

        def set(self, case: Any, data: Credentials, context: Any) -> None:
            case.cookies = {**(case.cookies or {}), **data.cookies}
            if data.bearer:
                case.headers["Authorization"] = f"Bearer {data.bearer}"


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Half of the ids that are generated become ids of rows that exist, so that something is found behind a path."""
    for name, value in (case.path_parameters or {}).items():
        case.path_parameters[name] = _real(name, value)
    if isinstance(case.body, dict):
        case.body = {name: _known(name, value) for name, value in case.body.items()}
    return case


def _known(name: str, value: Any) -> Any:
    if isinstance(value, list):
        one = "log_id" if name == "ids" else name.removesuffix("s")
        return [_real(one, each) for each in value]
    return _real(name, value)


def _real(name: str, value: Any) -> Any:
    """The same value always gives the same answer, so that a failure can be repeated."""
    known = GUEST.ids.get("person_id" if name == "subject_id" else name)
    if known is None or not isinstance(value, str):
        return value
    try:
        meant = UUID(value)
    except ValueError:
        return value
    # Written in another way it may be the very mistake that is tried.
    return str(known) if meant.int % 2 and str(meant) == value else value


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A chain may find no id in an answer. Without it the path is that of another operation, or of none."""
    for name, value in (case.path_parameters or {}).items():
        if value in ("", None):
            case.path_parameters[name] = str(GUEST.ids.get(name, UUID(int=0)))


@schemathesis.check
def refusals_are_documented(context: Any, response: Any, case: Any) -> None:
    """A refusal is a problem document, and its code is one that the description lists for that status."""
    described = case.operation.definition.raw["responses"].get(str(response.status_code))
    if (
        response.status_code < 400
        or described is None
        or case.method.lower() != case.operation.method.lower()
    ):
        return
    problem = response.json()
    listed = re.findall(r"`([a-z_]+)`", described["description"])
    if problem["code"] not in listed:
        raise AssertionError(f"{response.status_code} {problem['code']} is not among {', '.join(listed)}")
    if problem["status"] != response.status_code or not problem["detail"] or not problem["request_id"]:
        raise AssertionError(f"half a problem document: {problem}")


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Who lost what the role may do moves into a new hotel."""
    if response.status_code not in (401, 403) or not any(_carried(response)):
        return
    code = _code(response)
    permission = NEEDS.get(f"{case.method.upper()} {case.operation.path}", "public")
    if (code in LOST and permission in MAY.get(ACTOR, ())) or (
        code == "forbidden" and permission in MAY.get(ACTOR, ())
    ):
        GUEST.move()


def _carried(response: Any) -> Iterator[bool]:
    """Whether the request showed the credentials; probes leave them out on purpose."""
    sent = " ".join(response.request.headers.get(name) or "" for name in ("Cookie", "Authorization"))
    for token in GUEST.credentials.tokens:
        yield token in sent


def _code(response: Any) -> str:
    try:
        found = response.json()
    except ValueError:
        return ""
    own_words = isinstance(found, dict) and found.get("detail") != "You may not do this."
    code = str(found.get("code", "")) if isinstance(found, dict) else ""
    return "" if code == "forbidden" and own_words else code
