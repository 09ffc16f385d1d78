"""The staff tablet as a person uses it."""

import time
from uuid import UUID

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.cast import Machine, Who

#: Longer than a tile rests after a confirming tap.
_REST_SECONDS = 0.4
_YEAR_SECONDS = 365 * 24 * 3600


def make_tablet(context: BrowserContext, url: str, tablet: Machine) -> None:
    """Give the browser the cookie of an enrolled tablet."""
    expires = time.time() + _YEAR_SECONDS
    context.add_cookies(
        [{"name": "topline_device", "value": tablet.token, "url": url, "expires": expires, "httpOnly": True}]
    )


def open_tablet(page: Page, url: str) -> Page:
    """Open the app and wait until it can open without the server."""
    page.goto(f"{url}/tablet")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.wait_for_function("async () => Boolean(await caches.match('/tablet'))")
    return page


def sign_in(page: Page, who: Who, pin: str) -> None:
    """Tap the own tile, type the PIN."""
    tile = page.locator(f'[data-testid="person"][data-person-id="{who.id}"]')
    if not tile.is_visible():
        page.locator('[data-testid="department"][data-department-id=""]').click()
    tile.click()
    for digit in pin:
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("pin-ok").click()
    expect(page.locator(f'[data-testid="screen-log"][data-person-id="{who.id}"]')).to_be_visible()
    expect(page.get_by_test_id("behavior").first).to_be_visible()


def tile_of(page: Page, behavior_id: UUID) -> Locator:
    """The tile of a behavior."""
    return page.locator(f'[data-testid="behavior"][data-behavior-id="{behavior_id}"]')


def log_once(page: Page, behavior_id: UUID) -> None:
    """Tap, tap again. Comes back when the tablet says it is recorded."""
    tile = tile_of(page, behavior_id)
    tap = tile.get_by_test_id("behavior-tap")
    expect(tap).not_to_have_attribute("aria-disabled", "true")
    tap.click()
    expect(tile).to_have_attribute("data-state", "armed")
    tap.click()
    expect(page.get_by_test_id("undo-bar")).to_be_visible()


def waiting_on(page: Page) -> int:
    """How many entries the tablet says are waiting."""
    return int(page.get_by_test_id("link").get_attribute("data-waiting") or 0)


def expect_waiting(page: Page, count: int, timeout: float | None = None) -> None:
    """Wait until the tablet says that so many entries are waiting."""
    expect(page.get_by_test_id("link")).to_have_attribute("data-waiting", str(count), timeout=timeout)
