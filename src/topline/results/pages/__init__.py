"""Pages of results."""

from topline.results.pages import calendar, entry, imports

ROUTES = [*calendar.ROUTES, *entry.ROUTES, *imports.ROUTES]
