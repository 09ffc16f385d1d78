"""Cookies as all of Topline sets them: for our host alone, out of reach of scripts, over TLS wherever there is TLS.

Over TLS their names begin with `__Host-`: a browser takes such a cookie only from this very host and only over TLS, so
neither another host of the hotel's domain nor somebody in the network can plant one. The plain name counts only where
there is no TLS.
"""

from typing import Final

from litestar.datastructures import Cookie
from litestar.types import Scope

from topline.web.request import Req

_PREFIX: Final = "__Host-"


def name_of(scope: Scope, name: str) -> str:
    """What a cookie is called in this request and in the answer to it."""
    return _PREFIX + name if _is_secure(scope) else name


def read_cookie(request: Req, name: str) -> str | None:
    """The cookie's value as the browser sent it."""
    return request.cookies.get(name_of(request.scope, name))


def make_cookie(request: Req, name: str, value: str, seconds: int | None) -> Cookie:
    """A cookie for `seconds`, or with None until the browser ends; 0 deletes it."""
    return Cookie(
        key=name_of(request.scope, name),
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_secure(request.scope),
    )


def _is_secure(scope: Scope) -> bool:
    """As the doorway worked it out: TLS here or at the trusted proxy, or the operator said so."""
    return bool(scope.get("state", {}).get("secure_cookies"))
