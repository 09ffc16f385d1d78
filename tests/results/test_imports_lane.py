"""Uploaded tables are read one at a time, and nobody who signs in waits for them."""

import threading
from typing import Any
from uuid import uuid4

import anyio
import pytest
from anyio import to_thread

from topline.core.errors import not_found
from topline.results.api import imports
from topline.web.request import in_file_lane, in_slow_lane


class Asked:
    """As much of a request as a lane needs."""

    def __init__(self) -> None:
        self.app = self
        self.state: dict[str, Any] = {}


def test_files_are_read_one_at_a_time_and_apart_from_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = Asked()
    begun, go = threading.Semaphore(0), threading.Event()
    running: list[int] = []
    met: list[int] = []

    def look(*_: object) -> Any:
        running.append(1)
        met.append(len(running))
        begun.release()
        go.wait(10)
        running.pop()
        raise not_found("import")

    monkeypatch.setattr(imports, "look", look)

    async def ask() -> None:
        with pytest.raises(Exception, match="import"):
            await imports.get_import.fn(request, import_id=uuid4())

    async def story() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(ask)
            await to_thread.run_sync(begun.acquire)
            # One reads, two wait; whoever signs in does not.
            assert request.state["file_lane"].statistics().tasks_waiting == 2
            assert await in_slow_lane(request, lambda: "in") == "in"
            go.set()
        assert await in_file_lane(request, lambda: "done") == "done"

    anyio.run(story)
    assert met == [1, 1, 1]
