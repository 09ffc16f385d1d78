"""Files that leave: empty templates, mistakes of an upload, results of a span of days."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from litestar import Response

from topline.core.errors import Problem, invalid
from topline.organizations.queries import location, organization
from topline.results import queries
from topline.results.actions import note_export
from topline.results.exports import daily_csv, problems_csv, template_csv
from topline.results.options import KINDS
from topline.results.uploading import look
from topline.web.request import Req, read, write

#: A year in one export; more is several.
MOST_DAYS: Final = 366


def template(kind: str) -> Response[str]:
    """The empty file of a kind; `.csv` behind it does not matter."""
    kind = kind.removesuffix(".csv")
    if kind not in KINDS:
        raise Problem("not_found", "There is a template for daily and one for roster.")
    return _csv(template_csv(kind), f"topline-{kind}.csv")


def problems(request: Req, import_id: UUID) -> Response[str]:
    """What is wrong with a previewed file. Slow: it is read once more."""
    _, found = look(request, import_id)
    with write(request) as tx:
        note_export(tx, "mistakes of an import", import_id)
    return _csv(problems_csv(found.plan.problems if found is not None else ()), "problems.csv")


def results(request: Req, location_id: UUID, first: date | None, last: date | None) -> Response[str]:
    """The results of at most a year."""
    if first is None or last is None or not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise invalid("from", "out_of_range", "Give `from` and `to`, at most a year apart.")
    with read(request) as tx:
        house = location(tx, location_id)
        found = queries.entries_between(tx, house.id, first, last)
        currency = organization(tx).currency
    told = {"location_id": str(location_id), "first": first.isoformat(), "last": last.isoformat()}
    with write(request) as tx:
        note_export(tx, "daily results", location_id, **told, rows=len(found))
    return _csv(daily_csv(found, currency), f"results-{first.isoformat()}-{last.isoformat()}.csv")


def _csv(text: str, name: str) -> Response[str]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv", headers=headers)
