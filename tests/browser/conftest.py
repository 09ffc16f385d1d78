"""Real Chromium against a real server process. Everything here is marked `browser`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.support.chromium import ARGUMENTS, TABLET, Profile
from tests.browser.support.proxy import Proxy, proxy_before
from tests.browser.support.script import Script
from tests.browser.support.server import PEPPER, Server
from tests.browser.support.stage import Stage, set_stage
from tests.browser.support.watch import Watch
from tests.conftest import POSTGRESQL, SQLITE
from tests.factories import key_of
from tests.support.databases import PostgresDatabases, SqliteDatabases

Open = Callable[..., Page]

HERE = Path(__file__).parent
#: How long a page may take to show what it should, in milliseconds, on a machine that does other work too.
PATIENCE_MS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser and takes a while."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def playwright(chromium_path: Path) -> Iterator[Playwright]:
    """Playwright for one module: it occupies the thread's event loop, which other tests may want."""
    with sync_playwright() as started:
        expect.set_options(timeout=PATIENCE_MS)
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium_path: Path) -> Iterator[Browser]:
    """A browser whose windows share nothing with each other."""
    started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end when a page complained."""
    watch = Watch()
    yield watch
    assert watch.unexpected() == []


@pytest.fixture
def window(browser: Browser, watch: Watch) -> Iterator[Open]:
    """`window(**options)` opens a page in a window of its own, with its own cookies and storage.

    Ask for it after the server: what was asked for last ends first.
    """
    opened: list[BrowserContext] = []

    def open_window(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": TABLET, **options})
        opened.append(context)
        watch.listen_to(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def profile(playwright: Playwright, chromium_path: Path, tmp_path: Path, watch: Watch) -> Iterator[Profile]:
    """A browser that can be killed and comes back with what it kept on the disk."""
    found = Profile(playwright, chromium_path, tmp_path / "profile", watch)
    yield found
    found.close()


@pytest.fixture
def stage(sqlite_databases: SqliteDatabases) -> Iterator[Stage]:
    """The small hotel on a SQLite file."""
    with sqlite_databases.fresh() as url:
        set_up = set_stage(url)
        yield set_up
        set_up.database.close()


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def either_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The small hotel; the test runs once on SQLite and once on PostgreSQL."""
    kind = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(kind)
    with databases.fresh() as url:
        set_up = set_stage(url)
        yield set_up
        set_up.database.close()


@pytest.fixture
def server(stage: Stage, tmp_path: Path) -> Iterator[Server]:
    """A running server of the stage, with the settings an operator gets."""
    started = serve(stage, tmp_path)
    yield started
    started.kill()


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """A bad network before the server."""
    with proxy_before(server.port) as found:
        yield found


@pytest.fixture
def script(stage: Stage, server: Server) -> Iterator[Script]:
    """The API in the name of Olga, the owner."""
    found = Script(server.url, key_of(stage.database, stage.cast.olga))
    yield found
    found.close()


def serve(stage: Stage, folder: Path, **settings: str) -> Server:
    """Start a server of this stage."""
    fixed = {"TOPLINE_PEPPER": PEPPER, **settings}
    return Server(folder / "data", stage.url, fixed).start()
