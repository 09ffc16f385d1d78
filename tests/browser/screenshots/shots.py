"""What a picture is: who looks, at what size, and how they got there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Page

from tests.browser.screenshots.hotels import Hotel

Size = Literal["tablet", "phone", "desktop", "tv"]
Theme = Literal["light", "dark"]
Viewer = Literal["nobody", "owner", "manager", "tablet", "display", "founder"]

SIZES: Final[dict[Size, tuple[int, int]]] = {
    "tablet": (1280, 800),
    "phone": (390, 844),
    "desktop": (1440, 900),
    "tv": (1920, 1080),
}
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
HANDS: Final[frozenset[Size]] = frozenset({"tablet", "phone", "desktop"})
TABLET: Final[frozenset[Size]] = frozenset({"tablet", "phone"})
WALL: Final[frozenset[Size]] = frozenset({"tv", "desktop"})


@dataclass(frozen=True)
class Scene:
    """An open window before a hotel."""

    page: Page
    hotel: Hotel
    theme: Theme

    def go(self, path: str) -> None:
        """Open a page of the hotel; an answer that is no page fails the picture."""
        answer = self.page.goto(f"{self.hotel.url}{path}")
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"


Draw = Callable[[Scene], None]


@dataclass(frozen=True)
class Shot:
    """One picture in every size and both themes. `draw` brings the window to where it is taken."""

    name: str
    title: str
    viewer: Viewer
    draw: Draw
    sizes: frozenset[Size] = HANDS
    #: A window as it is, instead of the whole length of the page: for dialogs and screens that do not scroll.
    window_only: bool = False


def at(path: str) -> Draw:
    """Just open a page."""
    return lambda scene: scene.go(path)
