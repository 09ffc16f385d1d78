"""People who come while something changes at the door: each shakes hands anew, and is asked how it went."""

import http.client
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.certificates import NAME

#: How long the story may take until the new certificate is shown.
PATIENCE_SECONDS = 60.0


def wait_until(reached: Callable[[], bool], what: Callable[[], str]) -> None:
    """Wait for something at the door that nobody tells us of; `what` says what did not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


@dataclass
class Guests:
    """Clients that come one after the other, each on a connection of its own.

    `failed` are handshakes that failed, and wrong answers. `unanswered` shook hands well, and were then cut off.
    """

    port: int
    trust: ssl.SSLContext
    shown: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    _leave: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Guests":
        self._thread = threading.Thread(target=self._come)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait for something the guests will see."""
        wait_until(reached, lambda: f"{what}: {len(self.shown)} came, {self.failed[:3]}")

    def _come(self) -> None:
        while not self._leave.is_set():
            connection = http.client.HTTPSConnection(NAME, self.port, timeout=10, context=self.trust)
            told = self.failed
            try:
                connection.connect()
                certificate = connection.sock.getpeercert()
                assert certificate
                told = self.unanswered
                connection.request("GET", "/health")
                answer = connection.getresponse()
                told = self.failed
                assert answer.status == 200
                self.shown.append(str(certificate["serialNumber"]))
            except (OSError, AssertionError, http.client.HTTPException) as error:
                told.append(repr(error))
            finally:
                connection.close()
            self._leave.wait(0.05)
