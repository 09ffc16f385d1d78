"""Every route of the application, gathered from the domains."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from topline.organizations import api as organizations_api
from topline.people import api as people_api, pages as people_pages
from topline.upkeep import api as upkeep_api
from topline.web import reference

ROUTES: Sequence[ControllerRouterHandler] = (
    *organizations_api.ROUTES,
    *people_api.ROUTES,
    *people_pages.ROUTES,
    *upkeep_api.ROUTES,
    *reference.ROUTES,
)
