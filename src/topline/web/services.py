"""What `main.py` builds once and hands to every request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from litestar.types import Scope

from topline.core.actor import Actor
from topline.core.clock import Clock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.infra.cache import Cache
from topline.infra.events import Bus
from topline.infra.files import FileStore
from topline.infra.jobs import Jobs
from topline.infra.rate_limit import Limiter
from topline.infra.signals import Signals

T = TypeVar("T")

#: From the credentials in a request to who is calling; None when nobody is recognized.
Identify = Callable[[Scope], Awaitable[Actor | None]]


@dataclass
class Services:
    """The parts of the running program. What single domains keep is added and asked for by its class."""

    settings: Settings
    clock: Clock
    db: Database
    cache: Cache
    limiter: Limiter
    bus: Bus
    signals: Signals
    files: FileStore
    jobs: Jobs
    identify: Identify
    _own: dict[type, object] = field(default_factory=dict)

    def add(self, *parts: object) -> None:
        """Take in a domain's parts, one of each class; a second one replaces the first."""
        self._own.update((type(part), part) for part in parts)

    def get(self, kind: type[T]) -> T:
        """The domain's part of this class. Raises KeyError when none was added."""
        found = self._own[kind]
        assert isinstance(found, kind)
        return found
