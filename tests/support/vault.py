"""A key/value store that speaks Vault's documented HTTP API (KV version 2), for as long as a test needs it.

`GET /v1/MOUNT/data/PATH` with the header `X-Vault-Token`: 200 with `data.data` and `data.metadata`, 403 for another
token, 404 for a path that is not there or whose newest version was deleted, 503 while sealed.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Vault:
    """What it holds, by `MOUNT/PATH`; a new value is a new version."""

    address: str = ""
    token: str = "hvs.a-token-of-the-test"
    secrets: dict[str, list[dict[str, str] | None]] = field(default_factory=dict)
    sealed: bool = False
    asked: int = 0

    def put(self, path: str, **values: str) -> None:
        """Write the next version."""
        self.secrets.setdefault(path, []).append(values)

    def answer(self, path: str, token: str | None) -> tuple[int, object]:
        """Status and body, as the documentation has them."""
        self.asked += 1
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != self.token:
            return 403, {"errors": ["permission denied"]}
        mount, _, rest = path.removeprefix("/v1/").partition("/data/")
        versions = self.secrets.get(f"{mount}/{rest}", [])
        if not versions:
            return 404, {"errors": []}
        deleted = "" if versions[-1] is not None else "2026-03-04T10:00:00Z"
        metadata = {"version": len(versions), "destroyed": False, "deletion_time": deleted}
        found = {"request_id": "1", "data": {"data": versions[-1], "metadata": metadata}}
        return (404 if deleted else 200), found


@contextmanager
def vault() -> Iterator[Vault]:
    """One that listens on a free port of this machine."""
    store = Vault()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = store.answer(self.path.partition("?")[0], self.headers.get("X-Vault-Token"))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what it saw."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
