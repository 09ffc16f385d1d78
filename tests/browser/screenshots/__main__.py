"""Every page in a picture: `python -m tests.browser.screenshots [--only verify] [--out screenshots]`."""

import argparse
import sys
import time
from pathlib import Path
from typing import get_args

from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.browser.screenshots.hotels import Hotel, demo_hotel, empty_hotel
from tests.browser.screenshots.office import EMPTY, FIRST_RUN, OFFICE
from tests.browser.screenshots.sheet import file_name, write_sheet
from tests.browser.screenshots.shots import SIZES, THEMES, Scene, Shot, Size, Theme
from tests.browser.screenshots.studio import Studio
from tests.browser.screenshots.tablet import CELEBRATION, TABLETS, WALLS
from tests.browser.support.chromium import ARGUMENTS
from tests.support.parts import CHROMIUM

#: A page longer than so many windows is cut there.
LONGEST = 3


def main() -> int:
    """Take the pictures; the exit code is 1 when one could not be taken or a page complained."""
    arguments = _arguments()
    if CHROMIUM.program is None:
        print(CHROMIUM.line, file=sys.stderr)
        return 2
    arguments.out.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM.program, args=ARGUMENTS)
        studio = Studio(browser)
        camera = Camera(studio, arguments.out, arguments.size, arguments.theme)
        demo = _wanted((*OFFICE, *TABLETS, *WALLS), arguments.only)
        last = _wanted(CELEBRATION, arguments.only)
        if demo or last:
            print("opening the demo hotel", flush=True)
            with demo_hotel() as hotel:
                camera.take(hotel, demo)
                camera.take(hotel, last)
        first, empty = _wanted(FIRST_RUN, arguments.only), _wanted(EMPTY, arguments.only)
        if first or empty:
            print("opening an empty house", flush=True)
            with empty_hotel() as hotel:
                camera.take(hotel, first)
                if empty:
                    studio.found_house(hotel)
                    camera.take(hotel, empty)
        browser.close()
    sheet = write_sheet(arguments.out, (*FIRST_RUN, *OFFICE, *TABLETS, *WALLS, *CELEBRATION, *EMPTY))
    print(f"{camera.taken} pictures, see {sheet}")
    for failure in camera.failures:
        print(failure, file=sys.stderr)
    return 1 if camera.failures else 0


class Camera:
    """Takes every size and theme of every shot, and notes what went wrong."""

    def __init__(self, studio: Studio, out: Path, sizes: list[Size], themes: list[Theme]) -> None:
        self.studio = studio
        self.out = out
        self.sizes = sizes
        self.themes = themes
        self.failures: list[str] = []
        self.taken = 0

    def take(self, hotel: Hotel, shots: tuple[Shot, ...]) -> None:
        """All pictures of one hotel."""
        for size in self.sizes:
            for theme in self.themes:
                mine = [shot for shot in shots if size in shot.sizes]
                started = time.monotonic()
                for shot in mine:
                    self._one(hotel, shot, size, theme)
                if mine:
                    print(f"{size}, {theme}: {len(mine)} in {time.monotonic() - started:.0f} s", flush=True)

    def _one(self, hotel: Hotel, shot: Shot, size: Size, theme: Theme) -> None:
        name = file_name(shot, size, theme)
        with self.studio.window(hotel, shot.viewer, size, theme) as (page, watch):
            try:
                shot.draw(Scene(page, hotel, theme))
                self._save(page, shot, size, self.out / name)
            except (Error, AssertionError) as error:
                self.failures.append(f"{name}: {error}")
            self.failures += [f"{name}: {text}" for text in watch.unexpected()]

    def _save(self, page: Page, shot: Shot, size: Size, path: Path) -> None:
        page.evaluate("() => document.fonts.ready.then(() => undefined)")
        page.wait_for_timeout(150)
        if not shot.window_only:
            # The window grows with the page, up to a point: what sticks to its edges is then where it belongs.
            width, height = SIZES[size]
            full = int(page.evaluate("() => document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": max(height, min(full, LONGEST * height))})
        page.screenshot(path=path, animations="disabled", caret="hide")
        self.taken += 1


def _wanted(shots: tuple[Shot, ...], only: list[str]) -> tuple[Shot, ...]:
    if not only:
        return shots
    return tuple(shot for shot in shots if any(f"{shot.name}-".startswith(f"{one}-") for one in only))


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
