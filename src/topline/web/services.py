"""What `main.py` builds once and hands to every request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar.types import Scope

from topline.core.actor import Actor
from topline.core.clock import Clock
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.infra.cache import Cache
from topline.infra.events import Bus
from topline.infra.files import FileStore
from topline.infra.rate_limit import RateLimiter
from topline.infra.signals import Signals

#: From the credentials in a request to who is calling; None when nobody is recognized.
Identify = Callable[[Scope], Awaitable[Actor | None]]


@dataclass
class Services:
    """The parts of the running program. `extras` holds services of single domains, set and read by those alone."""

    settings: Settings
    clock: Clock
    db: Database
    cache: Cache
    limiter: RateLimiter
    bus: Bus
    signals: Signals
    files: FileStore
    identify: Identify
    extras: dict[str, Any]
