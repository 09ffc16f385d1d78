"""What an action needs that hashes: it reads, hashes outside of any transaction, and writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from topline.access.hashing import Hasher, HashingBusy
from topline.access.limits import SignInLimits
from topline.access.sealing import Seal
from topline.access.tickets import Tickets
from topline.core.actor import Actor, ActorKind
from topline.core.errors import Problem, invalid
from topline.core.permissions import Group, Permission, ranks_at_least
from topline.core.text import TextError, clean_line
from topline.core.transaction import Database, Read


@dataclass(frozen=True, slots=True)
class Doors:
    """The database and what keeps the doors. Hashing takes some fifty milliseconds of a core: no transaction is ever
    open meanwhile, or SQLite's only writer would stand still."""

    db: Database
    hasher: Hasher
    limits: SignInLimits
    tickets: Tickets
    seal: Seal


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from: the address (IPv6 by its /64), the tablet if it is one, the request, what the browser
    calls itself, which house the tablet is of, and whom the browser let in before (`known_devices.py`)."""

    address: str
    device_id: UUID | None = None
    request_id: str = ""
    agent: str = ""
    house: UUID | None = None
    known: str = field(default="", repr=False)


#: Where nobody called from: the program itself.
NOWHERE: Final = Caller("")


@contextmanager
def hashing() -> Iterator[None]:
    """Turns "too many are waiting to be hashed" into a 503 that says when to come back."""
    try:
        yield
    except HashingBusy as error:
        raise Problem(
            "unavailable", "Many people are signing in right now. Please try again.", retry_after=2
        ) from error


def named_line(text: str, max_length: int, field: str) -> str:
    """`clean_line` whose refusal is a 400 that names the field."""
    try:
        return clean_line(text, max_length)
    except TextError as error:
        raise invalid(field, error.code, str(error)) from error


def must_be_at_browser(actor: Actor) -> None:
    """Raise 403 unless this is somebody who signed in with e-mail and password or a passkey: what that sign-in takes
    is not decided with a PIN, nor with a key that leaked."""
    actor.must(Permission.SELF)
    if actor.kind is not ActorKind.PERSON or actor.is_api_key or actor.device_id is not None:
        raise Problem("forbidden", "Do this at a browser where you signed in with your e-mail address.")


def must_rank(tx: Read, group: Group) -> None:
    """Raise 403 unless the caller's group stands at or above `group`. The program itself may."""
    own = tx.actor.group
    if own is not None and not ranks_at_least(own, group):
        raise Problem("forbidden", "You may not change a person whose role is above yours.")


def in_words(seconds: int) -> str:
    """A wait as people say it: seconds below two minutes, then minutes, then hours."""
    if seconds < 120:
        return f"{seconds} seconds"
    if seconds < 7200:
        return f"{-(-seconds // 60)} minutes"
    return f"{-(-seconds // 3600)} hours"
