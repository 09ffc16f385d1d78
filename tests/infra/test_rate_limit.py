"""Limits: exactly so many and no more, however many threads ask; and what happens when the store is gone."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import parts, servers
from topline.infra.rate_limit import Limiter, parse_policy

POLICIES = {"api": "100/minute", "door": "3/15minute;5/day", "uploads": "50/hour"}


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    if request.param == "memory":
        yield Limiter(POLICIES)
    else:
        yield Limiter.in_redis(POLICIES, request.getfixturevalue("redis_server").url)


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key of this test's own: the Redis is shared by the run."""
    return str(request.node.name)


def test_exactly_the_limit_passes_when_threads_ask_at_once(limiter: Limiter, key: str) -> None:
    together = threading.Barrier(20)

    def ask(_number: int) -> int:
        together.wait(timeout=30)
        return sum(limiter.hit("api", key).allowed for _ in range(15))

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(ask, range(20))) == 100


def test_keys_and_policies_are_counted_apart(limiter: Limiter, key: str) -> None:
    for _ in range(3):
        assert limiter.hit("door", key).allowed
    assert not limiter.hit("door", key).allowed
    assert limiter.hit("door", f"{key} of somebody else").allowed
    assert limiter.hit("uploads", key).allowed


def test_a_verdict_says_how_many_are_left_and_when_to_come_back(limiter: Limiter, key: str) -> None:
    first = limiter.hit("door", key)
    assert (first.allowed, first.limit, first.remaining, first.retry_after) == (True, 3, 2, 0)
    for _ in range(2):
        last = limiter.hit("door", key)
    assert (last.allowed, last.remaining) == (True, 0)
    refused = limiter.hit("door", key)
    assert (refused.allowed, refused.remaining, refused.degraded) == (False, 0, False)
    assert 1 <= refused.retry_after <= 900


def test_looking_does_not_count(limiter: Limiter, key: str) -> None:
    for _ in range(10):
        assert limiter.check("door", key).allowed
    assert limiter.hit("door", key).remaining == 2
    for _ in range(2):
        limiter.hit("door", key)
    assert not limiter.check("door", key).allowed


def test_a_cleared_key_starts_anew(limiter: Limiter, key: str) -> None:
    for _ in range(4):
        limiter.hit("door", key)
    limiter.clear("door", key)
    assert limiter.hit("door", key).remaining == 2


@pytest.mark.redis
def test_two_processes_count_together(redis_server: servers.RedisServer, key: str) -> None:
    here, there = (Limiter.in_redis(POLICIES, redis_server.url) for _ in range(2))
    assert [limiter.hit("door", key).allowed for limiter in (here, there, here, there)] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.redis
def test_when_the_store_is_gone_the_answer_says_so() -> None:
    """The caller decides: ordinary requests pass, sign-in keeps its own durable count."""
    with servers.redis(parts.need(parts.REDIS)) as server:
        limiter = Limiter.in_redis(POLICIES, server.url)
        assert not limiter.hit("door", "k").degraded
    for verdict in (limiter.hit("door", "k"), limiter.check("door", "k")):
        assert (verdict.allowed, verdict.degraded) == (True, True)


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
    assert [(item.amount, item.get_expiry()) for item in parse_policy(text)] == windows


@pytest.mark.parametrize("text", ["", "many", "5", "5/", "/minute", "5/fortnight", "-1/minute"])
def test_a_policy_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_policy(text)
