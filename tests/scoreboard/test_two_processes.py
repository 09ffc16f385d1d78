"""Two processes share one Redis: what one rebuilds, the other forgets and tells its own screens."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.scoreboard.make import TODAY
from tests.scoring.make import add_logs
from tests.support.cast import Cast
from tests.support.servers import RedisServer
from topline.access.hashing import Hasher
from topline.core.clock import FixedClock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.main import build_services
from topline.scoreboard.api.stream import OpenStreams
from topline.scoring.events import board_group
from topline.scoring.updater import DayTotalsUpdater
from topline.web.services import Services

pytestmark = pytest.mark.redis


@pytest.fixture
def pair(
    settings: Settings, clock: FixedClock, redis_server: RedisServer
) -> Iterator[tuple[Services, Services]]:
    """Two programs on one database and one Redis."""
    shared = settings.model_copy(update={"redis_url": redis_server.url})
    both = build_services(shared, clock), build_services(shared, clock)
    for parts in both:
        parts.signals.start()
    yield both
    for parts in both:
        parts.signals.stop()
        parts.get(Hasher).close()
        parts.db.close()


def test_a_log_in_one_process_changes_the_wall_of_the_other(
    database: Database, cast: Cast, pair: tuple[Services, Services]
) -> None:
    here, there = pair
    group = board_group(cast.organization_id)

    async def story() -> bytes:
        lines = OpenStreams(ping_seconds=0.2).listen(there.signals, cast.organization_id)
        while await asyncio.wait_for(anext(lines), 2) != b": ping\n\n":
            pass
        assert there.cache.fetch(group, "key", 30, lambda: b"before") == b"before"
        with database.write(cast.fred.actor) as tx:
            add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"])
        here.get(DayTotalsUpdater).mark(cast.organization_id, [(TODAY, cast.fred.id)])
        await asyncio.to_thread(here.get(DayTotalsUpdater).flush)
        for _ in range(10):
            line = await asyncio.wait_for(anext(lines), 2)
            if line != b": ping\n\n":
                return line
        return b""

    assert asyncio.run(story()) == b"event: changed\ndata: \n\n"
    assert there.cache.peek(group, "key") is None
    assert there.cache.fetch(group, "key", 30, lambda: b"after") == b"after"
