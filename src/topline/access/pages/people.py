"""What a manager does about somebody's PIN and password: parts of the page of that person."""

from uuid import UUID

from litestar import Response

from topline.access import actions
from topline.access.entrance import caller, doors
from topline.access.pages.forms import refused, text
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.people import queries as people
from topline.web.forms import fields_of
from topline.web.pages import is_fragment, redirect, show
from topline.web.request import Req, actor, in_slow_lane, read
from topline.web.routing import page


@page("POST", "/people/{person_id:uuid}/pin", needs=Permission.PEOPLE_MANAGE, fresh=True)
async def new_pin(request: Req, person_id: UUID) -> Response[str]:
    """Give a new PIN and show it, this once."""

    def work() -> Response[str]:
        try:
            pin = actions.reset_pin(doors(request), actor(request), person_id, None, caller(request))
        except Problem as problem:
            if problem.status == 404:
                raise
            _, errors = refused(problem)
            return show(request, "access/_refused.html", status=422, errors=errors)
        with read(request) as tx:
            person = people.person(tx, person_id)
        template = "access/_new_pin.html" if is_fragment(request) else "access/new_pin.html"
        return show(request, template, pin=pin, person=person)

    return await in_slow_lane(request, work)


@page("GET", "/people/{person_id:uuid}/password", needs=Permission.PEOPLE_MANAGE, fresh=True)
def password_page(request: Req, person_id: UUID) -> Response[str]:
    """The form to give somebody a password."""
    return _password(request, person_id, 200, {})


@page("POST", "/people/{person_id:uuid}/password", needs=Permission.PEOPLE_MANAGE, fresh=True)
async def set_password(request: Req, person_id: UUID) -> Response[str]:
    """Give somebody a password."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            actions.set_password(
                doors(request), actor(request), person_id, text(fields, "password"), caller(request)
            )
        except Problem as problem:
            if problem.status == 404:
                raise
            status, errors = refused(problem)
            return _password(request, person_id, status, errors)
        toast = {
            "message": "The password is set. Tell it to them in person.",
            "tone": "winning",
            "undo_url": None,
        }
        return redirect(request, f"/people/{person_id}", toast=toast)

    return await in_slow_lane(request, work)


def _password(request: Req, person_id: UUID, status: int, errors: dict[str, str]) -> Response[str]:
    with read(request) as tx:
        person = people.person(tx, person_id)
    return show(request, "access/set_password.html", status=status, person=person, errors=errors)


ROUTES = [new_pin, password_page, set_password]
