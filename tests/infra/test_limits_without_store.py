"""Redis stops, or hangs, or comes back: nobody waits for it, nobody is refused because of it, and it is noticed."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.support import parts, servers
from topline.core.policies import parse_policy
from topline.infra.rate_limit import Limiter, Rule
from topline.infra.shared_counts import ASK_AGAIN_SECONDS, PATIENCE_SECONDS, RedisCounts

pytestmark = pytest.mark.redis

RULES = {
    "api": Rule(parse_policy("100/minute"), alone=parse_policy("5/minute")),
    "sign_in": Rule((), alone=parse_policy("2/minute")),
}
#: A round trip, on a machine that does other work too.
AT_ONCE_SECONDS = 0.1


@pytest.fixture
def store() -> Iterator[servers.RedisServer]:
    """A Redis of this test's own, which it may break."""
    with servers.redis(parts.need(parts.REDIS)) as server:
        yield server


async def until_back(limiter: Limiter) -> None:
    async with asyncio.timeout(10 * ASK_AGAIN_SECONDS):
        while limiter.is_alone:
            await asyncio.sleep(0.02)


async def allowed(limiter: Limiter, rule: str, times: int) -> int:
    found = [await limiter.hit(rule, "somebody") for _ in range(times)]
    return sum(verdict is not None and verdict.allowed for verdict in found)


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_without_the_store_a_process_counts_for_itself_until_it_is_back(
    store: servers.RedisServer, fault: str
) -> None:
    async def story() -> None:
        limiter = Limiter(RULES, RedisCounts(store.url))
        assert await allowed(limiter, "api", 10) == 10
        assert await limiter.hit("sign_in", "somebody") is None
        store.process.stop() if fault == "stopped" else store.process.freeze()
        assert await allowed(limiter, "api", 10) == 5
        assert limiter.is_alone
        assert await allowed(limiter, "sign_in", 10) == 2
        store.process.start() if fault == "stopped" else store.process.thaw()
        await until_back(limiter)
        assert await allowed(limiter, "api", 10) == 10
        assert await limiter.hit("sign_in", "somebody") is None
        await limiter.close()

    with capture_logs() as logged:
        asyncio.run(story())
    alarms = [one["event"] for one in logged if one["log_level"] == "error"]
    assert alarms == ["limit_store_away"]


def test_a_frozen_store_costs_one_moment_its_patience_and_nobody_afterwards(
    store: servers.RedisServer,
) -> None:
    async def timed(limiter: Limiter) -> float:
        began = time.monotonic()
        await limiter.hit("api", "somebody")
        return time.monotonic() - began

    async def story() -> tuple[list[float], list[float]]:
        limiter = Limiter(RULES, RedisCounts(store.url))
        await limiter.hit("api", "somebody")
        store.process.freeze()
        first = await asyncio.gather(*[timed(limiter) for _ in range(300)])
        later = []
        ends = time.monotonic() + 3 * ASK_AGAIN_SECONDS
        while time.monotonic() < ends:
            later.append(await timed(limiter))
            await asyncio.sleep(0.005)
        store.process.thaw()
        await limiter.close()
        return first, later

    first, later = asyncio.run(story())
    assert max(first) < PATIENCE_SECONDS + AT_ONCE_SECONDS
    assert max(later) < AT_ONCE_SECONDS


def test_a_store_that_restarts_is_asked_on_without_a_gap(store: servers.RedisServer) -> None:
    """The connection is gone and the script forgotten; both are mended within the same request."""

    async def story() -> bool:
        limiter = Limiter(RULES, RedisCounts(store.url))
        await limiter.hit("api", "somebody")
        store.process.stop()
        store.process.start()
        await limiter.hit("api", "somebody")
        alone = limiter.is_alone
        await limiter.close()
        return alone

    assert asyncio.run(story()) is False


def test_a_limiter_that_is_closed_leaves_nobody_waiting(store: servers.RedisServer) -> None:
    async def story() -> None:
        limiter = Limiter(RULES, RedisCounts(store.url))
        await limiter.hit("api", "somebody")
        store.process.freeze()
        asked = [asyncio.create_task(limiter.hit("api", "somebody")) for _ in range(3)]
        await asyncio.sleep(0)
        await limiter.close()
        async with asyncio.timeout(1):
            await asyncio.gather(*asked)
        store.process.thaw()

    asyncio.run(story())
