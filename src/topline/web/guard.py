"""Closed unless opened: every route names the permission it needs, or says why it is public."""

from dataclasses import dataclass
from typing import Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from topline.core.actor import Actor
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.web.limits import Limit, count


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody may call this route, for the stated reason."""

    reason: str


Needs = Permission | Public

#: What is missing where only a device can help.
_DEVICE_MISSING: Final = {Permission.TABLET_USE: "device_unknown", Permission.WALL_SHOW: "display_unknown"}


async def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let the caller in, or raise 401 (nobody), 403 (somebody without the right) or 429 (too often, for this route).

    A route without `needs` is closed to everyone, so forgetting it cannot open it. Where the person may not, the tablet
    or display in whose browser they are may: then that device is who calls.

    A coroutine, because Litestar would send a plain function to a thread for every request.
    """
    _admit(connection, handler)
    limit: Limit | None = handler.opt.get("limit")
    if limit is not None:
        await count(connection.scope, connection.app.state.services.limiter, limit)


def _admit(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    needs: Needs | None = handler.opt.get("needs")
    if isinstance(needs, Public):
        return
    who: Actor | None = connection.scope.get("user")
    devices: list[Actor] = connection.scope.get("state", {}).get("devices", [])
    for caller in (who, *devices):
        if caller is not None and needs is not None and caller.may(needs):
            if caller.owes is not None and not handler.opt.get("before_all"):
                raise Problem(caller.owes)
            if handler.opt.get("fresh"):
                caller.must_be_confirmed(connection.app.state.services.clock.now())
            connection.scope["user"] = caller
            return
    if needs in _DEVICE_MISSING:
        raise Problem(_DEVICE_MISSING[needs])
    raise Problem("unauthenticated" if who is None else "forbidden")
