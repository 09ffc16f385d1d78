"""Exceptions from the house rules. Each says why; each must still be needed."""

from tests.house.repo import Allowed

ALLOWED: tuple[Allowed, ...] = (
    Allowed(
        "clock",
        "src/topline/infra/rate_limit.py",
        "time.time",
        "the limits library counts by the machine's clock and tells the end of a window in epoch seconds",
    ),
)
