"""From an exception to an answer: RFC 9457 JSON for programs, a page with the same sentence for people."""

import re
import sqlite3
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import structlog
from litestar import MediaType, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)
from sqlalchemy.exc import DataError, OperationalError, StatementError, TimeoutError as PoolTimeout

from topline.core.errors import FieldError, Problem, invalid
from topline.core.text import TextError
from topline.web.request import Req, request_id

log = structlog.get_logger("web")

_SQLITE_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)

#: As msgspec says it: "Object missing required field `name`", "Object contains unknown field `surprise`".
_NAMED_FIELD: Final = re.compile(r"^Object (?:missing required|contains unknown) field `([^`]*)`")
#: As Litestar says it.
_MISSING_PARAMETER: Final = re.compile(r"Missing required \w+ parameter '([^']+)'")


#: Where somebody goes who must do something else first.
_FIRST: Final = {
    "second_factor_setup_required": "/account/factors",
    "password_change_required": "/account/new-password",
}


class FieldProblem(msgspec.Struct, frozen=True):
    """One field's complaint."""

    field: Annotated[
        str, msgspec.Meta(description="Name as sent; dotted for nesting", examples=["amount_minor"])
    ]
    code: Annotated[str, msgspec.Meta(description="Stable code", examples=["out_of_range"])]
    message: Annotated[str, msgspec.Meta(description="A sentence a person can act on")]


class ProblemOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refusal (RFC 9457 problem details)."""

    type: Annotated[
        str, msgspec.Meta(description="Names the problem", examples=["urn:topline:problem:not_found"])
    ]
    title: Annotated[str, msgspec.Meta(description="What kind of problem", examples=["Not found"])]
    status: Annotated[int, msgspec.Meta(description="The HTTP status", examples=[404])]
    code: Annotated[str, msgspec.Meta(description="Stable code to program against", examples=["not_found"])]
    detail: Annotated[str, msgspec.Meta(description="A sentence a person can act on")]
    request_id: Annotated[str, msgspec.Meta(description="Quote this when asking for help")]
    errors: Annotated[list[FieldProblem], msgspec.Meta(description="The fields it is about")] = []
    retry_after: Annotated[int | None, msgspec.Meta(description="Seconds to wait")] = None
    current: Annotated[
        dict[str, Any] | None,
        msgspec.Meta(description="What stands there now, where a change came too late"),
    ] = None
    go_on: Annotated[
        dict[str, Any] | None,
        msgspec.Meta(description="What to go on with, where this is a step and not the end"),
    ] = None


def document(problem: Problem, request_id: str) -> ProblemOut:
    """The JSON shape of a problem."""
    return ProblemOut(
        type=f"urn:topline:problem:{problem.code}",
        title=problem.title,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        request_id=request_id,
        errors=[FieldProblem(f.field, f.code, f.message) for f in problem.fields],
        retry_after=problem.retry_after,
        current=problem.current,
        go_on=problem.go_on,
    )


def as_problem(error: Exception) -> Problem:
    """What a raised exception means to the caller. Anything unknown is a 500 that says nothing about the inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, TextError):
        return Problem("invalid_input", str(error), fields=(FieldError("", error.code, str(error)),))
    if isinstance(error, ValidationException):
        return _validation(error)
    if isinstance(error, SerializationException | RecursionError):  # the latter: nested thousands deep
        return Problem("malformed_body", "The request body is not valid JSON.")
    if isinstance(error, NotFoundException):
        return Problem("not_found", "There is nothing at this address.")
    if isinstance(error, MethodNotAllowedException):
        return Problem("method_not_allowed")
    if isinstance(error, HTTPException):
        return _http(error)
    if _is_beyond(error):
        return Problem("invalid_input", "A number, date or text in this request is outside of what can be.")
    if isinstance(error, PoolTimeout):
        return Problem("unavailable", "Topline is very busy. Please try again in a moment.", retry_after=2)
    if _is_away(error):
        return Problem(
            "unavailable", "The database does not answer. Please try again in a moment.", retry_after=5
        )
    return Problem("server_error", "Something went wrong on our side. It has been recorded.")


