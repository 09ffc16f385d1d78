"""Passkeys on pages: register and manage one's own, and sign in with one."""

from uuid import UUID

from litestar import Response

from topline.access import actions, cookies
from topline.access.entrance import caller, doors, site
from topline.access.pages.factors import refused_factors, show_codes
from topline.access.pages.forms import credential_of, local_path, refused, text
from topline.access.pages.second_step import enter, start_again
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.web.cookies import read_cookie
from topline.web.forms import fields_of
from topline.web.guard import Public
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, in_slow_lane, write
from topline.web.routing import page


@page("GET", "/account/factors/passkey", needs=Permission.SELF, before_all=True, fresh=True)
def passkey_page(request: Req) -> Response[str]:
    """The browser's own dialog, one press away."""
    return _passkey(request, {})


@page("POST", "/account/factors/passkey", needs=Permission.SELF, before_all=True, fresh=True)
async def add_passkey(request: Req) -> Response[str]:
    """Keep what the browser made."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                codes = actions.add_passkey(
                    tx,
                    doors(request),
                    site(request),
                    text(fields, "ticket"),
                    text(fields, "name"),
                    credential_of(fields),
                )
        except Problem as problem:
            status, errors = refused(problem)
            return _passkey(request, errors, text(fields, "name"), status)
        if codes:
            return show_codes(request, codes)
        toast = {"message": "The passkey is set up.", "tone": "winning", "undo_url": None}
        return redirect(request, "/account/factors", toast=toast)

    return await in_slow_lane(request, work)


@page("POST", "/account/factors/passkeys/{passkey_id:uuid}/rename", needs=Permission.SELF)
async def rename_passkey(request: Req, passkey_id: UUID) -> Response[str]:
    """Give it another name."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                actions.rename_passkey(tx, passkey_id, text(fields, "name"))
        except Problem as problem:
            if problem.status == 404:
                raise
            return refused_factors(request, problem)
        return redirect(request, "/account/factors")

    return await in_slow_lane(request, work)


@page("POST", "/account/factors/passkeys/{passkey_id:uuid}/remove", needs=Permission.SELF, fresh=True)
def remove_passkey(request: Req, passkey_id: UUID) -> Response[str]:
    """It opens nothing any more."""
    try:
        with write(request) as tx:
            actions.remove_passkey(tx, passkey_id)
    except Problem as problem:
        if problem.status == 404:
            raise
        return refused_factors(request, problem)
    toast = {"message": "The passkey is removed.", "tone": "winning", "undo_url": None}
    return redirect(request, "/account/factors", toast=toast)


@page("POST", "/sign-in/passkey", needs=Public("this is where people show who they are"), limit="sign_in")
async def sign_in(request: Req) -> Response[str]:
    """Sign in with what the browser answered; `second`: as the second step of the ticket in the cookie."""
    fields = await fields_of(request)
    to = local_path(text(fields, "next"))
    step = (read_cookie(request, cookies.TICKET_COOKIE) or "") if text(fields, "second") else None
    try:
        found = await in_slow_lane(
            request,
            lambda: actions.sign_in_with_passkey(
                doors(request),
                caller(request),
                site(request),
                text(fields, "ticket"),
                credential_of(fields),
                step,
            ),
        )
    except Problem as problem:
        if problem.status >= 500:
            raise
        if problem.code == "ticket_over" and step is not None:
            return start_again(request)
        return _again(request, step, to)
    return enter(request, found, to)


def _again(request: Req, step: str | None, to: str) -> Response[str]:
    address = "/sign-in" if step is None else "/sign-in/second"
    toast = {"message": actions.PASSKEY_REFUSED, "tone": "losing", "undo_url": None}
    return redirect(request, cookies.with_next(address, to), toast=toast)


def _passkey(request: Req, errors: dict[str, str], name: str = "", status: int = 200) -> Response[str]:
    offered = actions.offer_passkey(doors(request), actor(request), site(request))
    return show(
        request, "access/passkey.html", status=status, offered=offered, passkey_name=name, errors=errors
    )


ROUTES = [passkey_page, add_passkey, rename_passkey, remove_passkey, sign_in]
