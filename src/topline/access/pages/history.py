"""Sign-in history: one's own, with "this was not me", and that of the people one manages."""

from uuid import UUID

from litestar import Response

from topline.access import actions, queries
from topline.access.entrance import absolute
from topline.core.permissions import Permission
from topline.people import queries as people
from topline.web.pages import redirect, show
from topline.web.request import Req, actor, read, write
from topline.web.routing import page


@page("GET", "/account/history", needs=Permission.SELF)
def history_page(request: Req) -> Response[str]:
    """When, how and where I signed in, and where I am signed in now."""
    who = actor(request)
    with read(request) as tx:
        person_id = who.person()
        context = {
            "history": queries.sign_in_history(tx, person_id),
            "sessions": queries.open_sessions(tx, person_id),
            "this_session": who.credential_id,
            "may_report": who.device_id is None and not who.is_api_key,
        }
    return show(request, "access/history.html", **context)


@page("POST", "/account/not-me", needs=Permission.SELF)
def not_me(request: Req) -> Response[str]:
    """End everything that may be somebody else's; next comes a new password."""
    with write(request) as tx:
        actions.report_not_me(tx)
    return redirect(request, "/account/new-password")


@page("GET", "/people/{person_id:uuid}/access", needs=Permission.PEOPLE_MANAGE)
def person_access_page(request: Req, person_id: UUID) -> Response[str]:
    """How somebody gets in: history, sessions, second step, a new password."""
    return _person(request, person_id)


@page("POST", "/people/{person_id:uuid}/password-link", needs=Permission.PEOPLE_MANAGE, fresh=True)
def make_link(request: Req, person_id: UUID) -> Response[str]:
    """A link with which they set a new password, shown this once."""
    with write(request) as tx:
        made = actions.make_password_link(tx, person_id)
    url = absolute(request, f"/password/{made.token}")
    return _person(request, person_id, link=url, link_expires_at=made.expires_at)


@page("POST", "/people/{person_id:uuid}/factors/reset", needs=Permission.FACTORS_RESET, fresh=True)
def reset_factors(request: Req, person_id: UUID) -> Response[str]:
    """Take their second step away."""
    with write(request) as tx:
        actions.reset_factors(tx, person_id)
    toast = {"message": "They sign in with the password alone now.", "tone": "winning", "undo_url": None}
    return redirect(request, f"/people/{person_id}/access", toast=toast)


def _person(request: Req, person_id: UUID, **given: object) -> Response[str]:
    with read(request) as tx:
        actions.must_rank(tx, queries.rank_of(tx, person_id))
        person = people.person(tx, person_id)
        context = {
            "person": person,
            "history": queries.sign_in_history(tx, person_id),
            "sessions": queries.open_sessions(tx, person_id),
            "factors": queries.factors(tx, person_id),
            "may_reset": actor(request).may(Permission.FACTORS_RESET)
            and person_id != actor(request).person_id,
            "may_link": person.email is not None and person.active and person_id != actor(request).person_id,
            "link": None,
            "link_expires_at": None,
        }
    return show(request, "access/person_access.html", **{**context, **given})


ROUTES = [history_page, not_me, person_access_page, make_link, reset_factors]
