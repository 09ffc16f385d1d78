"""Pages of results."""

from topline.results.pages import benchmarks, calendar, entry, imports

ROUTES = [*calendar.ROUTES, *entry.ROUTES, *imports.ROUTES, *benchmarks.ROUTES]
