"""Shorthand for handlers: the services, the caller, and the transaction of this request."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias, TypeVar

from anyio import CapacityLimiter, to_thread
from litestar import Request
from litestar.datastructures import State

from topline.core.actor import Actor
from topline.core.errors import Problem
from topline.core.transaction import Read, Write
from topline.web.services import Services

Req: TypeAlias = Request[Actor | None, None, State]
T = TypeVar("T")


def services(request: Req) -> Services:
    """The running program's parts."""
    found: Services = request.app.state.services
    return found


def actor(request: Req) -> Actor:
    """Who is calling. Raises 401 when nobody is signed in."""
    who: Actor | None = request.scope.get("user")
    if who is None:
        raise Problem("unauthenticated")
    return who


def read(request: Req) -> AbstractContextManager[Read]:
    """Open this request's read-only transaction as the caller: `with read(request) as tx:`."""
    return services(request).db.read(request.scope.get("user"))


def write(request: Req) -> AbstractContextManager[Write]:
    """Open this request's writing transaction as the caller; it is committed when the block ends."""
    who = request.scope.get("user")
    return services(request).db.write(who, request_id(request), client_address(request))


def request_id(request: Req) -> str:
    """The id in the answer's `X-Request-Id`, in the log line and in the audit trail."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def nonce(request: Req) -> str:
    """What every script of the page that answers this request must carry, or the browser does not run it."""
    return str(request.scope.get("state", {}).get("nonce", ""))


def client_address(request: Req) -> str:
    """The caller's address as the doorway worked it out: forwarded headers count only from a trusted proxy."""
    return str(request.scope.get("state", {}).get("client_address", ""))


async def in_slow_lane(request: Req, work: Callable[[], T]) -> T:
    """Run `work` in a thread of the small pool for slow things (hashing, counting, rendering long lists).

    Requests that wait for a hash must not hold the threads that log behaviors, or sixty sign-ins at shift change
    would stop everybody else.
    """
    return await _in_lane(request, "slow_lane", 4, work)


async def one_at_a_time(request: Req, work: Callable[[], T]) -> T:
    """Run `work` alone: for photos, each of which takes hundreds of megabytes for a moment.

    Apart from the slow lane, so that nobody waits with their PIN for somebody's photos.
    """
    return await _in_lane(request, "photo_lane", 1, work)


async def in_file_lane(request: Req, work: Callable[[], T]) -> T:
    """Run `work` alone: for uploaded tables, each of which may take seconds of a core and many megabytes.

    Apart from the slow lane, so that whoever sends or looks at such files delays only others who do, and no sign-in.
    """
    return await _in_lane(request, "file_lane", 1, work)


async def _in_lane(request: Req, name: str, width: int, work: Callable[[], T]) -> T:
    lane: CapacityLimiter | None = request.app.state.get(name)
    if lane is None:
        lane = request.app.state[name] = CapacityLimiter(width)
    return await to_thread.run_sync(work, limiter=lane)
