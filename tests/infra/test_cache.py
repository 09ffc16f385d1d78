"""The cache: one computation at a time, nothing old after a forgetting, and no failure when Redis is gone."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import parts, servers
from topline.infra.cache import LocalCache, RedisCache
from topline.infra.remember import Remembered

THREADS = 200


class Counter:
    """Makes a value and remembers how often it was asked to."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.count = 0
        self._seconds = seconds
        self._lock = threading.Lock()

    def __call__(self) -> bytes:
        with self._lock:
            self.count += 1
        time.sleep(self._seconds)
        return f"value {self.count}".encode()


class HandClock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def redis_cache(redis_server: servers.RedisServer, request: pytest.FixtureRequest) -> RedisCache:
    return RedisCache(redis_server.url, namespace=request.node.name)


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
def cache(request: pytest.FixtureRequest) -> Iterator[LocalCache | RedisCache]:
    if request.param == "local":
        yield LocalCache()
    else:
        yield request.getfixturevalue("redis_cache")


def at_once(count: int, work: Callable[[], bytes]) -> list[bytes]:
    """What so many threads get that all ask at the same moment."""
    together = threading.Barrier(count)

    def one(_number: int) -> bytes:
        together.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_two_hundred_who_ask_at_once_cost_one_computation(cache: LocalCache | RedisCache) -> None:
    make = Counter(0.05)
    assert set(at_once(THREADS, lambda: cache.fetch("board:1", "day", 30, make))) == {b"value 1"}
    assert make.count == 1


def test_a_value_is_kept_for_its_time_and_made_again_afterwards() -> None:
    clock, make = HandClock(), Counter()
    cache = LocalCache(clock=clock)
    assert cache.fetch("g", "k", 30, make) == b"value 1"
    clock.seconds += 29.9
    assert cache.fetch("g", "k", 30, make) == b"value 1"
    assert cache.peek("g", "k") == b"value 1"
    clock.seconds += 0.2
    assert cache.peek("g", "k") is None
    assert cache.fetch("g", "k", 30, make) == b"value 2"


def test_forgetting_a_group_leaves_the_others(cache: LocalCache | RedisCache) -> None:
    ours, theirs = Counter(), Counter()
    for _ in range(2):
        cache.fetch("board:1", "day", 30, ours)
        cache.fetch("board:1", "week", 30, ours)
        cache.fetch("board:2", "day", 30, theirs)
    assert (ours.count, theirs.count) == (2, 1)
    cache.forget("board:1")
    assert cache.peek("board:1", "day") is None
    assert cache.fetch("board:1", "day", 30, ours) == b"value 3"
    assert cache.fetch("board:2", "day", 30, theirs) == b"value 1"


def test_what_was_computed_before_a_forgetting_is_not_kept_after_it(cache: LocalCache | RedisCache) -> None:
    """A slow reader that began with yesterday's rows must not bring them back."""

    def slow() -> bytes:
        cache.forget("board:1")  # a write commits while this computation is under way
        return b"old"

    assert cache.fetch("board:1", "day", 30, slow) == b"old"
    assert cache.peek("board:1", "day") is None
    assert cache.fetch("board:1", "day", 30, lambda: b"new") == b"new"
    assert cache.fetch("board:1", "day", 30, lambda: b"newer") == b"new"


def test_a_computation_that_fails_is_told_and_tried_again(cache: LocalCache | RedisCache) -> None:
    def fail() -> bytes:
        raise ValueError("no rows")

    with pytest.raises(ValueError, match="no rows"):
        cache.fetch("g", "k", 30, fail)
    assert cache.fetch("g", "k", 30, lambda: b"fine") == b"fine"


def test_what_cannot_be_made_leaves_nothing_behind() -> None:
    cache = LocalCache()

    def fail() -> bytes:
        raise ValueError("no such house")

    for number in range(50):
        with pytest.raises(ValueError, match="no such house"):
            cache.fetch("g", str(number), 30, fail)
    assert not cache._making


def test_the_cache_stays_within_its_size() -> None:
    cache, make = LocalCache(size=10), Counter()
    for number in range(25):
        cache.fetch("g", str(number), 30, make)
    assert cache.peek("g", "14") is None
    assert [cache.peek("g", str(number)) is not None for number in range(15, 25)] == [True] * 10


@pytest.mark.redis
def test_processes_share_values_through_redis(redis_server: servers.RedisServer) -> None:
    here, there = RedisCache(redis_server.url, "shared"), RedisCache(redis_server.url, "shared")
    make = Counter()
    assert here.fetch("g", "k", 30, make) == there.fetch("g", "k", 30, make) == b"value 1"
    here.forget("g")
    there.forget_locally("g")  # a signal tells the other process
    assert there.fetch("g", "k", 30, make) == b"value 2"
    assert here.fetch("g", "k", 30, make) == b"value 2"


@pytest.mark.redis
def test_without_a_signal_another_process_is_at_most_a_second_late(redis_server: servers.RedisServer) -> None:
    here, there = RedisCache(redis_server.url, "late"), RedisCache(redis_server.url, "late")
    make = Counter()
    there.fetch("g", "k", 30, make)
    here.forget("g")
    end = time.monotonic() + 1.5
    while there.fetch("g", "k", 30, make) == b"value 1":
        assert time.monotonic() < end, "still the old value"
        time.sleep(0.05)


@pytest.mark.redis
def test_when_redis_stops_everybody_computes_and_nothing_fails() -> None:
    with servers.redis(parts.need(parts.REDIS)) as server:
        cache, make = RedisCache(server.url), Counter()
        assert cache.fetch("g", "k", 30, make) == b"value 1"
    cache.forget_locally("g")
    assert cache.fetch("g", "k", 30, make) == b"value 2"
    cache.forget("g")
    assert cache.fetch("g", "k", 30, make) == b"value 3"


def test_remembered_values_are_made_once_for_two_hundred() -> None:
    make = Counter(0.05)
    kept: Remembered[str, bytes] = Remembered(lambda _key: make(), seconds=30)
    assert set(at_once(THREADS, lambda: kept.get("k"))) == {b"value 1"}
    assert make.count == 1


def test_a_remembered_value_ends_with_its_time_or_when_forgotten() -> None:
    clock, make = HandClock(), Counter()
    kept: Remembered[str, bytes] = Remembered(lambda _key: make(), 30, clock)
    assert (kept.peek("k"), kept.get("k"), kept.peek("k")) == (None, b"value 1", b"value 1")
    kept.forget("k")
    assert (kept.peek("k"), kept.get("k")) == (None, b"value 2")
    clock.seconds += 30.1
    assert (kept.peek("k"), kept.get("k")) == (None, b"value 3")


def test_what_was_being_made_while_it_was_forgotten_is_not_remembered() -> None:
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        if len(made) == 1:
            kept.forget(key)
        return f"{key} {len(made)}"

    kept: Remembered[str, str] = Remembered(make, seconds=30)
    assert kept.get("k") == "k 1"
    assert kept.peek("k") is None
    assert kept.get("k") == kept.get("k") == "k 2"
