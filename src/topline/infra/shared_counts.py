"""Counts in Redis that every process shares, asked for without ever holding up the event loop.

Requests that come while an answer is on its way wait for the next one together: one connection, one round trip, one
script for up to a hundred of them. When Redis does not answer within a quarter of a second, the whole line is told so,
everybody after them at once, and a task asks each second whether it is back: a store that is gone or frozen costs the
requests of one moment that quarter, and no others.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from topline.core.policies import Policy
from topline.infra.counting import Answer

log = structlog.get_logger("rate_limit")

PATIENCE_SECONDS: Final = 0.25
ASK_AGAIN_SECONDS: Final = 1.0
MOST_TOGETHER: Final = 100
_SCRIPT: Final = (Path(__file__).parent / "counting.lua").read_text(encoding="utf-8")
_NUMBERS: Final = 5


@dataclass(slots=True, eq=False)
class _Ask:
    key: str
    policy: Policy
    answer: asyncio.Future[Answer | None]


class RedisCounts:
    """One line to one Redis. Belongs to the event loop that asks first, and moves when another one does."""

    def __init__(self, url: str, namespace: str = "topline:limit") -> None:
        self._url = url
        self._namespace = namespace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: redis.asyncio.Redis | None = None
        self._waiting: list[_Ask] = []
        self._sending: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._away = False

    @property
    def is_away(self) -> bool:
        """Whether Redis gave no answer the last time it was asked."""
        return self._away

    async def ask(self, name: str, policy: Policy) -> Answer | None:
        """Count one hit; None while Redis is away."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._move_to(loop)
        if self._away:
            return None
        asked = _Ask(self._key(name, policy), policy, loop.create_future())
        self._waiting.append(asked)
        if self._sending is None:
            self._sending = loop.create_task(self._send())
        return await asked.answer

    async def close(self) -> None:
        """Hang up."""
        for task in (self._sending, self._asking):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        for asked in self._waiting:
            if not asked.answer.done():
                asked.answer.set_result(None)
        await self._hang_up()
        self._loop = None

    def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._client, self._away = loop, None, False
        self._waiting, self._sending, self._asking = [], None, None

    def _key(self, name: str, policy: Policy) -> str:
        # A policy that was changed counts anew.
        shape = ",".join(f"{window.amount}/{window.milliseconds}" for window in policy)
        return f"{self._namespace}:{shape}:{name}"

    async def _send(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                answers = await self._answers(together)
                for asked, answer in zip(together, answers, strict=True):
                    if not asked.answer.done():  # the caller went away
                        asked.answer.set_result(answer)
        finally:
            self._sending = None

    async def _answers(self, together: list[_Ask]) -> list[Answer] | list[None]:
        if not self._away:
            try:
                return await self._run(together)
            except Exception as error:  # whatever the driver raises
                self._lose(error)
        return [None] * len(together)

    async def _run(self, together: list[_Ask]) -> list[Answer]:
        arguments: list[Any] = [""]
        for asked in together:
            arguments.append(len(asked.policy))
            for window in asked.policy:
                arguments += (window.amount, window.milliseconds)
        async with asyncio.timeout(PATIENCE_SECONDS):
            if self._client is None:
                self._client = self._connected()
                self._script = self._client.register_script(_SCRIPT)
            numbers: list[int] = await self._script(keys=[asked.key for asked in together], args=arguments)
        chunks = [numbers[at : at + _NUMBERS] for at in range(0, len(numbers), _NUMBERS)]
        return [Answer(telling - 1, bool(allowed), *more) for telling, allowed, *more in chunks]

    def _connected(self) -> redis.asyncio.Redis:
        # One more try at once: a connection that was idle may have been closed.
        return redis.asyncio.Redis.from_url(self._url, retry=Retry(NoBackoff(), 1))

    def _lose(self, error: Exception) -> None:
        self._away = True
        log.error("limit_store_away", error=type(error).__name__, meanwhile="each process counts for itself")
        self._asking = asyncio.get_running_loop().create_task(self._ask_until_back())

    async def _ask_until_back(self) -> None:
        await self._hang_up()
        while self._away:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            with contextlib.suppress(Exception):
                async with asyncio.timeout(PATIENCE_SECONDS), self._connected() as client:
                    await client.ping()
                    self._away = False
        log.warning("limit_store_back")

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await client.aclose()
