"""A bad network between browser and server: it forwards requests, and loses what the test wants lost.

One request per connection, so that a lost reply is a closed connection and nothing else.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.servers import free_port

CHUNK = 65_536


@dataclass(frozen=True)
class Passed:
    """A request that came by."""

    method: str
    path: str
    body: bytes


def nothing(_: Passed) -> bool:
    """Lose nothing."""
    return False


@dataclass
class Proxy:
    """Stands before a server. `lose_request` and `lose_reply` say which are lost; `lost` are those whose reply was."""

    upstream: int
    port: int = field(default_factory=free_port)
    lose_request: Callable[[Passed], bool] = nothing
    lose_reply: Callable[[Passed], bool] = nothing
    lost: list[tuple[Passed, int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for the browser."""
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one reply or none."""
        # However it ends: the browser keeps connections open in advance, and the proxy's end cancels those.
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            method, path, _ = lines[0].split(" ", 2)
            fields = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:] if line)}
            body = await reader.readexactly(int(fields.get("content-length", "0")))
            passed = Passed(method, path, body)
            if not self.lose_request(passed):
                kept = [line for line in lines[1:] if line and not line.lower().startswith("connection:")]
                request = "\r\n".join([lines[0], *kept, "Connection: close", "", ""]).encode("latin-1") + body
                await self._forward(passed, request, writer)

    async def _forward(self, passed: Passed, request: bytes, writer: asyncio.StreamWriter) -> None:
        source, sink = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            sink.write(request)
            await sink.drain()
            first = await source.read(CHUNK)
            if self.lose_reply(passed):
                while await source.read(CHUNK):
                    pass
                self.lost.append((passed, int(first.split(b" ", 2)[1])))
                return
            chunk = first.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
            while chunk:
                writer.write(chunk)
                await writer.drain()
                chunk = await source.read(CHUNK)
        finally:
            sink.close()


@contextmanager
def proxy_before(port: int) -> Iterator[Proxy]:
    """A proxy before a server's port, on a thread of its own."""
    proxy = Proxy(port)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxy", daemon=True)
    thread.start()
    serving = asyncio.run_coroutine_threadsafe(
        asyncio.start_server(proxy.handle, "127.0.0.1", proxy.port), loop
    ).result(10)

    async def end() -> None:
        serving.close()
        await asyncio.sleep(0)  # a connection that was just accepted becomes a task now
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed lets go of its socket now

    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
