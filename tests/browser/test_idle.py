"""A tablet nobody touches goes back to the tiles: nobody logs under a colleague's name."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.browser.conftest import Open
from tests.browser.support.server import Server
from tests.browser.support.stage import PINS, Stage
from tests.browser.support.tablet import make_tablet, open_tablet, sign_in
from topline.access.models import SignIn

#: The stage's tablets go back after 300 seconds, and say so 10 before.
SOON, OVER = 293, 301
_LATER = """seconds => {
  const now = Date.now;
  Date.now = () => now() + seconds * 1000;
}"""


def test_a_tablet_nobody_touches_warns_then_signs_out(stage: Stage, server: Server, window: Open) -> None:
    page = window()
    make_tablet(page.context, server.url, stage.tablet)
    open_tablet(page, server.url)
    sign_in(page, stage.cast.fred, PINS["fred"])
    assert _open_sessions(stage) == 1
    page.evaluate(_LATER, SOON)
    expect(page.get_by_test_id("idle")).to_be_visible()
    page.get_by_test_id("idle-stay").click()
    expect(page.get_by_test_id("idle")).to_be_hidden()
    _leave(page)
    expect(page.get_by_test_id("screen-people")).to_be_visible()
    expect(page.get_by_test_id("screen-log")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert _open_sessions(stage) == 0


def _leave(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/api/auth/logout")):
        page.evaluate(_LATER, OVER)


def _open_sessions(stage: Stage) -> int:
    open_ones = select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))
    with stage.database.read() as tx:
        count: int = tx.execute(open_ones.where(SignIn.person_id == stage.cast.fred.id)).scalar_one()
        return count
