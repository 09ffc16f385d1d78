"""The second step of signing in: between the password and the session."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from topline.access import actions, cookies, queries
from topline.access.entrance import caller, doors, site
from topline.access.pages import known_devices
from topline.access.pages.forms import local_path, refused, text
from topline.core.errors import Problem
from topline.web.cookies import read_cookie
from topline.web.forms import fields_of
from topline.web.guard import Public
from topline.web.pages import redirect, show
from topline.web.request import Req, in_slow_lane
from topline.web.routing import page

REASON = "whoever comes here has shown their password and is not signed in yet"


@page("GET", "/sign-in/second", needs=Public(REASON))
def second_step_page(request: Req, next: str | None = None) -> Response[str]:  # noqa: A002 - the parameter's name in the address
    """Ask for a code. Without a ticket that counts it begins with the password again."""
    if half_way(request) is None:
        return start_again(request)
    return _form(request, next=local_path(next))


@page("POST", "/sign-in/second", needs=Public(REASON), limit="sign_in")
async def second_step(request: Req) -> Response[str]:
    """Sign in with the code; a refused one is asked for again."""
    fields = await fields_of(request)
    code, to = text(fields, "code"), local_path(text(fields, "next"))
    ticket = read_cookie(request, cookies.TICKET_COOKIE) or ""
    try:
        found = await in_slow_lane(
            request, lambda: actions.finish_sign_in(doors(request), caller(request), ticket, code)
        )
    except Problem as problem:
        if problem.code == "ticket_over":
            return start_again(request)
        if problem.code == known_devices.CODE:
            return known_devices.kept_out(request, problem, to)
        status, errors = refused(problem)
        wait = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
        return _form(request, next=to, errors=errors, status=status, headers=wait)
    return enter(request, found, to)


def ask_for_second(request: Req, needed: actions.FactorNeeded, to: str) -> Response[str]:
    """On to the second step, with the ticket in a cookie of its own."""
    response = redirect(request, cookies.with_next("/sign-in/second", to))
    response.set_cookie(cookies.sign_in_ticket(request, needed.ticket))
    return response


def enter(request: Req, found: actions.SignedIn, to: str) -> Response[str]:
    """Signed in: the session's cookie, and the ticket's is gone."""
    response = redirect(request, to)
    for cookie in cookies.signed_in(request, found):
        response.set_cookie(cookie)
    response.set_cookie(no_ticket(request))
    return response


def start_again(request: Req) -> Response[str]:
    """The step before took too long ago."""
    response = redirect(request, "/sign-in")
    response.set_cookie(no_ticket(request))
    return response


def no_ticket(request: Req) -> Cookie:
    """Forget the ticket."""
    return cookies.sign_in_ticket(request, "", 0)


def half_way(request: Req) -> list[str] | None:
    """How the person behind the ticket can go on; None when it does not count."""
    return actions.ways_of_ticket(doors(request), read_cookie(request, cookies.TICKET_COOKIE) or "")


def _form(request: Req, **given: Any) -> Response[str]:
    ways = half_way(request) or []
    asked = None
    if queries.PASSKEY in ways:
        ticket = read_cookie(request, cookies.TICKET_COOKIE) or ""
        asked = actions.challenge_passkey(doors(request), site(request), ticket)
    context: dict[str, Any] = {"errors": {}, "ways": ways, "passkey": asked}
    return show(request, "access/second_step.html", **{**context, **given})


ROUTES = [second_step_page, second_step]
