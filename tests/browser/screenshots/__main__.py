"""Every page in a picture: `python -m tests.browser.screenshots [--only verify] [--out screenshots]`."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.browser.screenshots.hotels import Hotel, demo_hotel, empty_hotel
from tests.browser.screenshots.office import EMPTY, FIRST_RUN, OFFICE
from tests.browser.screenshots.sheet import file_name, write_sheet
from tests.browser.screenshots.shots import SIZES, THEMES, Scene, Shot, Size, Theme, Viewer
from tests.browser.screenshots.tablet import TABLETS, WALLS
from tests.browser.support.chromium import ARGUMENTS
from tests.browser.support.watch import NO_SERVER, Watch
from tests.support.parts import CHROMIUM

ALL = (*FIRST_RUN, *OFFICE, *TABLETS, *WALLS, *EMPTY)
FOUNDER = {
    "organization_name": "Harbour House",
    "owner_name": "Olga Owner",
    "email": "olga@harbour.invalid",
    "password": "seven quiet lanterns",
    "password_again": "seven quiet lanterns",
}
#: A page longer than so many windows is cut there.
LONGEST = 3
#: What pictures of refusals and of a lost server provoke.
EXPECTED = (*NO_SERVER, "net::ERR_INTERNET_DISCONNECTED", "status of 401", "status of 404", "status of 422")


def main() -> int:
    """Take the pictures; the exit code is 1 when one could not be taken or a page complained."""
    arguments = _arguments()
    if CHROMIUM.program is None:
        print(CHROMIUM.line, file=sys.stderr)
        return 2
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.program, args=ARGUMENTS)
        studio = Studio(browser, out, arguments.size, arguments.theme, failures)
        demo = _wanted((*OFFICE, *TABLETS, *WALLS), arguments.only)
        if demo:
            print("opening the demo hotel", flush=True)
            with demo_hotel() as hotel:
                studio.take(hotel, demo)
        first, empty = _wanted(FIRST_RUN, arguments.only), _wanted(EMPTY, arguments.only)
        if first or empty:
            print("opening an empty house", flush=True)
            with empty_hotel() as hotel:
                studio.take(hotel, first)
                if empty:
                    _found(browser, hotel)
                    studio.take(hotel, empty)
        browser.close()
    print(f"{studio.taken} pictures, see {write_sheet(out, ALL)}")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


class Studio:
    """Takes pictures: every size and theme of every shot, each viewer in a window of their own."""

    def __init__(
        self, browser: Browser, out: Path, sizes: list[Size], themes: list[Theme], failures: list[str]
    ) -> None:
        self.browser = browser
        self.out = out
        self.sizes = sizes
        self.themes = themes
        self.failures = failures
        self.taken = 0
        self._cookies: dict[tuple[str, Viewer], list[Any]] = {}

    def take(self, hotel: Hotel, shots: tuple[Shot, ...]) -> None:
        """All pictures of one hotel."""
        viewers = list(dict.fromkeys(shot.viewer for shot in shots))
        for size in self.sizes:
            for theme in self.themes:
                for viewer in viewers:
                    mine = [shot for shot in shots if shot.viewer == viewer and size in shot.sizes]
                    if mine:
                        self._sitting(hotel, viewer, size, theme, mine)

    def _sitting(self, hotel: Hotel, viewer: Viewer, size: Size, theme: Theme, shots: list[Shot]) -> None:
        started = time.monotonic()
        for shot in shots:
            with self._window(size, theme) as context:
                watch = Watch(expected=list(EXPECTED))
                watch.listen_to(context)
                try:
                    self._become(context, hotel, viewer)
                    page = context.new_page()
                    page.set_default_timeout(10_000)
                    shot.draw(Scene(page, hotel, theme))
                    self._save(page, shot, size, theme)
                except (Error, AssertionError) as error:
                    self.failures.append(f"{file_name(shot, size, theme)}: {error}")
                self.failures += [f"{file_name(shot, size, theme)}: {text}" for text in watch.unexpected()]
        seconds = time.monotonic() - started
        print(f"{size}, {theme}, {viewer}: {len(shots)} in {seconds:.0f} s", flush=True)

    @contextmanager
    def _window(self, size: Size, theme: Theme) -> Iterator[BrowserContext]:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
            locale="en-GB",
            has_touch=size in ("tablet", "phone"),
        )
        try:
            yield context
        finally:
            context.close()

    def _become(self, context: BrowserContext, hotel: Hotel, viewer: Viewer) -> None:
        """Give a window the cookie that makes it this viewer's."""
        key = (hotel.url, viewer)
        if key not in self._cookies:
            self._cookies[key] = _cookies_of(context, hotel, viewer)
        context.add_cookies(self._cookies[key])

    def _save(self, page: Page, shot: Shot, size: Size, theme: Theme) -> None:
        page.evaluate("() => document.fonts.ready.then(() => undefined)")
        page.wait_for_timeout(150)
        width, height = SIZES[size]
        path = self.out / file_name(shot, size, theme)
        if not shot.window_only:
            # The window grows with the page, up to a point: what sticks to its edges is then where it belongs.
            full = int(page.evaluate("() => document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": max(height, min(full, LONGEST * height))})
        page.screenshot(path=path, animations="disabled", caret="hide")
        self.taken += 1


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


def _found(browser: Browser, hotel: Hotel) -> None:
    """Go through the first run."""
    page = browser.new_page()
    page.goto(f"{hotel.url}/welcome")
    for name, value in FOUNDER.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('[name="zone"]').select_option("Europe/Lisbon")
    page.locator('[name="currency"]').select_option("EUR")
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(lambda url: "/welcome" not in url)
    page.close()


def _wanted(shots: tuple[Shot, ...], only: list[str]) -> tuple[Shot, ...]:
    if not only:
        return shots
    return tuple(
        shot for shot in shots if any(shot.name == one or shot.name.startswith(f"{one}-") for one in only)
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], help="a page, for example verify; may be repeated"
    )
    parser.add_argument("--out", type=Path, default=Path("screenshots"), help="the folder for the pictures")
    parser.add_argument("--size", action="append", choices=get_args(Size), help="default: every size")
    parser.add_argument("--theme", action="append", choices=get_args(Theme), help="default: both")
    parsed = parser.parse_args()
    parsed.size = parsed.size or list(SIZES)
    parsed.theme = parsed.theme or list(THEMES)
    return parsed


if __name__ == "__main__":
    sys.exit(main())
