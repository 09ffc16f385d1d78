"""The content security policy holds on every page, in every dialog and menu, for whoever looks: nobody hears of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.support.server import PEPPER, Server
from tests.browser.support.watch import Watch
from tests.house.route_table import allowed, declared
from tests.house.walk import filled
from tests.support.apps import running
from tests.support.databases import SqliteDatabases
from tests.support.furnished import Furnished, furnish

#: Read by programs, or downloaded.
NO_PAGES: Final = re.compile(r"/api/|/health|/openapi|/sw\.js|.*/(export|templates|problems|thumbnail)\b")
#: Whatever opens a dialog, by itself or by asking first.
_OPENERS: Final = (
    "main [data-dialog-open], body > * [data-dialog-open], form[data-confirm], button[data-confirm]"
)
#: A click that needs no eyes: what is hidden in a menu opens its dialog, too.
_OPEN: Final = "element => element.matches('form') ? element.requestSubmit() : element.click()"
_CLOSE: Final = "() => document.querySelectorAll('dialog[open]').forEach(dialog => dialog.close())"
_UNFOLD: Final = "() => document.querySelectorAll('details').forEach(details => { details.open = true })"
_ENOUGH: Final = 30


@dataclass(frozen=True)
class Lived:
    """A served hotel with one of everything."""

    server: Server
    things: Furnished

    def cookies(self, viewer: str) -> dict[str, str]:
        """What makes a browser this viewer's."""
        hotel = self.things.hotel
        tablet = {"topline_device": hotel.tablet.token}
        return {
            "nobody": {},
            "owner": {"topline_session": hotel.olive.token},
            "manager": {"topline_session": hotel.max.token},
            "staff@tablet": {"topline_session": hotel.sam.token, **tablet},
            "tablet": tablet,
            "display": {"topline_display": hotel.display.token},
        }[viewer]


@pytest.fixture(scope="module")
def lived(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("csp")
    with sqlite_databases.fresh() as url:
        with running(url, folder, pepper=PEPPER) as house:
            house.clock.instant = datetime.now(UTC)  # the served hotel lives today
            things = furnish(house, "House of Pages")
        settings = {"TOPLINE_PEPPER": PEPPER, "TOPLINE_LIMIT_API": "100000/minute"}
        server = Server(folder / "data", url, settings).start()
        yield Lived(server, things)
        server.kill()


def pages_of(viewer: str) -> list[str]:
    """Every page the table of routes lets this viewer open: a new one is here by itself."""
    may = allowed().get(viewer, set()) | {"public"}
    routes = (name.split() for name, permission in declared().items() if permission in may)
    return [path for method, path in routes if method == "GET" and not NO_PAGES.match(path)]


@pytest.mark.parametrize(
    ("viewer", "least"),
    [("nobody", 0), ("owner", 10), ("manager", 10), ("staff@tablet", 0), ("tablet", 0), ("display", 0)],
)
def test_no_page_and_no_dialog_breaks_the_policy(
    lived: Lived, window: Open, watch: Watch, viewer: str, least: int
) -> None:
    """`least` is how many dialogs must have been seen, or the walk would pass for having opened none."""
    # Some pages refuse this viewer or this hotel, and dialogs are closed before what they asked for has come.
    watch.expect("status of 401", "status of 403", "status of 404", "htmx:")
    page, url = window(), lived.server.url
    cookies = lived.cookies(viewer).items()
    page.context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies])
    opened = 0
    for path in pages_of(viewer):
        page.goto(url + filled(path, lived.things.ids))
        opened += open_everything(page)
    assert opened >= least


def open_everything(page: Page) -> int:
    """Unfold what folds and open the dialogs of the page; how many were seen."""
    address, opened = page.url, 0
    page.evaluate(_UNFOLD)
    openers = page.locator(_OPENERS)
    for number in range(min(openers.count(), _ENOUGH)):
        openers.nth(number).evaluate(_OPEN)
        opened += page.locator("dialog[open]").count()
        page.evaluate(_CLOSE)
        assert page.url == address
    return opened


def test_a_script_that_slipped_in_does_not_run_and_is_heard(lived: Lived, window: Open, watch: Watch) -> None:
    """The control of the walk: inline, by an event handler, from an address of ours, and a style; none is let in."""
    page, url = window(), lived.server.url
    page.goto(f"{url}/sign-in")
    static = page.locator("script[src]").first.get_attribute("src")
    page.evaluate(
        """static => {
          const add = (tag, given) => document.body.append(Object.assign(document.createElement(tag), given));
          add("script", { textContent: "document.title = 'broken'" });
          add("script", { src: static, onload: () => { document.title = "broken"; } });
          document.body.insertAdjacentHTML("beforeend", "<p style='color: red' onclick='document.title = 1'>x</p>");
          document.querySelector("p[onclick]").click();
        }""",
        static,
    )
    page.wait_for_function("() => document.querySelector('p[onclick]') !== null")
    heard = [text.split()[2] for text in watch.heard if text.startswith("policy broken")]
    assert sorted(heard) == ["script-src-attr", "script-src-elem", "script-src-elem", "style-src-attr"]
    assert page.title() != "broken"
    watch.expect("policy broken", "Content Security Policy")
