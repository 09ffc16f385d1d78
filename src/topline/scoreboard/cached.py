"""Answers that many screens ask for: finished bytes with their ETag; those that are cached need no thread.

Everything here stands in the group `leaderboard:<organization>`, forgotten after each change of the day totals.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from litestar import Response

from topline.core.actor import Actor
from topline.core.transaction import Read
from topline.scoring.updater import board_group
from topline.web.request import Req, actor, services

SECONDS: Final = 30.0
JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
#: What is kept is the ETag, of this length, and behind it the body.
_ETAG: Final = 18
_HEADERS: Final = {"Cache-Control": "private, no-cache"}

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


def _response(request: Req, kept: bytes, media_type: str) -> Response[Any]:
    etag = kept[:_ETAG].decode()
    headers = {"ETag": etag, **_HEADERS}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(kept[_ETAG:], headers=headers, media_type=media_type)


def scope_key(location_id: UUID | None, *parts: object) -> str:
    """A cache key from what an answer depends on."""
    return ":".join(str(part) for part in (location_id or "", *parts))
