"""Windows for the photographer: of every size and theme, opened as whoever looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.screenshots.hotels import Hotel
from tests.browser.screenshots.shots import SIZES, Size, Theme, Viewer
from tests.browser.support.watch import NO_SERVER, Watch

FOUNDER: Final = {
    "organization_name": "Harbour House",
    "owner_name": "Olga Owner",
    "email": "olga@harbour.invalid",
    "password": "seven quiet lanterns",
    "password_again": "seven quiet lanterns",
}
#: What pictures of refusals and of a lost server provoke.
EXPECTED: Final = (
    *NO_SERVER,
    "net::ERR_INTERNET_DISCONNECTED",
    "status of 401",
    "status of 404",
    "status of 422",
)
_PATIENCE_MS: Final = 10_000


class Studio:
    """Opens windows. Whoever signed in once stays signed in for the next window."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._cookies: dict[tuple[str, Viewer], list[Any]] = {}

    @contextmanager
    def window(self, hotel: Hotel, viewer: Viewer, size: Size, theme: Theme) -> Iterator[tuple[Page, Watch]]:
        """A page that this viewer has before them, and what it complains about."""
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
            locale="en-GB",
            has_touch=size in ("tablet", "phone"),
            # Bars to scroll with lie over the page there, and take no room.
            is_mobile=size == "phone",
        )
        watch = Watch(expected=list(EXPECTED))
        watch.listen_to(context)
        try:
            self._become(context, hotel, viewer)
            page = context.new_page()
            page.set_default_timeout(_PATIENCE_MS)
            yield page, watch
        finally:
            context.close()

    def found_house(self, hotel: Hotel) -> None:
        """Go through the first run of an empty installation."""
        with self.window(hotel, "nobody", "desktop", "light") as (page, _):
            page.goto(f"{hotel.url}/welcome")
            for name, value in FOUNDER.items():
                page.locator(f'[name="{name}"]').fill(value)
            page.locator('[name="zone"]').select_option("Europe/Lisbon")
            page.locator('[name="currency"]').select_option("EUR")
            page.get_by_role("button", name="Set up").click()
            page.wait_for_url(lambda url: "/welcome" not in url)

    def _become(self, context: BrowserContext, hotel: Hotel, viewer: Viewer) -> None:
        """Give a window the cookie that makes it this viewer's."""
        key = (hotel.url, viewer)
        if key not in self._cookies:
            self._cookies[key] = _cookies_of(context, hotel, viewer)
        context.add_cookies(self._cookies[key])


def _cookies_of(context: BrowserContext, hotel: Hotel, viewer: Viewer) -> list[Any]:
    if viewer == "nobody":
        return []
    if viewer in ("tablet", "display"):
        key = "device" if viewer == "tablet" else "display"
        return [{"name": f"topline_{key}", "value": hotel.accounts[f"{key}_token"], "url": hotel.url}]
    who = FOUNDER if viewer == "founder" else hotel.accounts[viewer]
    data = {"email": who["email"], "password": who["password"]}
    answer = context.request.post(f"{hotel.url}/api/auth/login", data=data)
    assert answer.ok, answer.text()
    return list(context.cookies())
