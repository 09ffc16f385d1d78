"""What the trail's page asks of the rooms above it: names for ids, and the house's clock. `main.py` hands it in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from topline.core.transaction import Read


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`names` finds what things of a kind (`person`, `role`, `device` …) are called; unknown ids are left out.

    `people` are those to choose from, `zone` is the IANA name of the house's zone.
    """

    names: Callable[[Read, str, Collection[UUID]], dict[UUID, str]]
    people: Callable[[Read], list[tuple[UUID, str]]]
    zone: Callable[[Read], str]
