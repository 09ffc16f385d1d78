"""Closed unless opened: every route names the permission it needs, or says why it is public."""

from dataclasses import dataclass

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from topline.core.errors import Problem
from topline.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody may call this route, for the stated reason."""

    reason: str


Needs = Permission | Public


def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let the caller in, or raise 401 (nobody) or 403 (somebody without the right).

    A route without `needs` is closed to everyone, so forgetting it cannot open it.
    """
    needs: Needs | None = handler.opt.get("needs")
    if isinstance(needs, Public):
        return
    who = connection.scope.get("user")
    if who is None:
        raise Problem("unauthenticated")
    if needs is None or not who.may(needs):
        raise Problem("forbidden")
