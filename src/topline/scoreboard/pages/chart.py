"""A line chart as paths: geometry only, drawn by a template as SVG that needs no script and follows the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: The drawing is so many units wide and high; the page stretches it to its place.
WIDTH: Final = 1000
HEIGHT: Final = 300


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths of both lines, where the last known point is, and the values at the top and in the middle of the scale."""

    revenue: str
    target: str
    dot: tuple[float, float] | None
    top: int
    middle: int


def draw(revenues: Sequence[int | None], targets: Sequence[int | None]) -> Drawing | None:
    """Both series over the same places, on one scale from zero. None when there is nothing to draw.

    Where a value is missing the line has a gap: nothing is drawn between days that were not entered.
    """
    known = [value for value in (*revenues, *targets) if value is not None]
    if not any(value is not None for value in revenues) or max(known) <= 0:
        return None
    top = nice_top(max(known))
    places = [(place, value) for place, value in enumerate(revenues) if value is not None]
    last, value = places[-1]
    return Drawing(
        revenue=_path(revenues, top),
        target=_path(targets, top),
        dot=(_x(last, len(revenues)), _y(value, top)),
        top=top,
        middle=top // 2,
    )


def nice_top(value: int) -> int:
    """The least of 1, 1.2, 1.6, 2, 3, 4, 6, 8 times a power of ten that is not below a positive `value`."""
    power = int(10 ** max(0, len(str(value)) - 2))
    steps = (10, 12, 16, 20, 30, 40, 60, 80, 100)
    return next(step * power for step in steps if step * power >= value)


def _path(values: Sequence[int | None], top: int) -> str:
    """SVG path data with a new stretch after each gap; a lone day becomes a short level stroke."""
    parts: list[str] = []
    drawing = False
    for place, value in enumerate(values):
        if value is None:
            drawing = False
            continue
        x, y = _x(place, len(values)), _y(value, top)
        alone = not drawing and (place + 1 == len(values) or values[place + 1] is None)
        parts.append(f"{'L' if drawing else 'M'}{x:g} {y:g}{'h0.01' if alone else ''}")
        drawing = True
    return "".join(parts)


def _x(place: int, count: int) -> float:
    return round(WIDTH * (place + 0.5) / count, 1)


def _y(value: int, top: int) -> float:
    return round(HEIGHT * (1 - value / top), 1)
