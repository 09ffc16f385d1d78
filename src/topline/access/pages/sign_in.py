"""The start, signing in and out, and the link of a wall display."""

from typing import Any

from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.entrance import caller, compared_evenly, doors, site, tablet_of
from topline.access.hashing import hash_token
from topline.access.pages import known_devices
from topline.access.pages.forms import local_path, refused, text
from topline.access.pages.second_step import ask_for_second, enter
from topline.access.rules import CredentialKind, token_kind
from topline.core.actor import Actor, ActorKind
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.web.forms import fields_of
from topline.web.guard import Public
from topline.web.pages import redirect, show
from topline.web.request import Req, read, write
from topline.web.routing import page


@page("GET", "/", needs=Public("sends everybody where they belong"))
def start(request: Req) -> Response[str]:
    """Each to their own first page."""
    who: Actor | None = request.scope.get("user")
    if who is None:
        with read(request) as tx:
            return redirect(request, "/sign-in" if queries.is_set_up(tx) else "/welcome")
    if who.kind is ActorKind.TABLET or (who.device_id is not None and who.person_id is not None):
        return redirect(request, "/tablet")
    if who.kind is ActorKind.DISPLAY:
        return redirect(request, "/wall")
    return redirect(request, "/today" if who.may(Permission.SCOREBOARD_READ) else "/account")


@page("GET", "/sign-in", needs=Public("this is where people show who they are"))
def sign_in_page(request: Req, next: str | None = None) -> Response[str]:  # noqa: A002 - the parameter's name in the address
    """The form. Somebody who is signed in already goes on; before the first run there is nobody to sign in."""
    who: Actor | None = request.scope.get("user")
    if who is not None and who.person_id is not None and who.device_id is None:
        return redirect(request, local_path(next))
    with read(request) as tx:
        if not queries.is_set_up(tx):
            return redirect(request, "/welcome")
    return _form(request, next=local_path(next))


@page("POST", "/sign-in", needs=Public("this is where people show who they are"), limit="sign_in")
async def sign_in(request: Req) -> Response[str]:
    """Sign in; a refused form comes back with the address that was typed."""
    fields = await fields_of(request)
    email, password, to = text(fields, "email"), text(fields, "password"), local_path(text(fields, "next"))
    if not email or not password:
        missing = {name: "" for name, value in (("email", email), ("password", password)) if not value}
        return _form(request, next=to, email=email, missing=missing, status=422)
    if len(password) > 1000:
        return _form(request, next=to, email=email, errors={"": actions.SIGN_IN_REFUSED}, status=422)
    try:
        found = await compared_evenly(
            request, lambda: actions.sign_in_with_password(doors(request), caller(request), email, password)
        )
    except Problem as problem:
        if problem.code == known_devices.CODE:
            return known_devices.kept_out(request, problem, to)
        status, errors = refused(problem)
        wait = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
        return _form(request, next=to, email=email, errors=errors, status=status, headers=wait)
    if isinstance(found, actions.FactorNeeded):
        return ask_for_second(request, found, to)
    return enter(request, found, to)


@page("POST", "/sign-out", needs=Public("a session that is already over must be left without an error"))
def sign_out(request: Req) -> Response[str]:
    """End this session. A tablet stays a tablet."""
    who: Actor | None = request.scope.get("user")
    if who is not None and who.person_id is not None:
        with write(request) as tx:
            actions.sign_out(tx)
    tablet = tablet_of(request)
    response = redirect(request, "/tablet" if tablet else "/sign-in")
    response.set_cookie(cookies.no_session(request))
    response.headers.update(cookies.CLEAR_SITE_DATA)
    return response


@page("GET", "/wall/{token:str}", needs=Public("the link itself is the key of a wall display"))
def open_wall(request: Req, token: str) -> Response[str]:
    """Make this browser the display of the link, and take the link out of the address bar."""
    display: Actor | None = None
    if token_kind(token) is CredentialKind.DISPLAY:
        with read(request) as tx:
            display = queries.actor_of_token(tx, CredentialKind.DISPLAY, hash_token(token))
    if display is None:
        raise Problem(
            "display_unknown", "This link is not valid or was replaced. A manager can make a new one."
        )
    response = redirect(request, "/wall")
    response.set_cookie(cookies.shown_display(request, token))
    return response


def _form(request: Req, **given: Any) -> Response[str]:
    asked = actions.challenge_passkey(doors(request), site(request), None)
    context: dict[str, Any] = {"email": "", "errors": {}, "missing": {}, "passkey": asked}
    return show(request, "access/sign_in.html", **{**context, **given})


ROUTES = [start, sign_in_page, sign_in, sign_out, open_wall]
