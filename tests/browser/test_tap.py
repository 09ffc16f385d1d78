"""How a tap feels: at once on the screen, a double tap is one log, and an armed tile gives up by itself."""

from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.support.server import Server
from tests.browser.support.stage import PINS, Stage
from tests.browser.support.tablet import expect_waiting, make_tablet, open_tablet, sign_in, tile_of

#: From the confirming tap to the frame that shows it, in milliseconds.
AT_ONCE_MS = 100
_TAP_AND_TIME = """async tap => {
  tap.click();
  const began = performance.now();
  tap.click();
  const tile = tap.closest('[data-testid="behavior"]');
  await new Promise(requestAnimationFrame);
  return { took: performance.now() - began, state: tile.dataset.state };
}"""


@pytest.fixture
def tablet(stage: Stage, server: Server, window: Open) -> Page:
    """Fred, signed in at the tablet."""
    page = window()
    make_tablet(page.context, server.url, stage.tablet)
    open_tablet(page, server.url)
    sign_in(page, stage.cast.fred, PINS["fred"])
    return page


def test_a_tap_is_on_the_screen_at_once(stage: Stage, tablet: Page) -> None:
    times = []
    for key in ("greet", "upsell", "photo") * 3:
        tap = tile_of(tablet, stage.cast.behaviors[key]).get_by_test_id("behavior-tap")
        expect(tap).not_to_have_attribute("aria-disabled", "true")
        seen = tap.evaluate(_TAP_AND_TIME)
        assert seen["state"] == "logged"
        times.append(seen["took"])
    assert median(times) < AT_ONCE_MS, times


def test_hasty_taps_are_one_log(stage: Stage, tablet: Page) -> None:
    greet = stage.cast.behaviors["greet"]
    tap = tile_of(tablet, greet).get_by_test_id("behavior-tap")
    tap.click()
    tap.dblclick()
    expect(tablet.get_by_test_id("undo-bar")).to_be_visible()
    expect_waiting(tablet, 0)
    assert [log.behavior_id for log in stage.logs(stage.cast.fred)] == [greet]


def test_an_armed_tile_gives_up_after_three_seconds(stage: Stage, tablet: Page) -> None:
    tile = tile_of(tablet, stage.cast.behaviors["greet"])
    tile.get_by_test_id("behavior-tap").click()
    expect(tile).to_have_attribute("data-state", "armed")
    expect(tile).to_have_attribute("data-state", "idle", timeout=6_000)
    assert stage.logs(stage.cast.fred) == []
