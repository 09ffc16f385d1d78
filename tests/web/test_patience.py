"""A body that trickles in is given up; one that flows is not, however long it takes; and nobody is hurried after it."""

import asyncio
from typing import Any

import anyio
import pytest

from tests.support.apps import Running, running
from tests.support.databases import SqliteDatabases
from topline.core.errors import Problem
from topline.web.patience import Body


def arriving(*pieces: tuple[float, bytes]) -> Any:
    """A `receive` whose pieces each take so long; after the last it waits for ever."""
    left = list(pieces)

    async def receive() -> Any:
        if not left:
            await asyncio.Event().wait()
        seconds, body = left.pop(0)
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    return receive


async def read(receive: Any) -> bytes:
    found: bytes = b""
    while True:
        message: dict[str, Any] = await receive()
        found += message["body"]
        if not message["more_body"]:
            return found


def test_a_body_that_never_ends_is_given_up() -> None:
    async def story() -> str:
        never = arriving((0, b"{"), (60, b"}"))
        with pytest.raises(Problem) as refused:
            await read(Body(never, grace=0.05, rate=1000).receive)
        return refused.value.code

    assert anyio.run(story) == "too_slow"


def test_every_byte_that_comes_buys_time() -> None:
    async def story() -> bytes:
        flowing = arriving(*[(0.03, b"x" * 100) for _ in range(5)])
        return await read(Body(flowing, grace=0.06, rate=1000).receive)

    assert anyio.run(story) == b"x" * 500


def test_whoever_listens_for_the_end_of_the_connection_is_not_hurried() -> None:
    async def story() -> bool:
        receive = Body(arriving((0, b"{}")), grace=0.01, rate=1000).receive
        await read(receive)
        try:
            await asyncio.wait_for(receive(), 0.1)
        except TimeoutError:
            return True
        return False

    assert anyio.run(story)


def test_the_rest_of_a_refused_body_is_taken_in_so_that_the_answer_is_heard() -> None:
    left = [(0.0, b"x" * 1000)] * 50
    taken = []

    async def story() -> None:
        receive = arriving(*left)

        async def counted() -> Any:
            taken.append(await receive())
            return taken[-1]

        body = Body(counted, grace=1, rate=1000)
        await body.receive()
        await body.discard()

    anyio.run(story)
    assert len(taken) == len(left)


def test_a_client_hears_that_it_was_too_slow(
    sqlite_databases: SqliteDatabases, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Body.__init__, "__defaults__", (0.05, 2048))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask(house: Running) -> None:
        scope: Any = {
            "type": "http",
            "method": "POST",
            "path": "/api/auth/login",
            "raw_path": b"/api/auth/login",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "client": ("127.0.0.1", 4000),
            "server": ("topline.test", 80),
            "headers": [(b"host", b"topline.test"), (b"content-type", b"application/json")],
            "extensions": {},
        }
        await house.app(scope, arriving((0, b"{"), (60, b"}")), send)

    with sqlite_databases.fresh() as url, running(url, tmp_path) as house, house.client.portal() as portal:
        portal.call(ask, house)
    assert sent[0]["status"] == 408
    assert b"too_slow" in sent[1]["body"]
