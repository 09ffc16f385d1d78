"""Confirm that it is still you, and go back to what you were doing."""

from typing import Any

from litestar import Response

from topline.access import actions, queries
from topline.access.entrance import caller, doors, site
from topline.access.pages.forms import credential_of, local_path, refused, text
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.web.forms import fields_of
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, in_slow_lane, read
from topline.web.routing import page


@page("GET", "/confirm", needs=Permission.SELF, before_all=True)
def confirm_page(request: Req, next: str | None = None) -> Response[str]:  # noqa: A002 - the parameter's name in the address
    """Ask for the password or a code."""
    return _form(request, local_path(next))


@page("POST", "/confirm", needs=Permission.SELF, before_all=True, limit="sign_in")
async def confirm(request: Req) -> Response[str]:
    """Back to where it was asked for."""
    fields = await fields_of(request)
    to, password, code = local_path(text(fields, "next")), text(fields, "password"), text(fields, "code")

    def work() -> None:
        if text(fields, "credential"):
            actions.confirm_with_passkey(
                doors(request),
                actor(request),
                caller(request),
                site(request),
                text(fields, "ticket"),
                credential_of(fields),
            )
        elif code:
            actions.confirm_with_code(doors(request), actor(request), caller(request), code)
        else:
            actions.confirm_with_password(doors(request), actor(request), caller(request), password[:1000])

    try:
        await in_slow_lane(request, work)
    except Problem as problem:
        if problem.code == "forbidden":
            raise
        status, errors = refused(problem)
        return await in_slow_lane(request, lambda: _form(request, to, errors=errors, status=status))
    return redirect(request, to)


def _form(request: Req, to: str, **given: Any) -> Response[str]:
    with read(request) as tx:
        account = queries.own_account(tx, actor(request).person())
        ways = queries.factor_ways(tx, account.person_id)
        keys = queries.stored_passkeys(tx, account.person_id)
    asked = actions.challenge(doors(request), site(request), keys) if keys else None
    context: dict[str, Any] = {
        "next": to,
        "email": account.email,
        "ways": ways,
        "passkey": asked,
        "errors": {},
    }
    return show(request, "access/confirm.html", **{**context, **given})


ROUTES = [confirm_page, confirm]
