"""Who is calling: credentials in a request to an actor, remembered for a second.

Every request shows a credential; asking the database each time would double the cost of the cheapest ones. What was
found is kept in this process for one second, and forgotten at once when a credential is revoked here or, told by a
signal, in another process.

A browser may show several cookies: a person's session, the tablet it was enrolled as, the display it shows. The
person is who calls; the devices stand beside them in `scope["state"]["devices"]`, where the guard looks for the one
that holds the permission a route needs.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from anyio import to_thread
from litestar.types import Scope

from topline.access.actions import Seen
from topline.access.cookies import COOKIES
from topline.access.hashing import hash_token
from topline.access.queries import actor_of_token
from topline.access.rules import CredentialKind, token_kind
from topline.core.actor import Actor, ActorKind
from topline.core.transaction import Database
from topline.web.cookies import name_of

REMEMBER_SECONDS: Final = 1.0
#: Emitted after anything that ends or changes what a credential may do.
IDENTITY_TOPIC: Final = "identity"


class Identities:
    """Finds and remembers actors. Call it with a request's scope."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic, size: int = 10_000) -> None:
        self._db = db
        self._clock = clock
        self._size = size
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[float, Actor | None]] = OrderedDict()
        self._generation = 0
        self._seen: dict[Seen, datetime] = {}

    async def __call__(self, scope: Scope) -> Actor | None:
        """The actor behind the request: an API key, else the session cookie, else the tablet or display."""
        person: Actor | None = None
        devices: list[Actor] = []
        for token, kind in credentials_of(scope):
            actor = await self._find(token, kind)
            if actor is None:
                continue
            if actor.kind is ActorKind.PERSON:
                person = actor
            else:
                devices.append(actor)
        scope.setdefault("state", {})["devices"] = devices
        if person is not None and _is_elsewhere(person, devices):
            person = None
        return person or (devices[0] if devices else None)

    def take_seen(self) -> dict[Seen, datetime]:
        """Which credentials were shown since the last time this was asked, and when."""
        with self._lock:
            taken, self._seen = self._seen, {}
        return taken

    def forget_all(self) -> None:
        """Ask the database anew from now on."""
        with self._lock:
            self._generation += 1
            self._known.clear()

    async def _find(self, token: str, kind: CredentialKind) -> Actor | None:
        digest = hash_token(token)
        known = self._known.get(digest)
        if known is not None and known[0] > self._clock():
            return known[1]
        return await to_thread.run_sync(self._ask, kind, digest)

    def _ask(self, kind: CredentialKind, digest: bytes) -> Actor | None:
        generation = self._generation
        with self._db.glance() as tx:
            actor = actor_of_token(tx, kind, digest)
        with self._lock:
            if actor is not None and actor.credential_id is not None:
                self._seen[Seen(kind, actor.organization_id, actor.credential_id)] = tx.now
            if generation == self._generation:
                self._known[digest] = (self._clock() + REMEMBER_SECONDS, actor)
                self._known.move_to_end(digest)
                while len(self._known) > self._size:
                    self._known.popitem(last=False)
        return actor


def _is_elsewhere(person: Actor, devices: list[Actor]) -> bool:
    """Whether a session of one tablet is shown by another: it was opened there and counts there alone."""
    tablets = [device.device_id for device in devices if device.kind is ActorKind.TABLET]
    return person.device_id is not None and bool(tablets) and person.device_id not in tablets


def credentials_of(scope: Scope) -> list[tuple[str, CredentialKind]]:
    """The well-formed tokens of a request, strongest claim first. A bearer token is the only one when it is there."""
    found: list[tuple[str, CredentialKind]] = []
    cookies = ""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and token_kind(token.strip()) is CredentialKind.API_KEY:
                return [(token.strip(), CredentialKind.API_KEY)]
            return []
        if name == b"cookie":
            cookies += value.decode("latin-1") + ";"
    if "topline_" not in cookies:
        return found
    jar = cookies_in(cookies)
    for kind, cookie in COOKIES.items():
        token = jar.get(name_of(scope, cookie), "")
        if token_kind(token) is kind:
            found.append((token, kind))
    return found


def cookies_in(header: str) -> dict[str, str]:
    """A cookie header as a dictionary. Parts without a name are passed over; of a repeated name the last one counts.

    Our own values are plain, so nothing is unquoted; this is read for every request.
    """
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}
