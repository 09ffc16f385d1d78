"""The stream says "changed" soon after a commit, and nothing else; it ends by itself and is bounded per hotel."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient

from tests.factories import display_of, headers, session_of, tablet_of
from tests.support.cast import Cast
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.infra.signals import LocalSignals
from topline.scoreboard.api.stream import OpenStreams
from topline.scoring.events import board_topic
from topline.web.doorway import Doorway
from topline.web.services import Services

HOTEL, NEXT_DOOR = uuid4(), uuid4()
CHANGED = b"event: changed\ndata: \n\n"


async def following(lines: AsyncIterator[bytes], seconds: float = 2.0) -> bytes:
    return await asyncio.wait_for(anext(lines), seconds)


def test_a_stream_begins_with_a_look_and_then_tells_of_changes_of_its_own_hotel() -> None:
    async def story() -> None:
        signals, streams = LocalSignals(), OpenStreams(ping_seconds=0.2)
        lines = streams.listen(signals, HOTEL)
        first = await following(lines)
        assert first.startswith(b"retry: ")
        assert first.endswith(CHANGED)
        signals.emit(board_topic(NEXT_DOOR))
        assert await following(lines) == b": ping\n\n"
        signals.emit(board_topic(HOTEL))
        assert await following(lines) == CHANGED

    asyncio.run(story())


def test_a_burst_of_logs_is_few_messages() -> None:
    async def story() -> None:
        signals, streams = LocalSignals(), OpenStreams(ping_seconds=0.5)
        lines = streams.listen(signals, HOTEL)
        await following(lines)
        for _ in range(30):
            signals.emit(board_topic(HOTEL))
            await asyncio.sleep(0.01)
        assert await following(lines) == CHANGED
        # What was emitted while the stream rested is told once more, then it is quiet.
        assert await following(lines) in (CHANGED, b": ping\n\n")
        assert await following(lines) == b": ping\n\n"

    asyncio.run(story())


def test_a_stream_ends_by_itself_and_leaves_nothing_behind() -> None:
    async def story() -> None:
        streams = OpenStreams(life_seconds=0.2, ping_seconds=0.1)
        lines = [line async for line in streams.listen(LocalSignals(), HOTEL)]
        assert lines[1:] == [b": ping\n\n"] * len(lines[1:])
        assert len(lines) >= 2
        assert streams.count == {}

    asyncio.run(story())


def test_streams_end_at_once_when_the_process_is_asked_to() -> None:
    async def story() -> None:
        streams = OpenStreams()
        lines = streams.listen(LocalSignals(), HOTEL)
        await following(lines)
        waiting = asyncio.ensure_future(anext(lines, b"the end"))
        await asyncio.sleep(0)
        streams.end()
        assert await asyncio.wait_for(waiting, 1) == b"the end"
        assert streams.count == {}
        with pytest.raises(Problem) as refused:
            streams.check(NEXT_DOOR)
        assert refused.value.status == 503

    asyncio.run(story())


def test_a_listener_who_goes_away_is_counted_no_more() -> None:
    async def story() -> None:
        streams = OpenStreams(most=1)
        lines = streams.listen(LocalSignals(), HOTEL)
        await anext(lines)
        with pytest.raises(Problem) as refused:
            streams.check(HOTEL)
        assert (refused.value.status, refused.value.retry_after) == (429, 60)
        streams.check(NEXT_DOOR)
        await lines.aclose()  # type: ignore[attr-defined]
        streams.check(HOTEL)

    asyncio.run(story())


def test_a_log_is_heard_within_two_seconds_of_its_commit(
    app: Doorway, client: TestClient[Any], database: Database, cast: Cast, parts: Services, clock: FixedClock
) -> None:
    """Through everything: a tap over HTTP, the commit, the rebuilt totals, the signal, the open stream."""
    clock.instant = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    tablet = tablet_of(database, cast)
    staff = headers(session_of(database, cast.fred, tablet), tablet.token)
    body = {"id": str(new_id()), "behavior_id": str(cast.behaviors["greet"])}

    async def story() -> bytes:
        lines = OpenStreams(ping_seconds=0.4).listen(parts.signals, cast.organization_id)
        while await following(lines) != b": ping\n\n":
            pass  # the start of the program is told too
        answer = await asyncio.to_thread(client.post, "/api/behavior-logs", json=body, headers=staff)
        assert answer.status_code == 201, answer.text
        stored = time.monotonic()
        while (line := await following(lines)) == b": ping\n\n":
            assert time.monotonic() - stored < 2.0
        return line

    assert asyncio.run(story()) == CHANGED


def test_the_stream_is_for_displays_and_managers(
    app: Doorway, client: TestClient[Any], database: Database, cast: Cast, parts: Services
) -> None:
    parts.add(OpenStreams(life_seconds=0.1, ping_seconds=0.05))
    for token in (display_of(database, cast).token, session_of(database, cast.mina)):
        answer = client.get("/api/scoreboard/stream", headers=headers(token))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert b"event: changed" in answer.content
    assert client.get("/api/scoreboard/stream").status_code == 401
    staff = headers(session_of(database, cast.fred))
    assert client.get("/api/scoreboard/stream", headers=staff).status_code == 401
    parts.get(OpenStreams).most = 0
    full = client.get("/api/scoreboard/stream", headers=headers(session_of(database, cast.mina)))
    assert (full.status_code, full.headers["retry-after"]) == (429, "60")
