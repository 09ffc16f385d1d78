"""Key figures of a house, and how far one is from its budget.

Figures are whole: money in minor units, shares in basis points, ratings in hundredths. A figure whose ground is
missing or zero is None, never 0: a day without covers has no average check.

Sources: room figures follow the Uniform System of Accounts for the Lodging Industry (occupancy, ADR, RevPAR,
TRevPAR, GOP); average check and cost of sales are the usual restaurant figures.
"""

from collections.abc import Sequence
from enum import StrEnum

from topline.core.money import BASIS_POINTS, divide_half_even, ratio_bp


def average_check(revenue_minor: int | None, covers: int | None) -> int | None:
    """Revenue ÷ covers (guests served, not checks written), minor units. 6,400.00 over 180 covers is 35.56."""
    return _per(revenue_minor, covers)


def occupancy_bp(rooms_sold: int | None, rooms_available: int | None) -> int | None:
    """Rooms sold ÷ rooms available, basis points; rooms out of order stay in the denominator. 900 of 1,200 is 7,500."""
    return _share(rooms_sold, rooms_available)


def adr(room_revenue_minor: int | None, rooms_sold: int | None) -> int | None:
    """Average daily rate: room revenue ÷ rooms sold, minor units. 162,000.00 over 900 rooms is 180.00."""
    return _per(room_revenue_minor, rooms_sold)


def revpar(room_revenue_minor: int | None, rooms_available: int | None) -> int | None:
    """Revenue per available room: room revenue ÷ rooms available (= ADR × occupancy), minor units."""
    return _per(room_revenue_minor, rooms_available)


def trevpar(revenue_minor: int | None, rooms_available: int | None) -> int | None:
    """Total revenue per available room: all operating revenue ÷ rooms available, minor units."""
    return _per(revenue_minor, rooms_available)


def capture_ratio_bp(covers: int | None, guests: int | None) -> int | None:
    """Covers ÷ guests in house, basis points; above 10,000 when the restaurant also lives from the street."""
    return _share(covers, guests)


def rating_mean(ratings: Sequence[int]) -> int | None:
    """The mean of ratings given in hundredths (450 is 4.5 stars), in hundredths; None without a rating."""
    return divide_half_even(sum(ratings), len(ratings)) if ratings else None


def cost_of_sales_bp(cost_minor: int | None, revenue_minor: int | None) -> int | None:
    """Cost of what was sold ÷ revenue, basis points. Also food cost over food revenue, labor over revenue."""
    return _share(cost_minor, revenue_minor)


def gross_operating_profit(
    revenue_minor: int | None,
    cost_of_sales_minor: int | None,
    labor_minor: int | None,
    controllable_minor: int | None,
) -> int | None:
    """Revenue − cost of sales − labor − other controllable costs, minor units. None while any of them is unknown."""
    parts = (revenue_minor, cost_of_sales_minor, labor_minor, controllable_minor)
    known = [part for part in parts if part is not None]
    return known[0] - sum(known[1:]) if len(known) == len(parts) else None


def _per(amount_minor: int | None, count: int | None) -> int | None:
    return divide_half_even(amount_minor, count) if amount_minor is not None and count else None


def _share(part: int | None, whole: int | None) -> int | None:
    return ratio_bp(part, whole) if part is not None and whole is not None else None


# --- against the budget ---------------------------------------------------------------------------


class Good(StrEnum):
    """Which way a figure should go."""

    UP = "up"
    DOWN = "down"


class Band(StrEnum):
    """How far a figure is from its budget. Only the bad direction is graded; the good one is `better`."""

    BETTER = "better"
    ON_TARGET = "on_target"
    OFF = "off"
    WARNING = "warning"
    CRITICAL = "critical"


def variance_bp(actual: int, budget: int) -> int | None:
    """(actual − budget) ÷ |budget|, basis points; None without a budget."""
    return ratio_bp(actual - budget, abs(budget))


def variance_band(actual: int, budget: int, good: Good) -> Band | None:
    """On target within ±2 %; in the bad direction beyond that `off`, beyond 5 % `warning`, beyond 10 % `critical`.

    Compared exactly, not after rounding. None without a budget.
    """
    if budget == 0:
        return None
    worse = (budget - actual if good is Good.UP else actual - budget) * BASIS_POINTS
    size = abs(budget)
    for limit_bp, band in ((1_000, Band.CRITICAL), (500, Band.WARNING), (200, Band.OFF)):
        if worse > limit_bp * size:
            return band
    return Band.BETTER if worse < -200 * size else Band.ON_TARGET
