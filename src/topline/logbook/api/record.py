"""The hottest route: log a behavior."""

from datetime import date, datetime
from functools import partial

from anyio import to_thread
from litestar import Response

from topline.behaviors.queries import Catalog
from topline.core.actor import Actor
from topline.core.errors import Problem
from topline.core.permissions import Permission as P
from topline.logbook import actions
from topline.logbook.actions import Asked, Logger, Recorded
from topline.logbook.api.shared import TAG, asked_of, known
from topline.logbook.schemas import BehaviorCountOut, LoggedOut, LogIn, TodayOut, log_out
from topline.web.request import Req, actor, read, services
from topline.web.routing import api


@api(
    "POST",
    "/api/behavior-logs",
    needs=P.LOGS_CREATE,
    summary="Log a behavior",
    tag=TAG,
    errors=["id_taken"],
    status=201,
    repeated=LoggedOut,
)
async def create_log(request: Req, data: LogIn) -> Response[LoggedOut]:
    """Log something as oneself. Sent again with the same id it answers 200 with the log as it stands.

    The answer leaves when the log is durable.
    """
    parts, caller = services(request), actor(request)
    by = actions.logger_of(caller)
    catalog, house = await known(request, caller)
    place = house.place_of(caller)
    asked, now = asked_of(data), parts.clock.now()
    try:
        entry = actions.prepare(by, place, house.digits, catalog, asked, now)
    except Problem:
        before = await to_thread.run_sync(
            partial(_stored_before, request, by, asked, place.business_date(now))
        )
        if before is None:
            raise
        recorded, today = before, place.business_date(now)
    else:
        recorded, today = await parts.db.in_lane(actions.store_all, entry), entry.today
    out = _logged(recorded, caller, catalog, today, now)
    return Response(out, status_code=201 if recorded.is_new else 200)


def _stored_before(request: Req, by: Logger, asked: Asked, today: date) -> Recorded | None:
    with read(request) as tx:
        found = actions.seen_before(tx, by, asked)
        return None if found is None else actions.recount(tx, found, today)


def _logged(recorded: Recorded, caller: Actor, catalog: Catalog, today: date, now: datetime) -> LoggedOut:
    behavior_id = recorded.log.behavior_id
    return LoggedOut(
        log=log_out(recorded.log, now, caller.person_id),
        today=TodayOut(
            count=recorded.count, target=catalog.day_target(caller.role_id, today), points=recorded.points
        ),
        behavior=BehaviorCountOut(
            id=behavior_id, count=recorded.behavior_count, target=catalog.target(behavior_id, today)
        ),
    )
