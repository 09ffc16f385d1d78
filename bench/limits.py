"""What counting a request adds to it: `python -m bench.limits [--rounds 5]`.

Requests arrive at random moments, so many a second on average, on one event loop that does nothing else; a private
Redis answers over loopback. Compared are counting in this process, our line to Redis (`infra/shared_counts.py`), the
same script asked by each request for itself, and the `limits` library's own Redis storage: blocking the loop, and
asynchronous. Interleaved rounds of a second; each number is the median round's. Processor time is that of this process
for one request.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import astuple, dataclass
from typing import Any

import redis.asyncio
from limits import aio, parse, storage, strategies

from tests.support import parts, servers
from topline.core.policies import parse_policy
from topline.infra.rate_limit import Limiter, Rule
from topline.infra.shared_counts import _SCRIPT, RedisCounts

TEXT = "1000000/minute"
KEYS = 200
Count = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True)
class Result:
    """Milliseconds a request waits, microseconds of processor it takes."""

    p50: float
    p95: float
    p99: float
    cpu: float
    errors: int

    def line(self) -> str:
        """For people."""
        waits = f"p50 {self.p50:6.2f} ms   p95 {self.p95:6.2f} ms   p99 {self.p99:6.2f} ms"
        return f"{waits}   {self.cpu:4.0f} µs   errors {self.errors}"

    @classmethod
    def median(cls, rounds: "list[Result]") -> "Result":
        """Of each number the middle one; all errors."""
        *numbers, errors = zip(*map(astuple, rounds), strict=True)
        return cls(*map(statistics.median, numbers), errors=sum(errors))


async def measure(count: Count, per_second: int, seconds: float) -> Result:
    """Let requests arrive and see how long each takes."""
    chance, waits, errors = random.Random(1), [], 0

    async def one(key: str) -> None:
        began = time.perf_counter()
        nonlocal errors
        try:
            await count(key)
        except redis.RedisError:
            errors += 1
        waits.append(time.perf_counter() - began)

    await count("warm")
    tasks: set[asyncio.Task[None]] = set()
    arrives = ends = time.perf_counter()
    ends += seconds
    worked = time.process_time()
    while arrives < ends:
        arrives += chance.expovariate(per_second)
        if (rest := arrives - time.perf_counter()) > 0:
            await asyncio.sleep(rest)
        tasks.add(asyncio.create_task(one(f"person:{chance.randrange(KEYS)}")))
    await asyncio.gather(*tasks)
    worked = time.process_time() - worked
    waits.sort()
    p50, p95, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.95, 0.99))
    return Result(p50, p95, p99, worked / len(waits) * 1e6, errors)


async def nothing(_key: str) -> None:
    """What the measuring itself costs."""


@asynccontextmanager
async def ways(url: str) -> Any:
    """Each way of counting by its name."""
    rules = {"api": Rule.always(parse_policy(TEXT))}
    item = parse("1000000 per minute")
    here, shared = Limiter(rules), Limiter(rules, RedisCounts(url))
    client = redis.asyncio.Redis.from_url(url, max_connections=5000)
    script = client.register_script(_SCRIPT)
    blocking = strategies.SlidingWindowCounterRateLimiter(storage.RedisStorage(url))
    library = aio.strategies.SlidingWindowCounterRateLimiter(
        aio.storage.RedisStorage(f"async+{url}", implementation="redispy", max_connections=5000)
    )

    async def ask_library(key: str) -> None:
        await library.hit(item, key)
        await library.get_window_stats(item, key)

    async def block(key: str) -> None:
        blocking.hit(item, key)
        blocking.get_window_stats(item, key)

    yield {
        "nothing (the measuring itself)": nothing,
        "in this process": lambda key: here.hit("api", key),
        "in Redis, our line": lambda key: shared.hit("api", key),
        "in Redis, our script, each by itself": lambda key: script(
            keys=[key], args=["", 1, 1_000_000, 60_000]
        ),
        "in Redis, limits, asynchronous": ask_library,
        "in Redis, limits, blocking the loop": block,
    }
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.aclose)
        stack.push_async_callback(shared.close)


async def compare(url: str, rounds: int) -> None:
    """Measure every way at an ordinary and at a high rate."""
    async with ways(url) as counted:
        for per_second in (200, 1500):
            found: dict[str, list[Result]] = {name: [] for name in counted}
            for _ in range(rounds):
                for name, count in counted.items():
                    found[name].append(await measure(count, per_second, seconds=1))
            print(f"{per_second} requests a second")
            for name, results in found.items():
                print(f"  {name:38} {Result.median(results).line()}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with servers.redis(parts.need(parts.REDIS)) as server:
        asyncio.run(compare(server.url, options.rounds))


if __name__ == "__main__":
    main()
