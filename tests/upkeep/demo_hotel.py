"""Demo hotels for the tests, each made once: a quarter of a year of taps takes about a second."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from topline.organizations.rules import business_date
from topline.upkeep.demo import DemoHotel, DemoLog, generate, logs

LISBON = "Europe/Lisbon"
NOON = datetime(2026, 3, 10, 12, 5, tzinfo=UTC)


@cache
def hotel(seed: int = 7, now: datetime = NOON, zone: str = LISBON, turning_hour: int = 4) -> DemoHotel:
    return generate(seed, business_date(now, zone, turning_hour), zone, turning_hour, now)


@cache
def taps(
    seed: int = 7, now: datetime = NOON, zone: str = LISBON, turning_hour: int = 4
) -> tuple[DemoLog, ...]:
    return tuple(logs(hotel(seed, now, zone, turning_hour)))


def waiting(tapped: tuple[DemoLog, ...]) -> Iterator[DemoLog]:
    """What a manager finds in the queue."""
    return (log for log in tapped if log.status == "pending" and log.verification != "self_reported")
