"""JSON routes of results."""

from topline.results.api import benchmarks, entries, imports

ROUTES = [*entries.ROUTES, *benchmarks.ROUTES, *imports.ROUTES]
