"""The house itself: organization, departments, roles, people, behaviors, tablets, results."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from topline.behaviors.catalog import HOTEL_BEHAVIORS
from topline.organizations.rules import (
    WEEKDAYS,
    OpeningHours,
    business_date,
    business_day_bounds,
    parse_hours,
)
from topline.upkeep.demo.days import ROOMS_AVAILABLE, estimated_benchmark, nights, shift_to
from topline.upkeep.demo.people import make_people, shown
from topline.upkeep.demo.plan import CURRENCY, DEPARTMENTS, HOTEL_NAME, LOCALE, LOCATION_NAME, ROLES
from topline.upkeep.demo.seeded import chance, make_id
from topline.upkeep.demo.shapes import (
    DemoAssignment,
    DemoBehavior,
    DemoDay,
    DemoDepartment,
    DemoDevice,
    DemoHotel,
    DemoLocation,
    DemoOrganization,
    DemoRole,
)

_OPEN: Final = OpeningHours((parse_hours("06:00", "00:00"),) * len(WEEKDAYS))
# The house was set up the day before its first results.
_SET_UP: Final = timedelta(days=1)


def generate(seed: int, today: date, zone: str, turning_hour: int, now: datetime) -> DemoHotel:
    """The demo hotel as it stands at `now`; `today` is the business date of `now` in `zone`.

    `now` changes nothing here but the check; it decides how far `logs(hotel)` has come. Raises `ValueError` when
    `today` is not the business date of `now`: the two would tell different stories.
    """
    if business_date(now, zone, turning_hour) != today:
        message = (
            f"{today} is not the business date of {now} in {zone} with the day turning at {turning_hour}:00"
        )
        raise ValueError(message)
    first_day = nights()[0].date + shift_to(today)
    since = business_day_bounds(first_day, zone, turning_hour)[0] - _SET_UP
    rng = chance(seed, "house")
    departments = _departments(since, rng)
    roles = _roles(departments, since, rng)
    people = make_people(seed, roles, since)
    behaviors = tuple(
        DemoBehavior(make_id(since, rng), template, position, first_day)
        for position, template in enumerate(HOTEL_BEHAVIORS)
    )
    owner, manager, *staff = shown(people, roles)
    days = _days(today, zone, turning_hour, rng, manager.id)
    return DemoHotel(
        seed=seed,
        today=today,
        now=now.astimezone(UTC),
        organization=DemoOrganization(make_id(since, rng), HOTEL_NAME, CURRENCY, LOCALE, since),
        location=DemoLocation(make_id(since, rng), LOCATION_NAME, zone, turning_hour, ROOMS_AVAILABLE, _OPEN),
        departments=departments,
        roles=roles,
        people=people,
        behaviors=behaviors,
        assignments=_assignments(behaviors, roles),
        devices=_devices(departments, since, rng),
        days=days,
        benchmark=estimated_benchmark(days, today.year - 1),
        owner=owner,
        manager=manager,
        staff=tuple(staff),
    )


def _departments(since: datetime, rng: Random) -> tuple[DemoDepartment, ...]:
    return tuple(
        DemoDepartment(make_id(since, rng), key, name, position)
        for position, (key, name) in enumerate(DEPARTMENTS.items())
    )


def _roles(departments: tuple[DemoDepartment, ...], since: datetime, rng: Random) -> tuple[DemoRole, ...]:
    department_id = {department.key: department.id for department in departments}
    return tuple(
        DemoRole(
            make_id(since, rng), plan.key, plan.name, plan.group, plan.type, department_id[plan.department]
        )
        for plan in ROLES
    )


def _assignments(
    behaviors: tuple[DemoBehavior, ...], roles: tuple[DemoRole, ...]
) -> tuple[DemoAssignment, ...]:
    behavior_id = {behavior.template.key: behavior.id for behavior in behaviors}
    return tuple(
        DemoAssignment(behavior_id[key], role.id)
        for plan, role in zip(ROLES, roles, strict=True)
        for key in plan.behaviors
    )


def _devices(departments: tuple[DemoDepartment, ...], since: datetime, rng: Random) -> tuple[DemoDevice, ...]:
    tablets = tuple(
        DemoDevice(make_id(since, rng), "tablet", f"{department.name} tablet", department.id, since)
        for department in departments
    )
    return (*tablets, DemoDevice(make_id(since, rng), "display", "Staff room wall", None, since))


def _days(today: date, zone: str, turning_hour: int, rng: Random, closes: UUID) -> tuple[DemoDay, ...]:
    days = []
    for night in nights():
        business = night.date + shift_to(today)
        _, ends = business_day_bounds(business, zone, turning_hour)
        days.append(
            DemoDay(
                id=make_id(ends, rng),
                business_date=business,
                source_date=night.date,
                arrivals=night.arrivals,
                rooms_sold=night.rooms_sold,
                rooms_available=ROOMS_AVAILABLE,
                guests=night.guests,
                special_requests=night.special_requests,
                room_revenue_minor=night.room_revenue_minor,
                revenue_minor=night.room_revenue_minor,
                covers=None,
                # The moment the day turned: the one instant after its end that is never later than `now`.
                entered_at=ends,
                entered_by=closes,
            )
        )
    return tuple(days)
