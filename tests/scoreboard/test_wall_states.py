"""Every state of the wall in words, from real numbers only: rendered as /wall does, without the program around it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import topline
from tests.scoreboard.make import TODAY, close_on, enter, set_benchmark, words
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from topline.core.clock import FixedClock
from topline.core.transaction import Database, Write
from topline.scoreboard.pages.wall import frame
from topline.scoreboard.queries.house import scoreboard
from topline.scoreboard.wall import wall_of
from topline.scoring.actions import rebuild
from topline.web.pages import NO_FRAME, Pages
from topline.web.static_files import StaticFiles

PACKAGE = Path(topline.__file__).parent
Story = Callable[[Write, Cast, FixedClock], None]


@pytest.fixture(scope="module")
def pages() -> Pages:
    folders = [PACKAGE / "web" / "templates", PACKAGE / "scoreboard" / "templates"]
    return Pages(folders, StaticFiles(), lambda _: NO_FRAME)


def winning(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 1_234_50, status="open")


def neutral(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 300_00, status="open")


def losing(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY, 100_00, status="open")


def later(tx: Write, cast: Cast, clock: FixedClock) -> None:
    neutral(tx, cast, clock)
    clock.advance(timedelta(hours=2))


def day_over(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast, is_estimate=True)
    enter(tx, cast, TODAY, 960_00)


def logs_only(tx: Write, cast: Cast, clock: FixedClock) -> None:
    set_benchmark(tx, cast)
    enter(tx, cast, TODAY - timedelta(days=1), 700_00)
    add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 6)


def all_logged(tx: Write, cast: Cast, clock: FixedClock) -> None:
    add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 18)


def before_opening(tx: Write, cast: Cast, clock: FixedClock) -> None:
    clock.instant = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def closed(tx: Write, cast: Cast, clock: FixedClock) -> None:
    close_on(tx, cast, TODAY, "Winter break <b>")


def nothing(tx: Write, cast: Cast, clock: FixedClock) -> None:
    """A house on its first day."""


def no_target(tx: Write, cast: Cast, clock: FixedClock) -> None:
    enter(tx, cast, TODAY, 500_00, status="open")


@pytest.mark.parametrize(
    ("story", "tone", "said"),
    [
        (
            winning,
            "celebrating",
            "Target reached March 370 % of pace 2026 370 % of pace We are at €1,234, past",
        ),
        (neutral, "neutral", "We are at €300. At this hour of a Wednesday, €333 would be on target."),
        (neutral, "neutral", "30 % where we should be now target €1,000"),
        (losing, "losing", "Behind March 30 % of pace"),
        (later, "neutral", "At 12:00 we were at €300, when €333 would have been on target."),
        (day_over, "winning", "The day closed at €960. Its target was €1,000."),
        (day_over, "winning", "estimated target €1,000"),
        (logs_only, "winning", "We logged 6 behaviors. At this hour of a Wednesday, 6 would be on target."),
        (logs_only, "winning", "Winning Yesterday 70 % of target March 70 % of pace 2026 70 % of pace"),
        (all_logged, "celebrating", "We logged 18 behaviors: all 18 we set out to do today."),
        (before_opening, None, "Opens at 08:00"),
        (closed, None, "Closed today Winter break <b> The team today"),
        (nothing, None, "No numbers yet Nothing has been logged yet today. The first one counts."),
        (no_target, None, "No numbers yet"),
    ],
)
def test_every_state_is_said_in_words(
    database: Database, cast: Cast, clock: FixedClock, pages: Pages, story: Story, tone: str | None, said: str
) -> None:
    with database.write(cast.olga.actor) as tx:
        story(tx, cast, clock)
        rebuild(tx, TODAY, TODAY)
    with database.read(cast.olga.actor) as tx:
        board = scoreboard(tx)
    html = pages.text("scoreboard/_wall.html", frame(board), wall=wall_of(board))
    assert said in words(html)
    found = re.search(r'class="wall-hero(?: wall-hero--(\w+))?"', html)
    assert found is not None
    assert found[1] == tone
    assert ("wall-bar" in html) == (tone is not None)
    assert ("data-celebration" in html) == (tone == "celebrating")
    assert "<b>" not in html
