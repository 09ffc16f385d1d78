"""Scripts of other sites: kept out, unless the operator names their origin; and then at the API alone, with a key.

No answer ever allows credentials: a script of another site shows an API key, and can never use the cookie of whoever
looks at it.
"""

from typing import Final

from topline.web.headers import Headers

_VARY: Final = (b"vary", b"origin")
_PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type, if-none-match"),
    (b"access-control-max-age", b"600"),
]
_READABLE: Final = (
    b"access-control-expose-headers",
    b"etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id",
)


class Cors:
    """Which other origins may call the API."""

    def __init__(self, origins: str) -> None:
        self._origins = frozenset(
            part.strip().lower().encode() for part in origins.split(",") if part.strip()
        )

    def headers(self, path: str, origin: bytes | None) -> Headers:
        """What goes on an answer: nothing anywhere but at the API, and there as long as no origin is configured."""
        if not self._origins or not path.startswith("/api/"):
            return []
        if not self._allows(origin):
            return [_VARY]
        assert origin is not None
        return [(b"access-control-allow-origin", origin), _READABLE, _VARY]

    def preflight(self, method: str, path: str, headers: dict[bytes, bytes]) -> Headers | None:
        """The answer to a browser that asks first whether a request may be sent; None for any other request."""
        origin = headers.get(b"origin")
        asks = method == "OPTIONS" and b"access-control-request-method" in headers
        if not asks or not path.startswith("/api/") or not self._allows(origin):
            return None
        assert origin is not None
        return [(b"access-control-allow-origin", origin), *_PREFLIGHT, _VARY]

    def _allows(self, origin: bytes | None) -> bool:
        return origin is not None and origin.lower() in self._origins
