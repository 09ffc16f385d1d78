"""The wall looks after itself: it says when it is out of touch, and comes back without anybody's hand."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.support.evening import log_many
from tests.browser.support.server import Server
from tests.browser.support.stage import Stage
from tests.browser.support.watch import NO_SERVER, Watch

TV = {"width": 1920, "height": 1080}
#: Longer than a wall believes what it last heard, in milliseconds.
LONG_MS = 120_000
#: A wall that lost its server looks for it again after pauses that grow to a minute.
BACK_MS = 70_000


def open_wall(window: Open, server: Server, stage: Stage) -> Page:
    """The link of a display, opened on a TV."""
    wall = window(viewport=TV)
    wall.goto(f"{server.url}/wall/{stage.display.token}")
    expect(wall.locator("[data-wall]")).to_contain_text("as of")
    wall.evaluate("() => { window.sinceThen = true }")
    return wall


def test_a_wall_takes_up_where_it_was_when_the_server_comes_back(
    stage: Stage, server: Server, window: Open, watch: Watch
) -> None:
    watch.expect(*NO_SERVER, "net::ERR_INCOMPLETE_CHUNKED_ENCODING")
    wall = open_wall(window, server, stage)
    server.kill()
    server.start()
    log_many(server.url, stage, stage.cast.bella, "tidy", 3)
    expect(wall.locator("[data-wall]")).to_contain_text("We logged 3 behaviors", timeout=BACK_MS)
    assert wall.evaluate("() => window.sinceThen"), "the wall was loaded anew"


def test_a_wall_out_of_touch_turns_grey_and_says_so_and_recovers(
    stage: Stage, server: Server, window: Open, watch: Watch
) -> None:
    watch.expect("net::ERR_INTERNET_DISCONNECTED", *NO_SERVER)
    wall = window(viewport=TV)
    wall.clock.install()
    wall.goto(f"{server.url}/wall/{stage.display.token}")
    expect(wall.locator("[data-wall]")).to_contain_text("as of")
    expect(wall.locator("[data-wall-stale]")).to_be_hidden()
    wall.context.set_offline(True)
    wall.clock.run_for(LONG_MS)
    expect(wall.locator("[data-wall-stale]")).to_have_text(
        "No connection to Topline. The numbers are from before."
    )
    expect(wall.locator("[data-wall].is-stale")).to_be_visible()
    # No clock is turned on from here: it would run past answers that are still on their way.
    wall.context.set_offline(False)
    expect(wall.locator("[data-wall-stale]")).to_be_hidden()


def test_nothing_on_the_wall_leads_into_the_office(stage: Stage, server: Server, window: Open) -> None:
    log_many(server.url, stage, stage.cast.bella, "tidy", 2)
    wall = open_wall(window, server, stage)
    expect(wall.get_by_role("list")).to_contain_text("Bella")
    assert wall.locator("a, button, form, input").count() == 0
    # Nor does the key of the display open anything else.
    for path in ("/today", "/verify", "/results", "/people"):
        answer = wall.context.request.get(f"{server.url}{path}", max_redirects=0)
        assert answer.status in (302, 303, 401, 403), path
