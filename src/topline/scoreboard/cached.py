"""Answers that many screens ask for: finished bytes with their ETag; those that are cached need no thread.

Everything here stands in the group `leaderboard:<organization>`, forgotten after each change of the day totals.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from litestar import Response
from litestar.types import ASGIApp, Receive, Scope, Send

from topline.core.actor import Actor
from topline.core.transaction import Read
from topline.scoring.events import board_group
from topline.web.request import Req, actor, services

SECONDS: Final = 30.0
JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
#: What is kept is the ETag, of this length, and behind it the body.
_ETAG: Final = 18

Make = Callable[[Read], bytes]


async def answer(request: Req, key: str, media_type: str, make: Make) -> Response[Any]:
    """The bytes cached under `key`, else those `make` computes in a thread; 304 when the caller has them.

    Only what does not depend on the caller beyond `key` may be kept.
    """
    who = actor(request)
    group = board_group(who.organization_id)
    kept = services(request).cache.peek(group, key)
    if kept is None:
        kept = await to_thread.run_sync(_fetch, request, who, group, key, make)
    return _response(request, kept, media_type)


def packed(body: bytes) -> bytes:
    """A body as it is kept."""
    return b'"' + hashlib.sha256(body).hexdigest()[: _ETAG - 2].encode() + b'"' + body


def body_of(kept: bytes) -> bytes:
    """The body of what is kept."""
    return kept[_ETAG:]


def fetch(request: Req, key: str, make: Make) -> bytes:
    """The body under `key`, for handlers that run in a thread anyway."""
    who = actor(request)
    return body_of(_fetch(request, who, board_group(who.organization_id), key, make))


def _fetch(request: Req, who: Actor, group: str, key: str, make: Make) -> bytes:
    parts = services(request)

    def compute() -> bytes:
        with parts.db.read(who) as tx:
            return packed(make(tx))

    return parts.cache.fetch(group, key, SECONDS, compute)


class Ready(Response[Any]):
    """Bytes that are sent as they are.

    Litestar's own response takes longer to work out headers and encoding than everything else a cached answer needs.
    """

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        super().__init__(None)
        self._start: Any = {"type": "http.response.start", "status": status, "headers": headers}
        self._body: Any = {"type": "http.response.body", "body": body, "more_body": False}

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIApp:  # type: ignore[override]
        """The two messages of the answer."""
        return self._send

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(self._start)
        await send(self._body)


def _response(request: Req, kept: bytes, media_type: str) -> Ready:
    etag = kept[:_ETAG]
    headers = [(b"etag", etag), (b"cache-control", b"private, no-cache")]
    for name, value in request.scope["headers"]:
        if name == b"if-none-match" and value == etag:
            return Ready(304, headers, b"")
    body = kept[_ETAG:]
    headers += [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    return Ready(200, headers, body)


def scope_key(location_id: UUID | None, *parts: object) -> str:
    """A cache key from what an answer depends on."""
    return ":".join(str(part) for part in (location_id or "", *parts))
