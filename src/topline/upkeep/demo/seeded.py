"""Chance that repeats: random numbers, ids, PINs and passwords that follow from the seed alone."""

from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Final
from uuid import UUID

_VERSION_7: Final = 7 << 76
_VARIANT: Final = 2 << 62
_RANDOM_A: Final = 12
_RANDOM_B: Final = 62
_LOW: Final = (1 << _RANDOM_B) - 1
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def chance(seed: int, *about: object) -> Random:
    """A stream of chance of its own for `about`, so that adding a stream elsewhere leaves this one alone."""
    # A text seed goes through SHA-512 and so does not depend on the process, as hash() would.
    return Random(":".join(str(part) for part in (seed, *about)))


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970."""
    passed = instant - _EPOCH
    return passed.days * 86_400_000 + passed.seconds * 1_000 + passed.microseconds // 1_000


def id_number(at_milliseconds: int, rng: Random) -> int:
    """The number of a UUIDv7 (RFC 9562 §5.7): its time first, so that ids sort as their instants do."""
    drawn = rng.getrandbits(_RANDOM_A + _RANDOM_B)
    head, tail = drawn >> _RANDOM_B, drawn & _LOW
    return at_milliseconds << 80 | _VERSION_7 | head << 64 | _VARIANT | tail


def make_id(instant: datetime, rng: Random) -> UUID:
    """A UUIDv7 for something made at `instant`."""
    return UUID(int=id_number(milliseconds(instant), rng))


def make_pin(rng: Random) -> str:
    """Four digits nobody would call a pattern: not one digit four times, not a run up or down."""
    while True:
        pin = f"{rng.randrange(10_000):04d}"
        steps = {int(right) - int(left) for left, right in pairwise(pin)}
        if steps not in ({0}, {1}, {-1}):
            return pin


def make_password(rng: Random) -> str:
    """Four groups of five readable characters (about 99 bits), easy to copy from a terminal."""
    return "-".join("".join(rng.choices(_READABLE, k=5)) for _ in range(4))