def _is_away(error: Exception) -> bool:
    """Whether the database is gone, busy or out of room. SQLite calls a statement that is wrong operational, too."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _SQLITE_AWAY


def _is_beyond(error: Exception) -> bool:
    """Whether a value fits no column or calendar: 2**70, 9999 in another zone, NUL, half a surrogate pair."""
    told = error.orig if isinstance(error, StatementError) else error
    return isinstance(error, DataError) or isinstance(told, OverflowError | UnicodeEncodeError)


def _validation(error: ValidationException) -> Problem:
    extra: Any = error.extra or []
    if isinstance(extra, list) and extra:
        fields = tuple(
            FieldError(_field_of(item), "invalid", str(item.get("message", "invalid"))) for item in extra
        )
        return Problem("invalid_input", fields[0].message, fields=fields)
    missing = _MISSING_PARAMETER.match(error.detail)
    if missing is not None:
        return invalid(missing[1], "missing", f"`{missing[1]}` is missing from the address.")
    return Problem("invalid_input", "The request is not in the documented form.")


def _field_of(item: dict[str, Any]) -> str:
    """The field a complaint is about. One that is missing or unknown is named only in the words."""
    found = str(item.get("key", "")).removeprefix("data.")
    named = _NAMED_FIELD.search(str(item.get("message", "")))
    parent = "" if found == "data" else found
    if named is None:
        return parent
    return f"{parent}.{named[1]}" if parent else named[1]


def _http(error: HTTPException) -> Problem:
    known = {
        401: "unauthenticated",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        413: "too_large",
    }
    if error.status_code == 400:
        return Problem("malformed_body", "The request body could not be read.")
    code = known.get(error.status_code, "server_error" if error.status_code >= 500 else "invalid_input")
    return Problem(code)


def wants_page(request: Req) -> bool:
    """Whether the caller is a person looking at a page rather than a program."""
    path = request.scope["path"]
    return not path.startswith(("/api/", "/health", "/openapi")) and "text/html" in request.headers.get(
        "accept", ""
    )


def handle(request: Req, error: Exception) -> Response[Any]:
    """Litestar's exception handler for everything."""
    problem = as_problem(error)
    record(error, problem, request.scope["path"])
    response = answer(request, problem)
    if isinstance(error, MethodNotAllowedException) and error.headers:
        response.headers["Allow"] = error.headers["allow"]  # RFC 9110 asks for it
    return response


def record(error: Exception, problem: Problem, path: str) -> None:
    """Log what failed on our side. While the database is away one line is enough: the traces would all be the same, and
    writing thousands of them would hold up what still works."""
    if problem.code == "unavailable":
        log.error("request_failed", path=path, problem=problem.code, error=str(getattr(error, "orig", error)))
    elif problem.status >= 500:
        log.error("request_failed", path=path, problem=problem.code, exc_info=error)


def answer(request: Req, problem: Problem) -> Response[Any]:
    """The response for a problem, as page or JSON."""
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if wants_page(request):
        if problem.code in ("unauthenticated", "session_ended"):
            return _to_sign_in(request, headers)
        if problem.code in _FIRST:
            return _first_to(request, _FIRST[problem.code], headers)
        if problem.code == "confirmation_needed":
            return _first_to(request, f"/confirm?{urlencode({'next': _back(request)})}", headers)
        return request.app.state.pages.problem(request, problem, headers)  # type: ignore[no-any-return]
    return Response(
        msgspec.json.encode(document(problem, request_id(request))),
        media_type="application/problem+json",
        status_code=problem.status,
        headers=headers,
    )


def _first_to(request: Req, to: str, headers: dict[str, str], status: int = 403) -> Response[Any]:
    """Lead somebody to what comes first."""
    is_htmx = _is_htmx(request)
    headers["HX-Redirect" if is_htmx else "Location"] = to
    return Response("", media_type=MediaType.HTML, status_code=status if is_htmx else 303, headers=headers)


def _to_sign_in(request: Req, headers: dict[str, str]) -> Response[Any]:
    """Ask who it is, and come back afterwards: to the page itself, or to the one a form or fragment belonged to."""
    back = _back(request) if request.method == "GET" or _is_htmx(request) else "/"
    return _first_to(
        request, "/sign-in" if back == "/" else f"/sign-in?{urlencode({'next': back})}", headers, 401
    )


def _back(request: Req) -> str:
    """The page somebody is on: this one, or the one a fragment or form belongs to."""
    if request.method == "GET" and not _is_htmx(request):
        path, query = quote(request.scope["path"]), request.scope["query_string"].decode("latin-1")
    else:
        named = "hx-current-url" if _is_htmx(request) else "referer"
        try:
            wanted = urlsplit(request.headers.get(named, ""))
        except ValueError:
            wanted = urlsplit("")
        path, query = wanted.path, wanted.query
    return path + (f"?{query}" if query else "") or "/"


def _is_htmx(request: Req) -> bool:
    return request.headers.get("hx-request") == "true"
