"""/board: the whole leaderboard, for managers."""

from typing import Any, Final
from uuid import UUID

from litestar import Response

from topline.core.ids import parse_id
from topline.core.permissions import Permission
from topline.organizations import queries as organizations
from topline.scoreboard.present import line_after
from topline.scoreboard.queries.ranking import ranking
from topline.scoring.queries.boards import Line, Metric
from topline.scoring.rules import MIN_COVERS, BoardPeriod
from topline.web.pages import is_fragment, show
from topline.web.paging import page_of
from topline.web.request import Req, read
from topline.web.routing import page

PAGE_SIZE: Final = 50


@page("GET", "/board", needs=Permission.LEADERBOARD_READ)
def show_board(
    request: Req,
    period: BoardPeriod = "day",
    metric: Metric = "points",
    department: str | None = None,
    cursor: str | None = None,
) -> Response[Any]:
    """Everybody with a score, fifty at a time; the next fifty come as rows."""
    department_id: UUID | None = parse_id(department) if department else None
    after = line_after(cursor)
    with read(request) as tx:
        found = ranking(tx, metric, period, department_id=department_id)
        departments = organizations.departments(tx, location_id=found.house.id)
    lines, following = page_of(found.after(after)[: PAGE_SIZE + 1], PAGE_SIZE, Line.key)
    more = is_fragment(request) and cursor is not None
    return show(
        request,
        "scoreboard/_board_more.html" if more else "scoreboard/board.html",
        board=found.board,
        house=found.house,
        lines=lines,
        best=found.board.lines[0].score if found.board.lines else 0,
        next_cursor=following,
        period=period,
        metric=metric,
        department=str(department_id or ""),
        departments=[(one.id, one.name) for one in departments],
        least_covers=MIN_COVERS[period],
    )


ROUTES = [show_board]
