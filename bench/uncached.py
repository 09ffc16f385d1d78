"""The same server without its cache: what an answer costs when it has to be made. `python -m bench.uncached`."""

from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces

from topline import main
from topline.core.settings import load_settings
from topline.web.doorway import Doorway


class NoCache:
    """Keeps nothing."""

    def peek(self, group: str, key: str) -> bytes | None:
        return None

    def fetch(self, group: str, key: str, seconds: float, make: Callable[[], bytes]) -> bytes:
        return make()

    def forget(self, group: str) -> None:
        """There is nothing to forget."""


def app() -> Doorway:
    """What the worker process calls."""
    main.LocalCache = NoCache  # type: ignore[attr-defined, assignment]
    return main.app_from_environment()


if __name__ == "__main__":
    settings = load_settings()
    Granian(
        "bench.uncached:app",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        log_access=False,
        websockets=False,
    ).serve()
