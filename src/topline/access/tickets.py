"""Tickets: short notes signed by us that somebody carries from one step to the next.

Between the password and the second factor nobody is signed in yet, so there is no session to remember the first step
in. A ticket says what was shown and until when it counts. It cannot be forged or altered; it can be read by whoever
carries it, so nothing secret stands in it. Where it may count only once, the action spends it (`SpentTicket`).
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

KEY_MIN: Final = 32
#: Longer ones are not ours.
_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that was read and counts. `id` is unlike that of any other."""

    id: str
    ends_at: datetime
    says: Mapping[str, Any]

    def uuid(self, name: str) -> UUID:
        """One of the ids it names."""
        return UUID(str(self.says[name]))


class Tickets:
    """Writes and reads tickets.

    `keys` gives the present keys, newest first, each time it is asked: the newest signs, every one is believed, so
    that a key can be replaced while tickets are on their way.
    """

    def __init__(self, keys: Callable[[], Sequence[bytes]]) -> None:
        self._keys = keys

    def issue(self, purpose: str, now: datetime, life: timedelta, **says: str) -> str:
        """A new ticket, good for one purpose until `life` is over."""
        ends_at = int((now + life).timestamp())
        content = {"id": secrets.token_urlsafe(16), "ends": ends_at, **says}
        return str(self._serializer(purpose).dumps(content))

    def read(self, purpose: str, text: str, now: datetime) -> Ticket | None:
        """What a ticket says; None for a forged or altered one, one for another purpose, and one that is over."""
        if len(text) > _LONGEST:
            return None
        try:
            content: dict[str, Any] = self._serializer(purpose).loads(text)
        except BadData:
            return None
        ticket = Ticket(content["id"], datetime.fromtimestamp(content["ends"], UTC), content)
        return ticket if now < ticket.ends_at else None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        keys = list(self._keys())
        if not keys or any(len(key) < KEY_MIN for key in keys):
            raise ValueError(f"a session key has at least {KEY_MIN} bytes")
        # The library signs with the last of its keys. The salt keeps a ticket for one purpose from serving another.
        return URLSafeSerializer(keys[::-1], salt=f"topline ticket: {purpose}")
