"""The audit trail as a page: who did what, newest first."""

from typing import Final

from litestar import Response

from topline.audit import queries
from topline.audit.cursors import cursor_of, place_of
from topline.audit.surroundings import Surroundings
from topline.audit.view import lines_of, view_of
from topline.audit.words import AREAS
from topline.core.permissions import Permission
from topline.web.pages import is_fragment, show
from topline.web.paging import page_of
from topline.web.request import Req, read, services
from topline.web.routing import page

PAGE_SIZE: Final = 50


@page("GET", "/audit", needs=Permission.AUDIT_READ)
def audit_page(request: Req) -> Response[str]:
    """Fifty acts at a time: all, or those of a person, about something, of a kind, of some days."""
    given = dict(request.query_params.items())
    view, cursor = view_of(given), given.get("cursor")
    around = services(request).get(Surroundings)
    with read(request) as tx:
        wanted = view.wanted(tx.now, around.zone(tx))
        rows = queries.newest(tx, wanted, after=place_of(cursor), limit=PAGE_SIZE)
        kept, following = page_of(rows, PAGE_SIZE, cursor_of)
        lines = lines_of(tx, kept, around)
        people = around.people(tx)
    known = {str(person_id) for person_id, _ in people}
    return show(
        request,
        "audit/_more.html" if is_fragment(request) and cursor else "audit/trail.html",
        lines=lines,
        next_href=view.url(cursor=following) if following else None,
        view=view,
        people=people,
        about_is_person=view.about is None or str(view.about) in known,
        about_name=next((line.subject for line in lines if line.subject), ""),
        areas=[{"label": area, "options": list(acts.items())} for area, acts in AREAS.items()],
    )


ROUTES = [audit_page]
