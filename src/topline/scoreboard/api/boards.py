"""GET /api/leaderboard and GET /api/scoreboard."""

from uuid import UUID

import msgspec
from litestar import Response

from topline.core.actor import Actor
from topline.core.permissions import Permission
from topline.core.transaction import Read
from topline.scoreboard.cached import JSON, answer, scope_key
from topline.scoreboard.present import leaderboard_out, line_after, own_leaderboard_out, scoreboard_out
from topline.scoreboard.queries.house import scoreboard
from topline.scoreboard.queries.ranking import ranking
from topline.scoreboard.schemas.boards import LeaderboardOut, ScoreboardOut
from topline.scoring.queries.boards import Metric
from topline.scoring.rules import BoardPeriod
from topline.web.paging import Cursor, Limit
from topline.web.request import Req, actor
from topline.web.routing import api

TAG = "Scoreboard"


@api(
    "GET",
    "/api/leaderboard",
    needs=Permission.LEADERBOARD_OWN,
    summary="Who stands where",
    tag=TAG,
    errors=["not_found"],
)
async def show_leaderboard(
    request: Req,
    period: BoardPeriod = "day",
    metric: Metric = "points",
    location_id: UUID | None = None,
    department_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response[LeaderboardOut]:
    """The people of a house by points, verified logs or average check, best first; equal scores share a place.

    `period` is today, the week since Monday, or the month since its first, by business dates. An average check needs
    ten guests in a day or week and a hundred in a month. With `leaderboard:read` the whole list, page by page; with
    `leaderboard:own` alone the own place, the two neighbors and what the next place needs. Answers may be 30 seconds
    old, never older than the last log; send `If-None-Match` to get a 304.
    """
    who = actor(request)
    after = line_after(cursor)
    scope = (who.location_id or "", location_id or "", department_id or "", period, metric)
    if who.may(Permission.LEADERBOARD_READ):
        key = scope_key(None, "list", *scope, limit, cursor)

        def make(tx: Read) -> bytes:
            found = ranking(tx, metric, period, location_id=location_id, department_id=department_id)
            return msgspec.json.encode(leaderboard_out(found, limit, after))

    else:
        key = scope_key(None, "own", *scope, who.person())

        def make(tx: Read) -> bytes:
            found = ranking(tx, metric, period, location_id=location_id, department_id=department_id)
            return msgspec.json.encode(own_leaderboard_out(found, who.person()))

    return await answer(request, key, JSON, make)


@api(
    "GET",
    "/api/scoreboard",
    needs=Permission.WALL_SHOW,
    summary="Whether the house is winning",
    tag=TAG,
    errors=["display_unknown", "not_found"],
)
async def show_scoreboard(request: Req, location_id: UUID | None = None) -> Response[ScoreboardOut]:
    """The paced state of today, the month and the year, the team's day and the first three.

    Every verdict carries the numbers behind it. Where nothing came in yet today, `live` is that of the lead measures
    and `yesterday` stands beside it. A display sees amounts only where the hotel shows revenue on its wall. Answers may
    be 30 seconds old, never older than the last log; send `If-None-Match` to get a 304.
    """
    who = actor(request)
    open_books = _sees_money(who)
    key = scope_key(location_id, "scoreboard", who.location_id or "", "open" if open_books else "wall")

    def make(tx: Read) -> bytes:
        found = scoreboard(tx, location_id)
        return msgspec.json.encode(scoreboard_out(found, with_money=open_books or found.show_revenue))

    return await answer(request, key, JSON, make)


def _sees_money(who: Actor) -> bool:
    return who.may(Permission.RESULTS_READ)


ROUTES = [show_leaderboard, show_scoreboard]
