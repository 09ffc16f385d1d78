"""Verify a chain from its beginning, and say at which link it breaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from topline.audit import queries
from topline.audit.rules import Head, Removal, Walk
from topline.core.transaction import Read

_PORTION: Final = 1_000
#: What the release before this one records is taken into the chain within a minute. Older, nobody took it in.
_MAY_WAIT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain breaks first: the number of the link (None: outside of the chain), and what is wrong with it."""

    seq: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying found. `removed` events lack a personal part, which `removals` say was erased; `waiting` are not
    yet sealed."""

    head: Head
    removed: int
    removals: tuple[Removal, ...]
    waiting: int
    broken: Broken | None


def verify(tx: Read, noted: Iterable[Head] = ()) -> Report:
    """Follow the organization's chain to its end. `noted` are heads that were kept outside of here."""
    noted = tuple(noted)
    walk = Walk(tx.organization_id)
    broken = _follow(tx, walk, noted)
    longest = max((head.seq for head in noted), default=0)
    if broken is None and longest > walk.head.seq:
        broken = Broken(walk.head.seq + 1, f"the chain ends here; it had {longest} links")
    if broken is None and (seq := walk.unexplained()) is not None:
        broken = Broken(seq, "a part is blank, and no event says that it was removed")
    left = queries.outside(tx)
    if broken is None:
        broken = _outside_problem(tx, walk, left)
    return Report(walk.head, walk.removed, tuple(walk.removals), left.count, broken)


def _follow(tx: Read, walk: Walk, noted: tuple[Head, ...]) -> Broken | None:
    while True:
        portion = queries.links(tx, walk.head.seq, _PORTION)
        if not portion:
            end = queries.chain(tx, tx.organization_id).head
            if end.seq > walk.head.seq and queries.links(tx, walk.head.seq, 1):
                continue  # something was added since the last portion was read
            return _end_problem(walk.head, end)
        for seal, event in portion:
            place = walk.head.seq + 1
            problem = walk.step(seal, event)
            if problem is None and any(head.seq == place and head != walk.head for head in noted):
                problem = "it is not the one that was noted: the chain was written anew"
            if problem is not None:
                return Broken(place, problem)


def _end_problem(walked: Head, end: Head) -> Broken | None:
    if walked == end:
        return None
    if end.seq > walked.seq:
        return Broken(walked.seq + 1, f"the chain ends here; it had {end.seq} links")
    return Broken(end.seq + 1, "it was added behind the end of the chain")


def _outside_problem(tx: Read, walk: Walk, left: queries.Outside) -> Broken | None:
    if left.removals:
        return Broken(
            None, "an event outside of the chain says that a part was removed: the program did not write it"
        )
    if left.oldest_at is None:
        return None
    if walk.is_backdated(left.oldest_at):
        return Broken(None, "an event was slipped in: it is older than the chain and not part of it")
    if left.oldest_at < tx.now - _MAY_WAIT:
        return Broken(None, f"{left.count} events are not in the chain; `topline audit seal` takes them in")
    return None
