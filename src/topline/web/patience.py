"""How long a request's body may take to arrive: what trickles in byte by byte is given up, what flows is not.

The server bounds the time of the head. The body is read here, without a thread or a connection to the database; a
thousand slow ones still would hold a thousand places.
"""

import asyncio
import contextlib
from typing import Final

from litestar.types import Receive, ReceiveMessage

from topline.core.errors import Problem

#: What every body gets, and how many bytes a second it has to bring from then on.
GRACE_SECONDS: Final = 15.0
LEAST_RATE: Final = 2048
#: How much of a refused body is still taken in, and for how long.
REST_BYTES: Final = 16_000_000
REST_SECONDS: Final = 5.0


class Body:
    """The body of one request, as long as it keeps coming."""

    def __init__(self, receive: Receive, grace: float = GRACE_SECONDS, rate: float = LEAST_RATE) -> None:
        self._receive = receive
        self._began = asyncio.get_running_loop().time()
        self._grace = grace
        self._rate = rate
        self._received = 0
        self._is_complete = False

    async def receive(self) -> ReceiveMessage:
        """The next part; 408 `too_slow` when it does not come.

        Once the body is here, whoever goes on asking waits for the client to leave, for as long as that takes.
        """
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._began + self._grace + self._received / self._rate):
                message = await self._receive()
        except TimeoutError as error:
            raise Problem("too_slow") from error
        if message["type"] == "http.request":
            self._received += len(message["body"])
            self._is_complete = not message["more_body"]
        else:
            self._is_complete = True
        return message

    async def discard(self) -> None:
        """Take in what is still coming of a body that is refused.

        A client or proxy in the middle of sending would see the connection break instead of the answer.
        """
        with contextlib.suppress(TimeoutError, Problem):
            async with asyncio.timeout(REST_SECONDS):
                while not self._is_complete and self._received < REST_BYTES:
                    await self.receive()
