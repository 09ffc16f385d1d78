"""Slow and oversized requests: they are ended, and nobody honest waits for them."""

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.support.certificates import NAME
from tests.support.proxies import Front

SLOW = 200
#: What an honest request may take beside them, on a machine that does other work, too.
HONEST_SECONDS = 3.0
#: When each slow one must be over: the longest bound of the three is fifteen seconds.
OVER_SECONDS = 30.0
HEAD = f"POST /api/auth/login HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n".encode()


@dataclass
class Line:
    """A connection that is up to no good."""

    socket: ssl.SSLSocket
    heard: bytes = b""
    ended: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether it got an answer, or was simply cut."""
        return self.ended or self.heard != b""

    def send(self, data: bytes) -> None:
        """Send all of it, or as much as the other side takes before it goes away."""
        self.socket.settimeout(10)
        try:
            self.socket.sendall(data)
        except OSError:
            self.ended = True

    def listen(self, seconds: float = 0) -> bytes:
        """What was answered so far."""
        self.socket.settimeout(seconds)
        # Nothing there yet; a ticket for the next session is nothing, too.
        with contextlib.suppress(ssl.SSLWantReadError, TimeoutError):
            try:
                while not self.ended:
                    more = self.socket.recv(4096)
                    self.heard += more
                    self.ended = more == b""
            except (ConnectionError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
                self.ended = True
        return self.heard


@contextmanager
def lines(front: Front, count: int, network: str) -> Iterator[list[Line]]:
    """So many connections, each from its own address, all ready to send."""
    context = front.trust()
    with ExitStack() as stack:
        found = []
        for number in range(1, count + 1):
            own = (f"{network}.{number}", 0)
            plain = socket.create_connection(("127.0.0.1", front.port), 10, own)
            secure = stack.enter_context(context.wrap_socket(plain, server_hostname=NAME))
            found.append(Line(secure))
        yield found


def open_after(held: Sequence[Line], seconds: float = 0) -> list[Line]:
    """Those that heard nothing within that time."""
    end = time.monotonic() + seconds
    left = [line for line in held if not line.is_answered]
    while left:
        readable, _, _ = select.select(
            [line.socket for line in left], [], [], max(0.0, end - time.monotonic())
        )
        for line in left:
            if line.socket in readable:
                line.listen()
        left = [line for line in left if not line.is_answered]
        if time.monotonic() >= end:
            break
    return left


def test_four_hundred_slow_connections_hold_up_nobody_and_are_ended(front: Front) -> None:
    """Half of them never finish their head, byte by byte; half announce a body that does not come."""
    with (
        lines(front, SLOW, "127.0.1") as heads,
        lines(front, SLOW, "127.0.2") as bodies,
        front.client("127.0.0.13") as honest,
    ):
        began = time.monotonic()
        for line in heads:
            line.send(HEAD + b"X-Slow: ")
        for line in bodies:
            line.send(HEAD + b"Content-Length: 1000\r\n\r\n{")
        waited = []
        for _ in range(10):
            asked = time.monotonic()
            assert honest.get("/sign-in").status_code == 200
            waited.append(time.monotonic() - asked)
        assert max(waited) < HONEST_SECONDS
        assert len(open_after([*heads, *bodies])) == 2 * SLOW  # they were there all the while

        left = [*heads, *bodies]
        while left and time.monotonic() - began < OVER_SECONDS:
            for line in heads:
                line.send(b"a")
            left = open_after(left, 1.0)
        assert left == []


@pytest.mark.parametrize(
    ("what", "request_"),
    [
        ("one header", HEAD + b"X: " + b"a" * 100_000 + b"\r\n\r\n"),
        ("many headers", HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(8000)) + b"\r\n"),
        ("a path", b"GET /" + b"a" * 100_000 + f" HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()),
    ],
)
def test_a_huge_head_is_refused(front: Front, what: str, request_: bytes) -> None:
    with lines(front, 1, "127.0.4") as (line,), front.client("127.0.0.14") as honest:
        line.send(request_)
        # Nothing at all was heard where the other side went away while we were still sending.
        assert line.listen(10)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 414", b"HTTP/1.1 431", b""), what
        assert line.is_answered
        assert honest.get("/health").status_code == 200


@pytest.mark.parametrize("announced", ["Content-Length: 100000000", "Transfer-Encoding: chunked"])
def test_a_huge_body_is_refused_while_it_comes(front: Front, announced: str) -> None:
    """Whether its size is said beforehand or not."""
    piece = b" " * 65_536
    if "chunked" in announced:
        piece = b"10000\r\n" + piece + b"\r\n"
    with lines(front, 1, "127.0.5") as (line,):
        line.send(HEAD + f"{announced}\r\n\r\n".encode())
        for _ in range(300):
            if line.is_answered:
                break
            line.send(piece)
            line.listen()
        # Caddy does not know the size of a body in pieces: told in the middle of it, it may only see Topline hang up.
        hung_up = b"HTTP/1.1 502" if "chunked" in announced else b""
        assert line.listen(10)[:12] in (b"HTTP/1.1 413", hung_up, b"")
        assert line.is_answered
