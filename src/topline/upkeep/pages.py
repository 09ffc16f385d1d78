"""Pages for those who build and look after Topline."""

from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.organizations.queries import organization
from topline.web.pages import show
from topline.web.request import Req, read
from topline.web.routing import page


@page("GET", "/styleguide", needs=Permission.ORGANIZATION_READ)
def styleguide(request: Req) -> Response[str]:
    """Every component in every state, light and dark. Only a demo hotel has it; elsewhere there is no such page."""
    with read(request) as tx:
        if not organization(tx).is_demo:
            raise Problem("not_found")
    return show(request, "styleguide.html")


ROUTES = [styleguide]
