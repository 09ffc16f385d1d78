"""The staff tablet and the wall."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.screenshots.shots import TABLET, WALL, Draw, Scene, Shot, Viewer
from tests.browser.support.script import Script


def _theme(scene: Scene) -> Page:
    scene.page.add_init_script(f"localStorage.setItem('topline-tablet-theme', '{scene.theme}')")
    return scene.page


def _enrol(scene: Scene) -> None:
    page = _theme(scene)
    page.context.clear_cookies(name="topline_device")
    scene.go("/tablet")
    expect(page.get_by_test_id("screen-enroll")).to_be_visible()
    page.get_by_test_id("enroll-name").fill("Front desk tablet")


def _tiles(scene: Scene) -> Page:
    page = _theme(scene)
    scene.go("/tablet")
    screen = page.locator('[data-testid="screen-people"], [data-testid="screen-log"]')
    expect(screen).to_be_visible()
    if page.get_by_test_id("done").is_visible():
        page.get_by_test_id("done").click()
    expect(page.get_by_test_id("person").first).to_be_attached()
    return page


def _everybody(scene: Scene) -> None:
    page = _tiles(scene)
    page.locator('[data-testid="department"][data-department-id=""]').click()


def _nobody(scene: Scene) -> None:
    _tiles(scene).get_by_test_id("people-search").fill("zzz")


def _pin(scene: Scene) -> Page:
    page = _tiles(scene)
    person = scene.hotel.accounts["staff"][0]
    page.locator('[data-testid="department"][data-department-id=""]').click()
    page.locator(f'[data-testid="person"][data-person-id="{person["id"]}"]').click()
    for digit in person["pin"][:2]:
        page.get_by_test_id(f"pin-{digit}").click()
    return page


def _pin_wrong(scene: Scene) -> None:
    page = _pin(scene)
    wrong = {"code": "pin_wrong", "status": 401, "title": "Wrong", "detail": "That PIN is not right."}
    page.route(
        "**/api/auth/pin",
        lambda route: route.fulfill(status=401, json=wrong, content_type="application/problem+json"),
    )
    for digit in "00":
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("pin-ok").click()
    expect(page.get_by_test_id("pin-message")).to_have_attribute("data-tone", "losing")
    page.unroute("**/api/auth/pin")


def _day(scene: Scene) -> Page:
    page = _pin(scene)
    for digit in scene.hotel.accounts["staff"][0]["pin"][2:]:
        page.get_by_test_id(f"pin-{digit}").click()
    page.get_by_test_id("pin-ok").click()
    expect(page.get_by_test_id("behavior").first).to_be_visible()
    return page


def _arm(page: Page) -> None:
    """Arm the first tile that asks how it went."""
    for tile in page.get_by_test_id("behavior").all():
        tile.get_by_test_id("behavior-tap").click()
        if tile.get_by_test_id("outcome-accepted").is_visible():
            return
    page.get_by_test_id("behavior").first.get_by_test_id("behavior-tap").click()


def _details(scene: Scene) -> None:
    page = _day(scene)
    _arm(page)
    page.get_by_test_id("details-open").locator("visible=true").click()
    expect(page.get_by_test_id("details")).to_be_visible()
    if page.get_by_test_id("details-place").is_visible():
        page.get_by_test_id("details-place").fill("512")


def _log(page: Page) -> None:
    tap = page.get_by_test_id("behavior").first.get_by_test_id("behavior-tap")
    tap.click()
    tap.click()
    expect(page.get_by_test_id("undo-bar")).to_be_visible()


def _logged(scene: Scene) -> None:
    page = _day(scene)
    _log(page)
    expect(page.get_by_test_id("link")).to_be_hidden()


def _offline(scene: Scene) -> None:
    page = _day(scene)
    page.context.set_offline(True)
    _log(page)
    expect(page.get_by_test_id("link")).to_have_attribute("data-state", "offline")


def _rejected(scene: Scene) -> None:
    page = _day(scene)
    row = page.locator('[data-testid="log"][data-state="rejected"]').first
    row.scroll_into_view_if_needed()
    row.get_by_test_id("log-answer").click()
    expect(page.get_by_test_id("answer")).to_be_visible()


def _day_end(scene: Scene) -> None:
    page = _day(scene)
    page.locator('[data-testid="log"][data-state="rejected"]').first.scroll_into_view_if_needed()


def _tablet(name: str, title: str, draw: Callable[[Scene], object], viewer: Viewer = "tablet") -> Shot:
    return Shot(f"tablet-{name}", f"Tablet: {title}", viewer, _only(draw), TABLET, window_only=True)


def _only(draw: Callable[[Scene], object]) -> Draw:
    def drawn(scene: Scene) -> None:
        draw(scene)

    return drawn


TABLETS: Final = (
    _tablet("enrol", "setting it up", _enrol, "nobody"),
    _tablet("tiles", "who is logging?", _tiles),
    _tablet("everybody", "everybody", _everybody),
    _tablet("nobody", "nobody found", _nobody),
    _tablet("pin", "PIN", _pin),
    _tablet("pin-wrong", "wrong PIN", _pin_wrong),
    _tablet("day", "a person's screen", _day),
    _tablet("armed", "a tile armed", lambda scene: _arm(_day(scene))),
    _tablet("details", "details", _details),
    _tablet("logged", "logged, with Undo", _logged),
    _tablet("offline", "offline", _offline),
    _tablet("earlier", "a rejected log", _day_end),
    _tablet("answer", "answering a rejection", _rejected),
)


# --- The wall


def _thresholds(script: Script, winning: int, neutral: int) -> None:
    found = script.call("GET", "/api/organization")
    settings = found["settings"]
    settings["scoreboard"] |= {"winning_bp": winning, "neutral_bp": neutral}
    script.call("PATCH", "/api/organization", {"version": found["version"], "settings": settings})


def _wall(scene: Scene, **thresholds: int) -> None:
    script = scene.hotel.script("owner")
    try:
        if thresholds:
            _thresholds(script, **thresholds)
    finally:
        script.close()
    _open_wall(scene)


def _open_wall(scene: Scene) -> None:
    scene.page.add_init_script(f"localStorage.setItem('topline.theme', '{scene.theme}')")
    scene.go("/wall")
    expect(scene.page.locator("[data-wall]")).to_contain_text("as of")


def _celebrating(scene: Scene) -> None:
    script = scene.hotel.script("owner")
    try:
        _thresholds(script, winning=9500, neutral=8500)
        location = script.call("GET", "/api/locations")["items"][0]["id"]
        today = datetime.now(UTC).date().isoformat()
        if not script.call("GET", f"/api/daily-entries?from={today}&to={today}")["items"]:
            figures = {"revenue_minor": 9_000_000, "room_revenue_minor": 6_000_000, "covers": 150}
            day = {"version": 0, "confirm": True, **figures}
            script.call("PUT", f"/api/daily-entries/{location}/{today}", day)
        _open_wall(scene)
        expect(scene.page.locator("[data-celebration]")).to_be_attached()
    finally:
        script.close()


def _stale(scene: Scene) -> None:
    page = scene.page
    page.clock.install()
    _open_wall(scene)
    page.context.set_offline(True)
    page.clock.run_for(200_000)
    expect(page.locator("[data-wall-stale]")).to_be_visible()


def _shown(name: str, title: str, draw: Draw) -> Shot:
    return Shot(f"wall{name}", f"The wall, {title}", "display", draw, WALL, window_only=True)


WALLS: Final = (
    _shown("", "as it is", _wall),
    _shown("-winning", "winning", lambda scene: _wall(scene, winning=5000, neutral=3000)),
    _shown("-neutral", "nearly there", lambda scene: _wall(scene, winning=15000, neutral=3000)),
    _shown("-losing", "behind", lambda scene: _wall(scene, winning=15000, neutral=14900)),
    _shown("-stale", "out of touch", _stale),
)
#: Taken after all others: once the day's revenue is in, this house shows nothing else any more.
CELEBRATION: Final = (_shown("-celebrating", "celebrating", _celebrating),)
