"""The second step in one's own account: set it up, replace it, recovery codes."""

from typing import Any

import segno
from litestar import Response
from markupsafe import Markup

from topline.access import actions, queries
from topline.access.entrance import doors
from topline.access.pages.forms import refused, text
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.web.forms import fields_of
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, in_slow_lane, read, write
from topline.web.routing import page


@page("GET", "/account/factors", needs=Permission.SELF, before_all=True)
def factors_page(request: Req) -> Response[str]:
    """What I can show besides my password; where the house requires something and there is nothing, the way to it."""
    who = actor(request)
    with read(request) as tx:
        mine = queries.factors(tx, who.person())
        required = actions.is_factor_required(tx)
    template = "access/factor_needed.html" if who.owes else "access/factors.html"
    return show(request, template, factors=mine, required=required, errors={})


@page("GET", "/account/factors/authenticator", needs=Permission.SELF, before_all=True, fresh=True)
def authenticator_page(request: Req) -> Response[str]:
    """A fresh secret as a QR code and as text."""
    offered = actions.offer_authenticator(doors(request), actor(request))
    return _authenticator(request, offered, {})


@page("POST", "/account/factors/authenticator", needs=Permission.SELF, before_all=True, fresh=True)
async def add_authenticator(request: Req) -> Response[str]:
    """The app shows the right code: from now on it is asked for."""
    fields = await fields_of(request)
    ticket = text(fields, "ticket")

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                codes = actions.add_authenticator(tx, doors(request), ticket, text(fields, "code"))
        except Problem as problem:
            if problem.code == "ticket_over":
                offered = actions.offer_authenticator(doors(request), actor(request))
                return _authenticator(request, offered, {"": problem.detail}, 422)
            status, errors = refused(problem)
            return _authenticator(
                request, actions.reopen_offer(doors(request), actor(request), ticket), errors, status
            )
        if codes:
            return show_codes(request, codes)
        return redirect(request, "/account/factors", toast=_toast("The new authenticator app is set up."))

    return await in_slow_lane(request, work)


@page("POST", "/account/factors/authenticator/remove", needs=Permission.SELF, fresh=True)
def remove_authenticator(request: Req) -> Response[str]:
    """Remove the authenticator app."""
    try:
        with write(request) as tx:
            actions.remove_authenticator(tx)
    except Problem as problem:
        return refused_factors(request, problem)
    return redirect(request, "/account/factors", toast=_toast("The authenticator app is removed."))


@page("POST", "/account/factors/codes", needs=Permission.SELF, fresh=True)
def renew_codes(request: Req) -> Response[str]:
    """Ten new recovery codes, shown this once."""
    try:
        with write(request) as tx:
            codes = actions.renew_recovery_codes(tx)
    except Problem as problem:
        return refused_factors(request, problem)
    return show_codes(request, codes)


def _authenticator(
    request: Req, offered: actions.NewAuthenticator, errors: dict[str, str], status: int = 200
) -> Response[str]:
    code = segno.make(offered.address, error="m")
    picture = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return show(
        request,
        "access/authenticator.html",
        status=status,
        picture=Markup(picture),  # noqa: S704 - drawn by us, of an address of our own
        secret=offered.secret,
        ticket=offered.ticket,
        errors=errors,
    )


def show_codes(request: Req, codes: list[str]) -> Response[str]:
    """Recovery codes, this once."""
    return show(request, "access/recovery_codes.html", codes=codes)


def refused_factors(request: Req, problem: Problem) -> Response[str]:
    """The overview with what was wrong."""
    status, errors = refused(problem)
    with read(request) as tx:
        mine = queries.factors(tx, actor(request).person())
        required = actions.is_factor_required(tx)
    return show(request, "access/factors.html", status=status, factors=mine, required=required, errors=errors)


def _toast(message: str) -> dict[str, Any]:
    return {"message": message, "tone": "winning", "undo_url": None}


ROUTES = [factors_page, authenticator_page, add_authenticator, remove_authenticator, renew_codes]
