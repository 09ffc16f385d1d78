"""/today: are we winning, for managers and the owner."""

from typing import Any

from litestar import Response

from topline.core.permissions import Permission
from topline.scoreboard.pages.chart import draw
from topline.scoreboard.queries.today import Span, today_view
from topline.scoreboard.wall import tone_of, wall_of, word_of
from topline.scoring.rules import band
from topline.web.pages import show
from topline.web.request import Req, read
from topline.web.routing import page


@page("GET", "/today", needs=Permission.SCOREBOARD_READ)
def show_today(request: Req, span: Span = "day") -> Response[Any]:
    """The day, the month or the year so far, with what there is to do next."""
    with read(request) as tx:
        view = today_view(tx, span)
    board = view.board
    pace = {"day": board.game.live, "month": board.game.state.month, "year": board.game.state.year}[span]
    return show(
        request,
        "scoreboard/today.html",
        view=view,
        board=board,
        wall=wall_of(board),
        pace=pace,
        word=word_of(board) if span == "day" else tone_of(pace) or "no_data",
        tone_of=tone_of,
        drawing=draw([one.revenue for one in view.chart], [one.target for one in view.chart]),
        band=band(view.adoption.adoption_bp),
    )


ROUTES = [show_today]
