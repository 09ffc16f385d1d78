"""How busy each day was, and what that gives each role to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from topline.upkeep.demo.days import nights
from topline.upkeep.demo.rota import Worker
from topline.upkeep.demo.shapes import DemoDay

_RECENT: Final = 7
_QUIET: Final = 0.45
_BUSY: Final = 1.5
_ROOMS_A_SHIFT: Final = 12

Load = Callable[[Worker, str], float]
"""A factor on the target of a behavior (by its key) for one worker on one day."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the house had to do on a day, counted; fractions only for a day that is estimated."""

    arrivals: float
    rooms_sold: float
    guests: float
    special_requests: float


def traffic_of(days: Sequence[DemoDay]) -> tuple[Traffic, ...]:
    """The traffic of `days` and of the day after them, which is taken to be the mean of the last week."""
    known = [Traffic(day.arrivals, day.rooms_sold, day.guests, day.special_requests) for day in days]
    return (*known, _mean(known[-_RECENT:]))


def load_of(day: Traffic, duty: Sequence[Worker]) -> Load:
    """How much a day gives each role to do.

    More guests mean more to do, but not in proportion: whoever is busy taps less per guest. Room attendants share
    the rooms that were sold.
    """
    usual = _mean([Traffic(n.arrivals, n.rooms_sold, n.guests, n.special_requests) for n in nights()])
    arrivals = _factor(day.arrivals / usual.arrivals, 0.3)
    guests = _factor(day.guests / usual.guests, 0.5)
    requests = _factor(day.special_requests / usual.special_requests, 0.5)
    attendants = sum(worker.plan.type == "HOUSEKEEPING" for worker in duty)
    rooms = _factor(day.rooms_sold / (_ROOMS_A_SHIFT * max(1, attendants)), 1.0)
    by_department = {"front_desk": arrivals, "restaurant": guests, "bar": guests, "kitchen": guests}

    def load(worker: Worker, key: str) -> float:
        if key == "note_special_requests":
            return requests
        if worker.plan.type == "HOUSEKEEPING":
            return rooms
        return by_department.get(worker.plan.department, 1.0)

    return load


def _factor(ratio: float, damping: float) -> float:
    return min(_BUSY, max(_QUIET, float(ratio**damping)))


def _mean(days: Sequence[Traffic]) -> Traffic:
    count = len(days)
    return Traffic(
        sum(day.arrivals for day in days) / count,
        sum(day.rooms_sold for day in days) / count,
        sum(day.guests for day in days) / count,
        sum(day.special_requests for day in days) / count,
    )
