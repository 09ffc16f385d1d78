"""Look at the queue: the page, its next rows, what came in meanwhile, one log with its history, a small photo."""

from typing import Any
from uuid import UUID

from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import Permission as P
from topline.logbook import actions as logbook
from topline.logbook.rules import undo_until
from topline.organizations import queries as organizations
from topline.verification import queries
from topline.verification.cursors import key_after
from topline.verification.pages.parts import ACTS, REASONS, listed, show_list
from topline.verification.pages.thumbnails import small
from topline.verification.pages.view import View, view_of
from topline.verification.queries import QueueFilter
from topline.verification.sampling import sample_of
from topline.web.pages import is_fragment, show
from topline.web.request import Req, in_slow_lane, read, services
from topline.web.routing import page


@page("GET", "/verify", needs=P.LOGS_VERIFY)
def queue_page(request: Req) -> Response[str]:
    """Logs to check, or with another status those that were decided."""
    given = dict(request.query_params.items())
    view = view_of(given, services(request).clock.now())
    cursor = given.get("cursor")
    if not cursor:
        view = _fresh(request, view)
    with read(request) as tx:
        found = listed(tx, request, view, key_after(cursor, "pending" if view.waits else "decided"))
        behaviors, people = queries.behavior_choices(tx), queries.person_choices(tx, view.person)
        departments = organizations.departments(tx)
    template = "verification/queue.html"
    if is_fragment(request):
        template = "verification/_more.html" if cursor else "verification/_list.html"
    return show_list(
        request,
        template,
        found,
        department_options=[(one.id, one.name) for one in departments],
        behavior_options=[(one.id, one.name) for one in behaviors],
        person_options=[(one.id, one.name) for one in people],
    )


@page("GET", "/verify/news", needs=P.LOGS_VERIFY)
def news(request: Req) -> Response[str]:
    """How many logs that match came in since the list was read. Asked every few seconds; changes nothing shown."""
    view = view_of(dict(request.query_params.items()), services(request).clock.now())
    with read(request) as tx:
        sample = sample_of(tx, services(request))
        to_check = queries.to_check(tx, sample)
        place = organizations.main_location(tx)
        wanted = view.wanted(organizations.today(tx, place))
        newer = QueueFilter(
            person_id=wanted.person_id,
            behavior_id=wanted.behavior_id,
            department_id=wanted.department_id,
            first=wanted.first,
            last=wanted.last,
            flag=wanted.flag,
            search=wanted.search,
            received_after=view.as_of,
        )
        arrived = queries.matching(tx, newer, None if view.everything else sample)
    return show(request, "verification/_news.html", arrived=arrived, to_check=to_check, view=view)


@page("GET", "/verify/{log_id:uuid}", needs=P.LOGS_VERIFY)
def log_detail(request: Req, log_id: UUID) -> Response[str]:
    """One log with everything known about it: details, photo, and what happened to it."""
    with read(request) as tx:
        item = queries.item(tx, log_id)
        entries = queries.history(tx, log_id)
        by_undo = undo_until(item.occurred_at, item.received_at)
        return show(
            request,
            "verification/_detail.html",
            item=item,
            entries=entries,
            acts=ACTS,
            reason_words={reason.value: words[0] for reason, words in REASONS.items()},
            is_own=item.person_id == tx.actor.person_id,
            undo_until=by_undo if tx.now < by_undo else None,
            now=tx.now,
        )


@page("GET", "/verify/{log_id:uuid}/thumbnail", needs=P.LOGS_VERIFY)
async def thumbnail(request: Req, log_id: UUID) -> Response[bytes]:
    """The photo of a log, small enough for a list of fifty."""
    parts = services(request)

    def work() -> bytes:
        with read(request) as tx:
            key = logbook.read_evidence(tx, log_id)

        def make() -> bytes:
            content = parts.files.get(key)
            if content is None:
                raise Problem("not_found", "This photo is no longer there.")
            return small(content)

        # The key names the content, so a new photo has a new key.
        return parts.cache.fetch("thumbnails", key, 3600, make)

    content = await in_slow_lane(request, work)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"})


def _fresh(request: Req, view: View) -> View:
    """A list that is read from its beginning ends now, whatever an old address says."""
    given: dict[str, Any] = {name: getattr(view, name) for name in View.__dataclass_fields__}
    return View(**{**given, "as_of": services(request).clock.now()})
