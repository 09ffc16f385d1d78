"""Every route of the application, gathered from the domains."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from topline.access import api as access_api, pages as access_pages
from topline.audit import api as audit_api, pages as audit_pages
from topline.behaviors import api as behaviors_api, pages as behaviors_pages
from topline.logbook import api as logbook_api, pages as logbook_pages
from topline.organizations import api as organizations_api, pages as organizations_pages
from topline.people import api as people_api, pages as people_pages
from topline.results import api as results_api, pages as results_pages
from topline.scoreboard import api as scoreboard_api, pages as scoreboard_pages
from topline.upkeep import api as upkeep_api, pages as upkeep_pages
from topline.verification import api as verification_api, pages as verification_pages
from topline.web import reference

ROUTES: Sequence[ControllerRouterHandler] = (
    *access_api.ROUTES,
    *access_pages.ROUTES,
    *audit_api.ROUTES,
    *audit_pages.ROUTES,
    *behaviors_api.ROUTES,
    *behaviors_pages.ROUTES,
    *logbook_api.ROUTES,
    *logbook_pages.ROUTES,
    *organizations_api.ROUTES,
    *organizations_pages.ROUTES,
    *people_api.ROUTES,
    *people_pages.ROUTES,
    *results_api.ROUTES,
    *results_pages.ROUTES,
    *scoreboard_api.ROUTES,
    *scoreboard_pages.ROUTES,
    *upkeep_api.ROUTES,
    *upkeep_pages.ROUTES,
    *verification_api.ROUTES,
    *verification_pages.ROUTES,
    *reference.ROUTES,
)
