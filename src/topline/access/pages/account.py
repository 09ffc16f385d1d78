"""The own account: where one is signed in, password, API keys."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response

from topline.access import actions, cookies, queries
from topline.access.entrance import caller, doors
from topline.access.pages.forms import refused, text, texts
from topline.core.errors import Problem, invalid
from topline.core.permissions import MEANING, Permission
from topline.core.transaction import Read
from topline.people import queries as people
from topline.web.forms import fields_of
from topline.web.pages import is_fragment, redirect, show
from topline.web.request import Req, actor, in_slow_lane, read, write
from topline.web.routing import page

#: How long a new key may live, in days; None: until it is revoked.
LIVES: Final = {"30": 30, "90": 90, "365": 365, "": None}


@page("GET", "/account", needs=Permission.SELF)
def account_page(request: Req) -> Response[str]:
    """Who I am, where I am signed in, and my keys."""
    return _account(request)


@page("POST", "/account/password", needs=Permission.SELF, limit="sign_in", before_all=True)
async def change_password(request: Req) -> Response[str]:
    """Change the own password."""
    fields = await fields_of(request)
    current, new = text(fields, "current_password"), text(fields, "new_password")

    def work() -> None:
        if new != text(fields, "new_password_again"):
            raise invalid("new_password_again", "different", "The two new passwords are not the same.")
        actions.change_own_password(doors(request), actor(request), caller(request), current, new)

    try:
        await in_slow_lane(request, work)
    except Problem as problem:
        status, errors = refused(problem)
        return await in_slow_lane(request, lambda: _password_refused(request, status, errors))
    return redirect(
        request,
        "/account",
        toast={"message": "Your password is changed.", "tone": "winning", "undo_url": None},
    )


@page("POST", "/account/sessions/{session_id:uuid}/end", needs=Permission.SELF)
def end_session(request: Req, session_id: UUID) -> Response[str]:
    """Sign out on another device."""
    with write(request) as tx:
        actions.end_own_session(tx, session_id)
    return redirect(
        request, "/account", toast={"message": "Signed out there.", "tone": "info", "undo_url": None}
    )


@page("POST", "/account/sign-out-everywhere", needs=Permission.SELF)
def sign_out_everywhere(request: Req) -> Response[str]:
    """End every session, this one too."""
    with write(request) as tx:
        actions.sign_out_everywhere(tx)
    response = redirect(request, "/sign-in")
    response.set_cookie(cookies.no_session(request))
    response.headers.update(cookies.CLEAR_SITE_DATA)
    return response


@page("POST", "/account/keys", needs=Permission.KEYS_OWN, fresh=True)
async def make_key(request: Req) -> Response[str]:
    """Make an API key and show it, this once."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        chosen = texts(fields, "permissions")
        days = LIVES.get(text(fields, "days"))
        try:
            with write(request) as tx:
                ends = None if days is None else tx.now + timedelta(days=days)
                made = actions.create_key(tx, text(fields, "name"), chosen or None, ends)
        except Problem as problem:
            status, errors = refused(problem)
            return _keys(request, status=status, key_errors=errors, key_name=text(fields, "name"))
        return _keys(request, new_key=made)

    return await in_slow_lane(request, work)


@page("POST", "/account/keys/{key_id:uuid}/revoke", needs=Permission.KEYS_OWN)
def revoke_key(request: Req, key_id: UUID) -> Response[str]:
    """Revoke one of the own keys."""
    with write(request) as tx:
        actions.revoke_key(tx, key_id)
    return redirect(
        request, "/account", toast={"message": "The key is revoked.", "tone": "info", "undo_url": None}
    )


def _keys(request: Req, *, status: int = 200, **given: Any) -> Response[str]:
    """The keys alone for htmx, within the page for a browser without it."""
    if not is_fragment(request):
        return _account(request, status=status, **given)
    with read(request) as tx:
        context = _key_context(tx, request)
    return show(request, "access/_keys.html", status=status, **{**context, **given})


def _account(request: Req, *, status: int = 200, **given: Any) -> Response[str]:
    who = actor(request)
    with read(request) as tx:
        person = people.person(tx, who.person())
        context = {
            "person": person,
            "sessions": queries.open_sessions(tx, person.id),
            "this_session": who.credential_id,
            "may_have_keys": who.may(Permission.KEYS_OWN),
            "may_change_password": person.email is not None and who.device_id is None,
            "may_have_factors": person.email is not None and who.device_id is None and not who.is_api_key,
            "factors": queries.factors(tx, person.id),
            "errors": {},
            **_key_context(tx, request),
        }
    return show(request, "access/account.html", status=status, **{**context, **given})


def _password_refused(request: Req, status: int, errors: dict[str, str]) -> Response[str]:
    if not actor(request).owes:
        return _account(request, status=status, errors=errors)
    with read(request) as tx:
        email = people.person(tx, actor(request).person()).email
    return show(request, "access/new_password.html", status=status, email=email, errors=errors)


def _key_context(tx: Read, request: Req) -> dict[str, Any]:
    who = actor(request)
    mine = sorted(who.permissions - {Permission.KEYS_OWN, Permission.SELF})
    return {
        "keys": queries.keys(tx, who.person()) if who.may(Permission.KEYS_OWN) else [],
        "permissions": [(permission.value, MEANING[permission]) for permission in mine],
        "new_key": None,
        "key_errors": {},
        "key_name": "",
        "lives": [("90", "90 days"), ("30", "30 days"), ("365", "A year"), ("", "Until I revoke it")],
    }


ROUTES = [account_page, change_password, end_session, sign_out_everywhere, make_key, revoke_key]
