"""Limits: exactly so many and no more, however many ask at once, and the same whether Redis counts or we do."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import redis
from hypothesis import given, strategies as st

import topline.infra
from tests.support import servers
from topline.core.policies import parse_policy, readable_policy
from topline.infra.counting import Answer, Count, ask
from topline.infra.rate_limit import Limiter, LocalCounts, Rule, Verdict
from topline.infra.shared_counts import RedisCounts

T = TypeVar("T")
RULES = {
    name: Rule.always(parse_policy(text))
    for name, text in {"api": "100/minute", "door": "3/15minute;5/day", "uploads": "50/hour"}.items()
}
Story = Callable[[Limiter], Awaitable[T]]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def tell(request: pytest.FixtureRequest) -> Callable[[Story[T]], T]:
    """Runs a story with a limiter of either kind."""
    url = request.getfixturevalue("redis_server").url if request.param == "redis" else None
    return lambda story: _run(story, url)


def _run(story: Story[T], url: str | None) -> T:
    async def whole() -> T:
        limiter = Limiter(RULES, RedisCounts(url) if url else None)
        try:
            return await story(limiter)
        finally:
            await limiter.close()

    return asyncio.run(whole())


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key of this test's own: the Redis is shared by the run."""
    return str(request.node.name)


async def hit(limiter: Limiter, rule: str, key: str) -> Verdict:
    verdict = await limiter.hit(rule, key)
    assert verdict is not None
    return verdict


def test_exactly_the_limit_passes_when_all_ask_at_once(tell: Callable[[Story[int]], int], key: str) -> None:
    async def story(limiter: Limiter) -> int:
        found = await asyncio.gather(*[hit(limiter, "api", key) for _ in range(300)])
        return sum(verdict.allowed for verdict in found)

    assert tell(story) == 100


def test_keys_and_rules_are_counted_apart(tell: Callable[[Story[list[bool]]], list[bool]], key: str) -> None:
    async def story(limiter: Limiter) -> list[bool]:
        asked = [("door", key)] * 4 + [("door", f"{key} of somebody else"), ("uploads", key)]
        return [(await hit(limiter, *one)).allowed for one in asked]

    assert tell(story) == [True, True, True, False, True, True]


def test_a_verdict_says_how_many_are_left_and_when_to_come_back(
    tell: Callable[[Story[list[Verdict]]], list[Verdict]], key: str
) -> None:
    async def story(limiter: Limiter) -> list[Verdict]:
        return [await hit(limiter, "door", key) for _ in range(4)]

    *passed, refused = tell(story)
    assert [(one.allowed, one.limit, one.remaining, one.retry_after) for one in passed] == [
        (True, 3, 2, 0),
        (True, 3, 1, 0),
        (True, 3, 0, 0),
    ]
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert 890 <= refused.retry_after <= 901
    assert 890 <= refused.reset_after <= 900


@pytest.mark.redis
def test_two_processes_count_together(redis_server: servers.RedisServer, key: str) -> None:
    async def story() -> list[bool]:
        here, there = (Limiter(RULES, RedisCounts(redis_server.url)) for _ in range(2))
        found = [(await hit(limiter, "door", key)).allowed for limiter in (here, there, here, there)]
        await here.close()
        await there.close()
        return found

    assert asyncio.run(story()) == [True, True, True, False]


def test_refused_requests_do_not_lengthen_the_wait() -> None:
    policy = parse_policy("2/minute")
    counts: tuple[Count, ...] = ()
    for now in (0, 1000, 2000, 30_000):
        counts, answer = ask(counts, policy, now)
    assert (answer.allowed, answer.wait) == (False, 30_001)
    assert ask(counts, policy, 60_000)[1].allowed is False
    assert ask(counts, policy, 60_001)[1].allowed is True


def test_a_window_slides_instead_of_starting_full_again() -> None:
    """A hundred at the end of one minute and a hundred at the start of the next would be two hundred in a second."""
    policy = parse_policy("100/minute")
    counts, _ = ask((), policy, 0)
    for _ in range(99):
        counts, _ = ask(counts, policy, 59_000)
    allowed = 0
    for now in range(60_000, 75_000, 100):
        counts, answer = ask(counts, policy, now)
        allowed += answer.allowed
    assert allowed == 25


def test_when_one_window_is_full_none_counts() -> None:
    policy = parse_policy("1/minute;2/hour")
    counts, first = ask((), policy, 0)
    assert (first.window, first.left) == (0, 0)
    for now in range(1000, 60_000, 1000):
        counts, answer = ask(counts, policy, now)
        assert (answer.allowed, answer.window) == (False, 0)
    counts, second = ask(counts, policy, 130_000)
    assert (second.allowed, second.left) == (True, 0)
    _, third = ask(counts, policy, 260_000)
    assert (third.allowed, third.window, third.wait) == (False, 1, 3_600_000 - 260_000 + 1)


def test_what_nobody_asks_about_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("topline.infra.rate_limit.SWEEP_EVERY", 50)
    now = 0.0
    counts = LocalCounts(lambda: now)
    for number in range(49):
        counts.ask(f"address:{number}", parse_policy("5/minute"))
    now = 121.0
    for _ in range(51):
        counts.ask("address:new", parse_policy("5/minute"))
    assert len(counts._counts) == 1


SCRIPT = (Path(topline.infra.__file__).parent / "counting.lua").read_text(encoding="utf-8")


@pytest.mark.redis
@given(
    text=st.sampled_from(
        ["1/second", "3/minute", "7/minute;9/5minute", "2/second;5/minute;6/hour", "100/day"]
    ),
    steps=st.lists(st.one_of(st.integers(0, 40), st.integers(0, 200_000)), min_size=1, max_size=60),
)
def test_redis_counts_as_we_do(redis_server: servers.RedisServer, text: str, steps: list[int]) -> None:
    policy = parse_policy(text)
    client = redis.Redis.from_url(redis_server.url)
    client.flushdb()
    script = client.register_script(SCRIPT)
    shape = [number for window in policy for number in (window.amount, window.milliseconds)]
    counts: tuple[Count, ...] = ()
    now = 1_772_000_000_000
    for step in steps:
        now += step
        counts, ours = ask(counts, policy, now)
        telling, allowed, left, ends, wait = script(keys=["k"], args=[now, len(policy), *shape])
        assert Answer(telling - 1, bool(allowed), left, ends, wait) == ours
        if not ours.allowed:
            assert not ask(counts, policy, now + ours.wait - 1)[1].allowed
            assert ask(counts, policy, now + ours.wait)[1].allowed
    client.close()


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("100/minute", [(100, 60)]),
        ("5/15minute", [(5, 900)]),
        ("30/15minute;100/day", [(30, 900), (100, 86400)]),
        (" 50/hour ", [(50, 3600)]),
        ("10/second", [(10, 1)]),
    ],
)
def test_a_policy_reads_as_written(text: str, windows: list[tuple[int, int]]) -> None:
    assert [(window.amount, window.length.total_seconds()) for window in parse_policy(text)] == windows


@pytest.mark.parametrize(
    "text", ["", "many", "5", "5/", "/minute", "5/fortnight", "-1/minute", "0/minute", "5/minute;0/day"]
)
def test_a_policy_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no limit|allows nothing"):
        readable_policy(text)
