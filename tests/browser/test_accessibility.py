"""Every page and state, light and dark, before axe: nothing serious."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser.screenshots.hotels import Hotel, demo_hotel, empty_hotel
from tests.browser.screenshots.office import EMPTY, FIRST_RUN, OFFICE
from tests.browser.screenshots.shots import THEMES, Scene, Shot, Size, Theme
from tests.browser.screenshots.studio import Studio
from tests.browser.screenshots.tablet import TABLETS, WALLS

#: What must not be there at all. Lesser findings axe itself calls matters of judgment.
GRAVE = ("serious", "critical")

#: Colors do not glide into the other theme here: axe must not measure them on the way.
_INTO_THEME = """theme => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [still];
  document.documentElement.dataset.theme = theme;
}"""


@pytest.fixture(scope="module")
def studio(browser: Browser) -> Studio:
    """Windows as the photographer opens them."""
    return Studio(browser)


@pytest.fixture(scope="module")
def demo() -> Iterator[Hotel]:
    """The demo hotel, full of people and logs."""
    with demo_hotel() as hotel:
        yield hotel


@pytest.fixture(scope="module")
def bare() -> Iterator[Hotel]:
    """An installation before its first run."""
    with empty_hotel() as hotel:
        yield hotel


@pytest.fixture(scope="module")
def founded(studio: Studio) -> Iterator[Hotel]:
    """A house on its first day."""
    with empty_hotel("founded") as hotel:
        studio.found_house(hotel)
        yield hotel


def of(shots: tuple[Shot, ...]) -> pytest.MarkDecorator:
    """One test for each shot."""
    return pytest.mark.parametrize("shot", [pytest.param(shot, id=shot.name) for shot in shots])


@of((*OFFICE, *TABLETS, *WALLS))
def test_a_page_of_a_full_house_is_accessible(studio: Studio, demo: Hotel, shot: Shot) -> None:
    assert_accessible(studio, demo, shot)


@of(FIRST_RUN)
def test_the_first_run_is_accessible(studio: Studio, bare: Hotel, shot: Shot) -> None:
    assert_accessible(studio, bare, shot)


@of(EMPTY)
def test_a_page_of_an_empty_house_is_accessible(studio: Studio, founded: Hotel, shot: Shot) -> None:
    assert_accessible(studio, founded, shot)


def assert_accessible(studio: Studio, hotel: Hotel, shot: Shot) -> None:
    """Open what the photographer opens, and ask axe in both themes."""
    size: Size = "tablet" if shot in TABLETS else "desktop"
    with studio.window(hotel, shot.viewer, size, "light") as (page, watch):
        shot.draw(Scene(page, hotel, "light"))
        page.evaluate(AXE_SCRIPT)
        assert [f"{theme}: {text}" for theme in THEMES for text in grave(page, theme)] == []
        assert watch.unexpected() == []


def grave(page: Page, theme: Theme) -> list[str]:
    """What axe finds grave, each with the element and its own words."""
    page.evaluate(_INTO_THEME, theme)
    answer: Any = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in answer["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"][:3]
    ]
