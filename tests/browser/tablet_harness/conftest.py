"""One module of the tablet at a time, in Chromium, without a server behind it."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from topline.web.static_files import FOLDER

Call = Callable[..., Any]


class _Files(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def do_GET(self) -> None:
        if self.path in ("/", "/favicon.ico"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """The static files as they lie in the tree."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(FOLDER)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def page(window: Open, files: str) -> Page:
    page = window()
    page.goto(files)
    return page


@pytest.fixture
def call(page: Page) -> Call:
    """`call("lib/money.js", "parseMinor", "40", 2)`: one function of one module. NaN comes back as the text NaN."""

    def call_it(module: str, name: str, *arguments: Any) -> Any:
        return page.evaluate(
            """async ([module, name, args]) => {
              const value = (await import(`/tablet/${module}`))[name](...args);
              return Number.isNaN(value) ? "NaN" : value;
            }""",
            [module, name, list(arguments)],
        )

    return call_it
