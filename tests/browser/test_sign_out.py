"""Leaving a shared tablet: the browser forgets what it kept of the person, and neither a tap nor the tablet is lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.support.proxy import Proxy
from tests.browser.support.stage import PINS, Stage
from tests.browser.support.tablet import expect_waiting, log_once, make_tablet, open_tablet, sign_in
from tests.browser.support.watch import NO_SERVER, Watch

#: Until everything that waits is sent once the way is free, in milliseconds.
SENT_MS = 40_000


def test_a_sign_out_empties_the_cache_and_keeps_the_queue_the_enrolment_and_the_app(
    stage: Stage, proxy: Proxy, window: Open, watch: Watch
) -> None:
    watch.expect(*NO_SERVER, "net::ERR_INTERNET_DISCONNECTED")
    fred, page = stage.cast.fred, window()
    make_tablet(page.context, proxy.url, stage.tablet)
    open_tablet(page, proxy.url)
    sign_in(page, fred, PINS["fred"])
    proxy.lose_request = lambda passed: passed.path.startswith("/api/behavior-logs")
    for _ in range(3):
        log_once(page, stage.cast.behaviors["greet"])
    expect_waiting(page, 3)

    with page.expect_response("**/api/auth/logout") as left:
        page.get_by_test_id("done").click()
    said = left.value.all_headers()
    assert (said["clear-site-data"], said["cache-control"]) == ('"cache"', "no-store")
    assert cookies(page) == {"topline_device"}

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("person").first).to_be_attached()
    expect_waiting(page, 3)
    assert stage.logs(fred) == []
    page.context.set_offline(False)
    proxy.lose_request = lambda _: False
    expect_waiting(page, 0, SENT_MS)
    assert len(stage.logs(fred)) == 3


def cookies(page: Page) -> set[str]:
    """The names of those that hold something."""
    return {cookie["name"] for cookie in page.context.cookies() if cookie["value"]}
