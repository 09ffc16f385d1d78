"""GET /api/scoreboard/stream: says "changed" and nothing else; what changed is fetched with an ETag."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from litestar.response import Stream

from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.infra.signals import Signals, Subscription
from topline.scoring.events import board_topic
from topline.web.request import Req, actor, services
from topline.web.routing import api

#: A comment so often keeps proxies from closing a silent connection.
PING_SECONDS: Final = 15.0
#: A stream ends after so long and is opened anew: nothing stays pinned to a process that is to be replaced.
LIFE_SECONDS: Final = 600.0
#: Between two "changed": a shift change is many logs, and one look a second shows them all.
REST_SECONDS: Final = 0.9
#: How long a browser waits before it opens the next stream, in milliseconds.
RETRY_MS: Final = 2000
#: Open streams of one organization in one process; screens beyond that poll.
MOST_STREAMS: Final = 50


@dataclass
class OpenStreams:
    """How many streams each organization holds open. Lives on the event loop, so it needs no lock."""

    most: int = MOST_STREAMS
    life_seconds: float = LIFE_SECONDS
    ping_seconds: float = PING_SECONDS
    count: Counter[UUID] = field(default_factory=Counter)
    ending: bool = False
    _open: set[Subscription] = field(default_factory=set)

    def end(self) -> None:
        """End every stream now: the process goes down, and its screens are to find another."""
        self.ending = True
        for heard in list(self._open):
            heard.wake()

    def check(self, organization_id: UUID) -> None:
        """Raise 429 when an organization has as many as it may, 503 when the process is ending."""
        if self.ending:
            raise Problem(
                "unavailable", "Topline is restarting. Please try again in a moment.", retry_after=2
            )
        if self.count[organization_id] >= self.most:
            raise Problem(
                "too_many_requests",
                "Too many screens are listening. This one may ask for the scoreboard itself.",
                retry_after=60,
            )

    async def listen(self, signals: Signals, organization_id: UUID) -> AsyncIterator[bytes]:
        """The lines of one stream, until its life is over or the listener goes away."""
        self.count[organization_id] += 1
        heard = signals.subscribe(board_topic(organization_id))
        self._open.add(heard)
        try:
            ends = time.monotonic() + self.life_seconds
            # The first "changed" makes a screen look once more after it began to listen: nothing falls in between.
            yield f"retry: {RETRY_MS}\nevent: changed\ndata: \n\n".encode()
            rested = time.monotonic()
            while (left := ends - time.monotonic()) > 0:
                changed = await heard.wait(min(self.ping_seconds, left))
                if self.ending:
                    break
                if changed:
                    pause = rested + REST_SECONDS - time.monotonic()
                    if pause > 0:
                        await asyncio.sleep(pause)
                    rested = time.monotonic()
                    yield b"event: changed\ndata: \n\n"
                else:
                    yield b": ping\n\n"
        finally:
            heard.close()
            self._open.discard(heard)
            self.count[organization_id] -= 1
            if not self.count[organization_id]:
                del self.count[organization_id]


@api(
    "GET",
    "/api/scoreboard/stream",
    needs=Permission.WALL_SHOW,
    summary="Hear when the scoreboard changes",
    tag="Scoreboard",
    errors=["display_unknown", "unavailable"],
    media_type="text/event-stream",
)
async def stream(request: Req) -> Stream:
    """Server-sent events. `changed` means: ask again for what you show, with its ETag. There is no data in it.

    A comment comes every 15 seconds; the stream ends after ten minutes and is meant to be opened again. When too many
    screens of a hotel listen (429), poll every 15 seconds instead.
    """
    parts = services(request)
    streams = parts.get(OpenStreams)
    organization_id = actor(request).organization_id
    streams.check(organization_id)
    return Stream(
        streams.listen(parts.signals, organization_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


ROUTES = [stream]
