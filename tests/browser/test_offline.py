"""A tap is never lost and never counted twice: without the server, with a killed browser, with every answer lost."""

import itertools
import json
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.support.chromium import Profile
from tests.browser.support.proxy import Passed, Proxy
from tests.browser.support.script import Script
from tests.browser.support.server import Server
from tests.browser.support.stage import PINS, Log, Stage
from tests.browser.support.tablet import expect_waiting, log_once, make_tablet, open_tablet, sign_in
from tests.browser.support.watch import NO_SERVER, Watch

TAPS = 50
#: Until everything that waits is sent once the way is free, in milliseconds: two of the tablet's longest pauses.
SENT_MS = 40_000


class Shift:
    """Somebody logging one behavior after the other, and what they remember of it."""

    def __init__(self, behaviors: list[UUID]) -> None:
        self.tapped: list[UUID] = []
        self.began = datetime.now(UTC)
        self._next = itertools.cycle(behaviors)

    def log(self, page: Page, times: int) -> None:
        for _ in range(times):
            behavior = next(self._next)
            log_once(page, behavior)
            self.tapped.append(behavior)

    def assert_kept(self, logs: list[Log]) -> None:
        """Every tap is there once, in the order of the tablet's time."""
        assert [log.behavior_id for log in logs] == self.tapped
        assert len({log.id for log in logs}) == len(logs) == TAPS
        assert [log.id for log in logs] == sorted(log.id for log in logs)
        assert len({log.occurred_at for log in logs}) == TAPS
        assert self.began <= logs[0].occurred_at
        assert logs[-1].occurred_at <= datetime.now(UTC)


def test_fifty_taps_without_the_server_a_reload_and_a_killed_browser_arrive_once_and_in_order(
    stage: Stage, server: Server, profile: Profile, watch: Watch
) -> None:
    watch.expect(*NO_SERVER, "status of 403")
    fred = stage.cast.fred
    make_tablet(profile.open(), server.url, stage.tablet)
    # A tablet was not enrolled this minute. Chromium writes cookies to the disk every half minute, and at its end.
    profile.close()
    page = open_tablet(profile.open().pages[0], server.url)
    sign_in(page, fred, PINS["fred"])
    shift = Shift([stage.cast.behaviors[key] for key in ("greet", "upsell", "photo")])

    server.stop()
    shift.log(page, 20)
    expect_waiting(page, 20)
    page.reload()
    expect_waiting(page, 20)
    shift.log(page, 15)
    expect_waiting(page, 35)

    profile.kill()
    page = profile.open().pages[0]
    page.goto(f"{server.url}/tablet")
    expect_waiting(page, 35)
    shift.log(page, 15)
    expect_waiting(page, TAPS)
    assert stage.logs(fred) == []

    server.start()
    # A sign-in ends with the browser; the tablet sends what was tapped under it by its own right.
    expect(page.get_by_test_id("notice")).to_contain_text("nothing was lost", timeout=SENT_MS)
    expect_waiting(page, 0, SENT_MS)
    shift.assert_kept(stage.logs(fred))
    sign_in(page, fred, PINS["fred"])
    expect(page.get_by_test_id("log")).to_have_count(TAPS)


def test_fifty_taps_whose_every_answer_is_lost_arrive_once_and_in_order(
    stage: Stage, proxy: Proxy, window: Open, watch: Watch
) -> None:
    watch.expect(*NO_SERVER)
    fred = stage.cast.fred
    page = window()
    make_tablet(page.context, proxy.url, stage.tablet)
    open_tablet(page, proxy.url)
    sign_in(page, fred, PINS["fred"])
    heard: set[str] = set()

    def lose_the_first_answer_about_each_log(passed: Passed) -> bool:
        if passed.method != "POST" or not passed.path.startswith("/api/behavior-logs"):
            return False
        body = json.loads(passed.body)
        ids = {log["id"] for log in body.get("logs", [body])}
        fresh = not ids <= heard
        heard.update(ids)
        return fresh

    proxy.lose_reply = lose_the_first_answer_about_each_log
    shift = Shift([stage.cast.behaviors[key] for key in ("greet", "upsell", "photo")])
    shift.log(page, TAPS)
    expect_waiting(page, 0, SENT_MS)

    assert len(heard) == TAPS
    # The requests whose answers were lost had arrived and were done.
    assert {status for _, status in proxy.lost} <= {200, 201}
    assert len(proxy.lost) > 1
    shift.assert_kept(stage.logs(fred))


def test_what_one_person_tapped_is_sent_while_the_next_one_works(
    stage: Stage, proxy: Proxy, window: Open, watch: Watch
) -> None:
    watch.expect(*NO_SERVER)
    fred, bella, behaviors = stage.cast.fred, stage.cast.bella, stage.cast.behaviors
    page = window()
    make_tablet(page.context, proxy.url, stage.tablet)
    open_tablet(page, proxy.url)
    proxy.lose_request = lambda passed: passed.path.startswith("/api/behavior-logs")

    sign_in(page, fred, PINS["fred"])
    log_once(page, behaviors["greet"])
    log_once(page, behaviors["upsell"])
    page.get_by_test_id("done").click()
    sign_in(page, bella, PINS["bella"])
    log_once(page, behaviors["tidy"])
    expect_waiting(page, 3)
    # Bella sees nothing of what Fred did.
    expect(page.get_by_test_id("log")).to_have_count(1)

    proxy.lose_request = lambda _: False
    expect_waiting(page, 0, SENT_MS)
    assert [log.behavior_id for log in stage.logs(fred)] == [behaviors["greet"], behaviors["upsell"]]
    assert [log.behavior_id for log in stage.logs(bella)] == [behaviors["tidy"]]


def test_what_the_server_refuses_stays_on_the_tablet_with_its_reason_until_it_was_read(
    stage: Stage, proxy: Proxy, script: Script, window: Open, watch: Watch
) -> None:
    watch.expect(*NO_SERVER)
    fred, behaviors = stage.cast.fred, stage.cast.behaviors
    page = window()
    make_tablet(page.context, proxy.url, stage.tablet)
    open_tablet(page, proxy.url)
    sign_in(page, fred, PINS["fred"])
    proxy.lose_request = lambda passed: passed.path.startswith("/api/behavior-logs")
    log_once(page, behaviors["greet"])
    log_once(page, behaviors["upsell"])
    expect_waiting(page, 2)
    script.call("PATCH", f"/api/behaviors/{behaviors['greet']}", {"active": False})
    proxy.lose_request = lambda _: False
    expect_waiting(page, 0, SENT_MS)

    refused = page.locator('[data-testid="log"][data-state="refused"]')
    expect(refused).to_contain_text("not recorded: this behavior is no longer used")
    assert [log.behavior_id for log in stage.logs(fred)] == [behaviors["upsell"]]
    page.reload()
    expect(refused).to_be_visible()
    page.get_by_test_id("done").click()
    expect(page.get_by_test_id("refused-banner")).to_contain_text("1 log was not recorded")
    page.get_by_test_id("refused-show").click()
    expect(page.get_by_test_id("refused")).to_contain_text("this behavior is no longer used")
    page.get_by_test_id("refused-close").click()

    sign_in(page, fred, PINS["fred"])
    page.get_by_test_id("log-understood").click()
    expect(refused).to_have_count(0)
    page.get_by_test_id("done").click()
    expect(page.get_by_test_id("refused-banner")).to_be_hidden()
