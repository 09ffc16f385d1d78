"""An OSV service for the tests: the real protocol (POST /v1/query, JSON), and weaknesses of our choosing."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

CANARY: Final = {("litestar", "2.17.0"): "GHSA-hm36-ffrh-c77c"}


@contextmanager
def osv(known: Mapping[tuple[str, str], str], *, broken: frozenset[str] = frozenset()) -> Iterator[str]:
    """The address of a service that knows these; about the packages in `broken` it can only say 500."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = asked["package"]["name"], asked["version"]
            assert asked["package"]["ecosystem"] == "PyPI"
            if name in broken:
                self._say(500, {})
            elif (name, version) in known:
                self._say(200, {"vulns": [_weakness(known[name, version], name)]})
            else:
                self._say(200, {})

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Not into the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _weakness(name: str, package: str) -> dict[str, Any]:
    events = [{"introduced": "0"}, {"fixed": "99.0"}]
    affected = {
        "package": {"name": package, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {"id": name, "schema_version": "1.6.0", "aliases": ["CVE-2025-0001"], "affected": [affected]}
