"""/wall: the TV, opened by a display's token or a manager."""

from typing import Any

from litestar import MediaType, Response

from topline.core.permissions import Permission
from topline.core.transaction import Read
from topline.scoreboard.cached import HTML, answer, scope_key
from topline.scoreboard.queries.house import Scoreboard, scoreboard
from topline.scoreboard.wall import wall_of
from topline.web.formats import Formats
from topline.web.pages import Frame, pages
from topline.web.request import Req, actor, nonce, read
from topline.web.routing import page

#: A wall whose stream is refused or broken looks this often by itself, and turns grey after this long without answer.
POLL_SECONDS = 15
STALE_SECONDS = 90


@page("GET", "/wall", needs=Permission.WALL_SHOW)
def show_wall(request: Req) -> Response[str]:
    """The wall with everything it shows now; its script keeps it true. Nothing of it is kept: its nonce is its own."""
    with read(request) as tx:
        text = _wall(request, "scoreboard/wall.html", scoreboard(tx), nonce=nonce(request))
    return Response(text, media_type=MediaType.HTML, headers={"Cache-Control": "no-store"})


@page("GET", "/wall/fragment", needs=Permission.WALL_SHOW)
async def show_fragment(request: Req) -> Response[Any]:
    """The wall's content alone; 304 while it is what the wall has."""

    def make(tx: Read) -> bytes:
        return _wall(request, "scoreboard/_wall.html", scoreboard(tx)).encode()

    return await answer(request, scope_key(actor(request).location_id, "wall"), HTML, make)


def _wall(request: Req, template: str, board: Scoreboard, **context: Any) -> str:
    return pages(request).text(
        template,
        frame(board),
        wall=wall_of(board),
        stream_url="/api/scoreboard/stream",
        fragment_url="/wall/fragment",
        poll_seconds=POLL_SECONDS,
        stale_seconds=STALE_SECONDS,
        **context,
    )


def frame(board: Scoreboard) -> Frame:
    """The wall's frame: the hotel's formats and nobody signed in."""
    return Frame(
        formats=Formats(board.locale, board.currency, board.house.zone),
        organization_name=board.organization_name,
        demo=board.is_demo,
        locale=board.locale,
    )


ROUTES = [show_wall, show_fragment]
