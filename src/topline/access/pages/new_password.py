"""Set a new password: by the link a manager handed over, or because the old one may be known to somebody."""

from litestar import Response

from topline.access import actions, queries
from topline.access.entrance import caller, doors
from topline.access.pages.forms import refused, text
from topline.core.errors import Problem, invalid
from topline.core.permissions import Permission
from topline.people import queries as people
from topline.web.forms import fields_of
from topline.web.guard import Public
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, in_slow_lane, read
from topline.web.routing import page

REASON = "the link itself is the key: whoever has it forgot their password"


@page("GET", "/password/{token:str}", needs=Public(REASON))
def link_page(request: Req, token: str) -> Response[str]:
    """The form, while the link is good. Raises 404 `link_over`."""
    return _link(request, token, {}, 200)


@page("POST", "/password/{token:str}", needs=Public(REASON), limit="sign_in")
async def use_link(request: Req, token: str) -> Response[str]:
    """Set the password; then sign in with it."""
    fields = await fields_of(request)
    new = text(fields, "new_password")

    def work() -> Response[str]:
        try:
            if new != text(fields, "new_password_again"):
                raise invalid("new_password_again", "different", "The two new passwords are not the same.")
            actions.use_password_link(doors(request), caller(request), token, new)
        except Problem as problem:
            if problem.status == 404:
                raise
            status, errors = refused(problem)
            return _link(request, token, errors, status)
        toast = {"message": "Your new password is set. Sign in with it.", "tone": "winning", "undo_url": None}
        return redirect(request, "/sign-in", toast=toast)

    return await in_slow_lane(request, work)


@page("GET", "/account/new-password", needs=Permission.SELF, before_all=True)
def owed_page(request: Req) -> Response[str]:
    """Somebody else may know the old one, so nothing else works before a new one is set."""
    with read(request) as tx:
        person = people.person(tx, actor(request).person())
    return show(request, "access/new_password.html", email=person.email, errors={})


def _link(request: Req, token: str, errors: dict[str, str], status: int) -> Response[str]:
    with read(request) as tx:
        link = queries.password_link(tx, token)
    if link is None:
        raise Problem("link_over", "This link was used, replaced, or is older than a day. Ask for a new one.")
    return show(
        request,
        "access/password_link.html",
        status=status,
        display_name=link.name,
        token=token,
        errors=errors,
    )


ROUTES = [link_page, use_link, owed_page]
