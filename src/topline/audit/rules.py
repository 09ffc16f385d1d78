"""The chain: how an event is written down for its hash, and what a link must satisfy.

The encoding is a JSON array without spaces in UTF-8, object keys sorted, so that anybody can check a chain with a
dozen lines in any language. It never changes; another one would get another `VERSION`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

VERSION: Final = "topline-audit-1"
#: What stands before the first link.
BEGINNING: Final = "0" * 64
#: Transactions end in another order than they began. Farther back than this, an event was slipped in afterwards.
MOST_BACKDATED: Final = timedelta(hours=1)
#: What records that personal fields were blanked.
REMOVED: Final = "audit.personal_part_removed"
#: The two personal parts of an event: name and address of who did it, and what changed.
PARTS: Final = ("who", "what")


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is stored."""

    id: UUID
    at: datetime
    act: str
    actor_kind: str
    actor_id: UUID | None
    actor_label: str
    subject_type: str
    subject_id: UUID | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    address: str
    request_id: str

    @property
    def who(self) -> list[Any]:
        """The personal fields that say who."""
        return [self.actor_label, self.address]

    @property
    def what(self) -> list[Any]:
        """The fields that say what changed."""
        return [self.before, self.after]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many links it has, and the hash of the last."""

    seq: int = 0
    hash: str = BEGINNING

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain. A salt is None where the personal part was removed."""

    seq: int
    event_id: UUID
    previous: str
    who_digest: str
    what_digest: str
    who_salt: str | None
    what_salt: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Removal:
    """An event of the chain that says personal parts of `events` others were removed."""

    seq: int
    at: datetime
    by: str
    events: int


def parse_head(text: str) -> Head | None:
    """`412:9f86…` → the head; None for anything else."""
    seq, _, digest = text.strip().lower().partition(":")
    if not seq.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        return None
    return Head(int(seq), digest)


def digest(salt: str, part: list[Any]) -> str:
    """The salted digest of a personal part."""
    return _sha256([salt, *part])


def link(organization_id: UUID, head: Head, event: Event, who_salt: str, what_salt: str) -> Seal:
    """The next link after `head`."""
    who, what = digest(who_salt, event.who), digest(what_salt, event.what)
    seq = head.seq + 1
    hashed = hash_of(organization_id, seq, head.hash, event, who, what)
    return Seal(seq, event.id, head.hash, who, what, who_salt, what_salt, hashed)


def hash_of(organization_id: UUID, seq: int, previous: str, event: Event, who: str, what: str) -> str:
    """The hash of a link: its place, the link before, the event's plain fields and the digests of the others."""
    return _sha256(
        [
            VERSION,
            str(organization_id),
            seq,
            previous,
            str(event.id),
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.act,
            event.actor_kind,
            event.actor_id and str(event.actor_id),
            event.subject_type,
            event.subject_id and str(event.subject_id),
            event.request_id,
            who,
            what,
        ]
    )


class Walk:
    """Follows a chain from its beginning. `step` tells what is wrong with the next link, None if nothing is."""

    def __init__(self, organization_id: UUID) -> None:
        self._organization_id = organization_id
        self.head = Head()
        self.latest: datetime | None = None
        self.removals: list[Removal] = []
        self._blank: dict[tuple[str, str], int] = {}
        self._told: set[tuple[str, str]] = set()

    def step(self, seal: Seal, event: Event | None) -> str | None:
        """Check one link and go on to it."""
        problem = self._problem(seal, event)
        if problem is None and event is not None:
            self.head = Head(seal.seq, seal.hash)
            self.latest = max(event.at, self.latest or event.at)
            self._note(seal, event)
        return problem

    @property
    def removed(self) -> int:
        """From how many events a personal part was removed."""
        return len({event_id for event_id, _ in self._blank})

    def unexplained(self) -> int | None:
        """The first link with a blank part of which no event says that it was removed. Asked at the end."""
        return min((seq for part, seq in self._blank.items() if part not in self._told), default=None)

    def is_backdated(self, at: datetime) -> bool:
        """Whether an event of this time was slipped in after later ones."""
        return self.latest is not None and at < self.latest - MOST_BACKDATED

    def _problem(self, seal: Seal, event: Event | None) -> str | None:
        if seal.seq != self.head.seq + 1:
            return f"link {self.head.seq + 1} is missing"
        if event is None:
            return "its event was deleted"
        if seal.previous != self.head.hash:
            return "it does not continue the link before"
        for name, salt, stored, part, blank in (
            ("who did it", seal.who_salt, seal.who_digest, event.who, ["", ""]),
            ("what changed", seal.what_salt, seal.what_digest, event.what, [None, None]),
        ):
            if salt is None and part != blank:
                return f"{name} was filled in after it had been removed"
            if salt is not None and digest(salt, part) != stored:
                return f"{name} was edited"
        args = (self._organization_id, seal.seq, seal.previous, event, seal.who_digest, seal.what_digest)
        if hash_of(*args) != seal.hash:
            return "the event was edited"
        if self.is_backdated(event.at):
            return "the event was slipped in: it is older than those before it"
        return None

    def _note(self, seal: Seal, event: Event) -> None:
        for part, salt in zip(PARTS, (seal.who_salt, seal.what_salt), strict=True):
            if salt is None:
                self._blank[str(event.id), part] = seal.seq
        if event.act == REMOVED:
            told = removals(event.after)
            self._told |= told
            self.removals.append(
                Removal(seal.seq, event.at, event.actor_label, len({which for which, _ in told}))
            )


def removals(after: Mapping[str, Any] | None) -> set[tuple[str, str]]:
    """Which parts of which events an event says were removed."""
    told = after or {}
    return {(str(event_id), part) for part in PARTS for event_id in told.get(part, ())}


def blank_parts(who: Iterable[UUID], what: Iterable[UUID]) -> dict[str, Any]:
    """What the event that records a removal says, as `removals` reads it."""
    return {"who": sorted(map(str, who)), "what": sorted(map(str, what))}


def _sha256(values: list[Any]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
