"""Who works when: days off, holidays, shifts as instants, and the hours at which leaders go through the queue."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from topline.organizations.rules import business_day_bounds
from topline.upkeep.demo.plan import ROLE_OF, RolePlan, Shift
from topline.upkeep.demo.seeded import chance, milliseconds
from topline.upkeep.demo.shapes import DemoHotel, DemoLocation, DemoPerson

_WEEKDAYS: Final = 5
_SICK: Final = 0.03
_HOLIDAY_DAYS: Final = 9
_HOUR: Final = 3_600_000
# Local hours at which a department's leaders decide what is waiting; none at night.
_ROUNDS: Final = (11.0, 16.5, 22.0)
# How many rounds pass before a log is decided: most within a day, a few are put off for two and a half.
_PUT_OFF: Final = (0.25, 0.55, 0.80, 0.94)
_PATIENCE: Final = (1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the staff as the rota sees them."""

    person: DemoPerson
    plan: RolePlan
    behaviors: tuple[str, ...]
    shift: Shift
    first_day_off: int
    holiday_from: int

    def works(self, index: int, day: date) -> bool:
        """Whether day number `index` is a working day by the rota; illness is not known to it."""
        if self.holiday_from <= index < self.holiday_from + _HOLIDAY_DAYS:
            return False
        if self.plan.office:
            return day.weekday() < _WEEKDAYS
        return (index - self.first_day_off) % 7 >= 7 - self.person.shifts_per_week


def workers(hotel: DemoHotel, days: int) -> tuple[Worker, ...]:
    """All who log, each with a usual shift; the shifts of a role and the days off go round in turn."""
    role_key = {role.id: role.key for role in hotel.roles}
    turns = {key: cycle(plan.shifts) for key, plan in ROLE_OF.items()}
    # Those whom a visitor is shown are never on holiday at the end, so that their screens are not empty.
    shown = {person.id for person in hotel.staff}
    found = []
    for number, person in enumerate(hotel.people):
        plan = ROLE_OF[role_key[person.role_id]]
        behaviors = plan.behaviors
        if not behaviors:
            continue
        rng = chance(hotel.seed, "rota", number)
        # Half of the house takes its holiday in these weeks; the others start theirs after the last day.
        holiday = rng.randrange(days - 3 * _HOLIDAY_DAYS) if rng.random() < 0.5 else days + 1
        # Counted back from today: no shown person is off today or was yesterday.
        day_off = (days + 1) % 7 if person.id in shown else rng.randrange(7)
        found.append(Worker(person, plan, behaviors, next(turns[plan.key]), day_off, holiday))
    return tuple(found)


def on_duty(staff: Sequence[Worker], seed: int, index: int, day: date) -> tuple[Worker, ...]:
    """Those of `staff` who work on day number `index`."""
    rng = chance(seed, "illness", index)
    return tuple(worker for worker in staff if rng.random() >= _SICK and worker.works(index, day))


def shift_bounds(shift: Shift, day: date, location: DemoLocation) -> tuple[int, int]:
    """A shift of a business date in milliseconds since 1970, without what lies outside that date.

    Whoever works past the turning hour logs the rest under the next date; the demo leaves that rest out.
    """
    bounds = business_day_bounds(day, location.zone, location.turning_hour)
    begins, ends = (milliseconds(bound) for bound in bounds)
    # A shift that is over when the day turns belongs to the date that began the day before.
    hour = shift.start if shift.start + shift.hours > location.turning_hour else shift.start + 24
    start = local_hour(day, hour, ZoneInfo(location.zone))
    # Hours are worked, not read off a clock: they are added to the instant, across a clock change too.
    return max(start, begins), min(start + int(shift.hours * _HOUR), ends)


def local_hour(day: date, hour: float, zone: ZoneInfo) -> int:
    """The instant of a local hour of `day` (24 and more: the day after), in milliseconds since 1970."""
    local = datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001 - the zone comes next
    return milliseconds(local.replace(tzinfo=zone))


@dataclass(frozen=True, slots=True)
class Rounds:
    """When a department's leaders went through the queue, and which of them."""

    at: tuple[int, ...]
    by: tuple[UUID, ...]

    def deciding(self, received: int, draw: float) -> tuple[int, UUID]:
        """The round that decides a log received at `received`; `draw` in [0, 1) says how long it is put off."""
        later = _PATIENCE[bisect_right(_PUT_OFF, draw)]
        place = bisect_right(self.at, received) + later - 1
        return self.at[place], self.by[place]


def rounds_of(hotel: DemoHotel, days: Sequence[date], zone: ZoneInfo) -> dict[UUID, Rounds]:
    """For each department its rounds over `days` and far enough beyond for everything to be decided once."""
    leads = {role.id for role in hotel.roles if role.group == "manager"}
    dates = [days[0] + timedelta(days=number) for number in range(len(days) + 6)]
    rounds = {}
    for number, department in enumerate(hotel.departments):
        rng = chance(hotel.seed, "rounds", number)
        deciders = [p.id for p in hotel.people if p.department_id == department.id and p.role_id in leads]
        # Not everybody sits down at the same minute.
        late = rng.randrange(50) / 60
        at = tuple(local_hour(day, hour + late, zone) for day in dates for hour in _ROUNDS)
        rounds[department.id] = Rounds(at, tuple(rng.choice(deciders) for _ in at))
    return rounds
