"""A proxy with TLS in front of a server, whose faults a test can plant: what an operator gets wrong."""

import contextlib
import ssl
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.support.certificates import make_pair


@dataclass
class Faults:
    """What is wrong with the proxy. `address` is whom it names as the client."""

    address: str = "203.0.113.1"
    dropped: set[str] = field(default_factory=set)
    added: dict[str, str] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    redirect: int = 308


@dataclass(frozen=True)
class Front:
    """Where it listens, and what is wrong with it."""

    url: str
    http_port: int
    authority: Path
    faults: Faults


@contextlib.contextmanager
def front(
    upstream: str, folder: Path, *, days: int = 90, oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
) -> Iterator[Front]:
    """Serve `upstream` over TLS, and a redirect to it over plain HTTP."""
    faults = Faults()
    pair = make_pair(folder, days, timedelta(days=90 - days, minutes=5))  # as old as it looks
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    if oldest < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = oldest
    client = httpx.Client(base_url=upstream, timeout=10, trust_env=False)
    secure = _Secure(context, _forwarder(client, faults))
    port = secure.server_port
    plain = ThreadingHTTPServer(("127.0.0.1", 0), _redirector(port, faults))
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in (secure, plain)]
    for thread in threads:
        thread.start()
    try:
        yield Front(f"https://127.0.0.1:{port}", plain.server_port, pair.certificate, faults)
    finally:
        for server in (secure, plain):
            server.shutdown()
            server.server_close()
        client.close()


class _Secure(ThreadingHTTPServer):
    """Speaks TLS in the thread of each connection; one that fails is closed and nothing more."""

    def __init__(self, context: ssl.SSLContext, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except OSError:
            return
        with secured:
            super().finish_request(secured, client_address)


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """The test's output is not the place for it."""

    def do_GET(self) -> None:
        self.answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the library's names

    def answer(self) -> None:
        raise NotImplementedError


def _forwarder(client: httpx.Client, faults: Faults) -> type[_Quiet]:
    class Forwarder(_Quiet):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            own = {"x-forwarded-for", "x-forwarded-proto", "connection", "content-length"}
            headers = {name: value for name, value in self.headers.items() if name.lower() not in own}
            headers |= {"X-Forwarded-For": faults.address, "X-Forwarded-Proto": "https"}
            found = client.request(self.command, self.path, content=body or None, headers=headers)
            path = self.path.partition("?")[0]
            self.send_response(
                next((to for part, to in faults.broken.items() if part in path), found.status_code)
            )
            kept = {"transfer-encoding", "connection", "content-length", "content-encoding", "date", "server"}
            for name, value in found.headers.multi_items():
                if name not in kept | faults.dropped:
                    self.send_header(name, value)
            for name, value in faults.added.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(found.content)))
            self.end_headers()
            self.wfile.write(found.content)

    return Forwarder


def _redirector(port: int, faults: Faults) -> type[_Quiet]:
    class Redirector(_Quiet):
        def answer(self) -> None:
            self.send_response(faults.redirect)
            self.send_header("Location", f"https://127.0.0.1:{port}{self.path}")
            self.send_header("content-length", "0")
            self.end_headers()

    return Redirector
