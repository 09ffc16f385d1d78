"""The audit trail as a page: who did what, newest first."""

from litestar import Response

from topline.audit import queries
from topline.core.errors import invalid
from topline.core.ids import parse_id
from topline.core.permissions import Permission
from topline.web.pages import is_fragment, show
from topline.web.paging import decode_cursor, page_of
from topline.web.request import Req, read
from topline.web.routing import page

PAGE_SIZE = 50


@page("GET", "/audit", needs=Permission.AUDIT_READ)
def audit_page(request: Req, act: str | None = None, cursor: str | None = None) -> Response[str]:
    """Fifty acts at a time, of one kind when `act` is given."""
    after = decode_cursor(cursor, 1)
    before_id = None if after is None else parse_id(after[0])
    if after is not None and before_id is None:
        raise invalid("cursor", "cursor_invalid", "This cursor is not one Topline gave out.")
    with read(request) as tx:
        rows = queries.newest(tx, before_id=before_id, act=act or None, limit=PAGE_SIZE)
        acts = queries.acts(tx)
    kept, following = page_of(rows, PAGE_SIZE, lambda row: (row.id,))
    return show(
        request,
        "audit/_more.html" if is_fragment(request) and cursor else "audit/trail.html",
        rows=kept,
        next_cursor=following,
        act_options=[(name, name) for name in acts],
        act=act or "",
    )


ROUTES = [audit_page]
