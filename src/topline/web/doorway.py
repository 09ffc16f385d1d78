"""The doorway: what happens to a request before and after the routes.

In this order: liveness and static files (no state needed), a request id, the caller's address, cross-site check, who
is it, how often, then the routes; on the way out security headers, and one log line.
"""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from topline.core.actor import Actor
from topline.core.errors import Problem, invalid
from topline.core.ids import new_id
from topline.web.addresses import BY_SOCKET, client_of, is_trusted, parse_networks
from topline.web.cors import Cors
from topline.web.csrf import is_cross_site
from topline.web.headers import NO_STORE, Headers, SecurityHeaders, new_nonce
from topline.web.limits import count_request, headers_of
from topline.web.patience import Body
from topline.web.problems import answer, as_problem, record
from topline.web.services import Services
from topline.web.static_files import StaticFiles

log = structlog.get_logger("request")

_TOKEN = re.compile(r"(tl_[a-z]+_)[A-Za-z0-9_-]+")

#: What a browser or a proxy can mean by `Host`: a name or an address, and perhaps a port.
_HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")

#: Asked by load balancers and operators every second: whoever asks, and however often, nothing else is looked up first.
PROBES = frozenset({"/health/ready", "/health/version", "/api/health"})

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Doorway:
    """The outermost ASGI application."""

    def __init__(self, app: Litestar, services: Services, static: StaticFiles) -> None:
        self._app = app
        self._services = services
        self._static = static
        self._trusted = parse_networks(services.settings.trusted_proxies)
        self._headers = SecurityHeaders(services.settings.hsts_seconds)
        self._cors = Cors(services.settings.cors_origins)

    @property
    def litestar(self) -> Litestar:
        """The routes behind the doorway."""
        return self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:  # the server's own start and stop messages
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        address, secure = self._origin(scope, headers)
        path = scope["path"]
        if path == "/health":
            extra = [NO_STORE, *self._headers.of(secure=secure)]
            await _send(send, 200, b"text/plain; charset=utf-8", b"ok", extra)
        elif path.startswith("/static/"):
            await self._send_static(scope, headers, send, self._headers.of(secure=secure))
        else:
            await self._serve(scope, receive, send, headers, address, secure)

    def _origin(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> tuple[str, bool]:
        """The address of the client, and whether it came by TLS: here, or at the proxy that is believed."""
        forwarded = headers.get(b"x-forwarded-for")
        peer = (scope.get("client") or ("",))[0] or BY_SOCKET
        address = client_of(peer, forwarded.decode("latin-1") if forwarded else None, self._trusted)
        said = headers.get(b"x-forwarded-proto", b"").lower() == b"https"
        return address, scope["scheme"] == "https" or (said and is_trusted(peer, self._trusted))

    async def _serve(
        self,
        scope: HTTPScope,
        receive: Receive,
        send: Send,
        headers: dict[bytes, bytes],
        address: str,
        secure: bool,
    ) -> None:
        started = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = new_id().hex
        state["client_address"] = address
        state["secure"] = secure
        state["secure_cookies"] = secure or self._services.settings.secure_cookies
        state["nonce"] = nonce = new_nonce()
        status = 500
        extra = [*self._headers.of(secure=secure, nonce=nonce), (b"x-request-id", request_id.encode())]
        preflight = self._cors.preflight(scope["method"], scope["path"], headers)
        if preflight is not None:
            await _send(send, 204, b"text/plain", b"", [*preflight, NO_STORE, *extra])
            return
        extra += self._cors.headers(scope["path"], headers.get(b"origin"))

        body = Body(receive)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status >= 400 and status != 408:
                    await body.discard()
                given = message["headers"]
                # What a route says nothing about is personal: nobody keeps it.
                kept = () if any(name == b"cache-control" for name, _ in given) else (NO_STORE,)
                message["headers"] = [*given, *kept, *headers_of(scope), *extra]
            await send(message)

        actor: Actor | None = None
        try:
            self._refuse_cross_site(scope, headers)
            if scope["path"] in PROBES:
                scope["user"] = None
            else:
                # Addresses of pages, links and passkeys are made of it: without one there is nothing to answer.
                if _HOST.fullmatch(headers.get(b"host", b"")) is None:
                    raise invalid("Host", "invalid", "The request does not say which site it is for.")
                scope["user"] = actor = await self._services.identify(scope)
                await count_request(scope, self._services.limiter, actor, address)
        except Exception as error:
            await self._refuse(error, scope, body.receive, send_with_headers)
        else:
            await self._app(scope, body.receive, send_with_headers)
        log.info(
            "request",
            method=scope["method"],
            path=harmless(scope["path"]),
            status=status,
            ms=round((time.perf_counter() - started) * 1000, 1),
            request_id=request_id,
            actor=_actor_id(actor),
        )

    def _refuse_cross_site(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> None:
        origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if is_cross_site(
            scope["method"],
            host=headers.get(b"host", b"").decode("latin-1"),
            origin=origin.decode("latin-1") if origin else None,
            fetch_site=site.decode("latin-1") if site else None,
            # Signing in needs no cookie yet, and must not be done to a browser by another site either.
            has_cookie=b"authorization" not in headers
            and any(name in headers for name in (b"cookie", b"origin", b"sec-fetch-site")),
        ):
            raise Problem("cross_site")

    async def _refuse(self, error: Exception, scope: HTTPScope, receive: Receive, send: Send) -> None:
        problem = as_problem(error)
        record(error, problem, harmless(scope["path"]))
        scope["litestar_app"] = scope["app"] = self._app
        request: Any = self._app.request_class(scope, receive, send)
        response = answer(request, problem).to_asgi_response(None, request)
        await response(scope, receive, send)

    async def _send_static(
        self, scope: HTTPScope, headers: dict[bytes, bytes], send: Send, security: Headers
    ) -> None:
        found = self._static.find(scope["path"])
        if found is None:
            await _send(send, 404, b"text/plain; charset=utf-8", b"Not found", security)
            return
        file, current = found
        keep = b"public, max-age=31536000, immutable" if current else b"no-cache"
        extra = [
            (b"cache-control", keep),
            (b"etag", file.etag.encode()),
            (b"vary", b"accept-encoding"),
            *security,
        ]
        if headers.get(b"if-none-match") == file.etag.encode():
            await _send(send, 304, file.content_type.encode(), b"", extra)
            return
        body = file.body
        if file.packed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
            body = file.packed
            extra.append((b"content-encoding", b"gzip"))
        await _send(send, 200, file.content_type.encode(), body if scope["method"] == "GET" else b"", extra)


def harmless(path: str) -> str:
    """A path for the log: the link of a wall display carries its token, which must not be written down."""
    return _TOKEN.sub(r"\1…", path)


def _actor_id(actor: Actor | None) -> str | None:
    if actor is None:
        return None
    who: UUID | None = actor.person_id or actor.device_id
    return str(who)


async def _send(send: Send, status: int, kind: bytes, body: bytes, headers: Headers) -> None:
    start = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body, "more_body": False})
