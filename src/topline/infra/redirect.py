"""The listener for plain HTTP beside a TLS one: every path is answered with the same path on https."""

import asyncio
import contextlib
import re
import threading
from dataclasses import dataclass
from typing import Final

PATIENCE_SECONDS: Final = 5.0
HEAD_LIMIT: Final = 16 * 1024
#: Connections at a time; more wait in the system's line.
MOST: Final = 256

_TARGET: Final = re.compile(r"[A-Z]{3,10} (/[\x21-\x7e]*) HTTP/1\.[01]")
_HOST: Final = re.compile(
    r"\r\nhost:[ \t]*([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?[ \t]*\r\n", re.IGNORECASE
)


@dataclass(frozen=True)
class Redirect:
    """Where plain HTTP is sent. `host` is used whatever was asked for; without one, the host that was asked for."""

    https_port: int
    host: str = ""

    def answer(self, head: str) -> bytes:
        """The answer to a request's head: 308, or 400 to what names no path or host."""
        target, host = _TARGET.match(head), _HOST.search(head)
        if target is None or (host is None and not self.host):
            return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        name = self.host or (host[1] if host else "")
        port = "" if self.https_port == 443 else f":{self.https_port}"
        location = f"https://{name}{port}{target[1]}"
        return (
            f"HTTP/1.1 308 Permanent Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n"
            "Connection: close\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        ).encode("latin-1")

    async def serve(self, host: str, port: int) -> None:
        """Listen until the program ends."""
        places = asyncio.Semaphore(MOST)

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async with places:
                with contextlib.suppress(
                    OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
                ):
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        head = await reader.readuntil(b"\r\n\r\n")
                        writer.write(self.answer(head.decode("latin-1")))
                        await writer.drain()
                writer.close()

        server = await asyncio.start_server(meet, host, port, limit=HEAD_LIMIT)
        await server.serve_forever()


def start(redirect: Redirect, host: str, port: int) -> None:
    """Serve redirects from a thread of its own."""
    threading.Thread(
        target=lambda: asyncio.run(redirect.serve(host, port)), name="redirect", daemon=True
    ).start()
