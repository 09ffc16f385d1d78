"""The stream of logs: what every person on duty tapped on each of the days, until the demo's `now`.

One stream of chance per day, drawn in full and then cut at `now`: at noon and at midnight the morning is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from topline.behaviors.catalog import BehaviorTemplate
from topline.upkeep.demo import fates, habits
from topline.upkeep.demo.rota import Rounds, Worker, on_duty, rounds_of, shift_bounds, workers
from topline.upkeep.demo.seeded import chance, id_number, milliseconds
from topline.upkeep.demo.shapes import DemoBehavior, DemoHotel, DemoLog
from topline.upkeep.demo.traffic import Load, load_of, traffic_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Trait:
    """How somebody is: diligence, a liking for each behavior, and luck with guests; all around 1."""

    diligence: float
    liking: dict[str, float]
    charm: float


@dataclass(frozen=True, slots=True)
class _Day:
    """What everybody on one day shares."""

    business_date: date
    occupied: list[str]
    to_clean: list[str]
    load: Load
    now: int
    rng: Random


@dataclass(frozen=True, slots=True)
class _Tablet:
    """Where the people of a department log and who decides there."""

    device_id: UUID
    rounds: Rounds


def logs(hotel: DemoHotel) -> Iterator[DemoLog]:
    """Every log the server holds at `hotel.now`, in the order of their ids, which is that of the taps.

    Business date after business date, the running day last. Nothing is held back but one day at a time.
    """
    zone = ZoneInfo(hotel.location.zone)
    dates = [*(day.business_date for day in hotel.days), hotel.today]
    staff = workers(hotel, len(dates))
    traits = {worker.person.id: _trait(hotel.seed, worker) for worker in staff}
    rounds = rounds_of(hotel, dates, zone)
    tablets = {
        device.department_id: _Tablet(device.id, rounds[device.department_id])
        for device in hotel.devices
        if device.department_id is not None
    }
    behaviors = {behavior.template.key: behavior for behavior in hotel.behaviors}
    for index, (business_date, traffic) in enumerate(zip(dates, traffic_of(hotel.days), strict=True)):
        duty = on_duty(staff, hotel.seed, index, business_date)
        rng = chance(hotel.seed, "logs", index)
        occupied = rng.sample(habits.rooms(hotel.location.rooms_available), round(traffic.rooms_sold))
        load = load_of(traffic, duty)
        day = _Day(business_date, occupied, occupied.copy(), load, milliseconds(hotel.now), rng)
        found: list[DemoLog] = []
        for worker in duty:
            bounds = shift_bounds(worker.shift, business_date, hotel.location)
            found += _tapped(worker, traits[worker.person.id], bounds, day, tablets, behaviors)
        found.sort(key=lambda log: log.id.int)
        yield from found


def _tapped(
    worker: Worker,
    trait: _Trait,
    bounds: tuple[int, int],
    day: _Day,
    tablets: dict[UUID, _Tablet],
    behaviors: dict[str, DemoBehavior],
) -> Iterator[DemoLog]:
    """What one person logged on one day, in no order."""
    start, end = bounds
    rng, tablet = day.rng, tablets[worker.person.department_id]
    for key in worker.behaviors:
        behavior = behaviors[key]
        expected = behavior.template.target * trait.diligence * trait.liking[key] * day.load(worker, key)
        # Counts scatter less than Poisson: a target is in sight all the time.
        for _ in range(max(0, round(rng.gauss(expected, 0.6 * sqrt(expected))))):
            occurred = start + int(rng.random() * (end - start))
            log = _log(worker, trait, behavior, occurred, day, tablet)
            if log is not None:
                yield log


def _log(
    worker: Worker, trait: _Trait, behavior: DemoBehavior, occurred: int, day: _Day, tablet: _Tablet
) -> DemoLog | None:
    """One tap, or `None` when the server has not heard of it by `now` or there was no room left to do."""
    rng, template = day.rng, behavior.template
    habit = habits.HABITS[template.key]
    number = id_number(occurred, rng)
    received, flags = fates.received_at(occurred, rng)
    place = _place(worker, template, day)
    outcome = habits.answer_of_guest(template, habit, trait.charm, rng)
    amount = habits.amount(template, habit, outcome, rng)
    covers = habits.covers(template, rng)
    note = habits.note(habit, rng)
    photo = fates.has_photo(template, rng)
    fate = fates.fate(template, occurred, received, amount, photo, tablet.rounds, day.now, rng)
    if received > day.now or (template.key == "complete_room_checklist" and place is None):
        return None
    return DemoLog(
        UUID(int=number),
        worker.person.id,
        behavior.id,
        tablet.device_id,
        day.business_date,
        _instant(occurred),
        _instant(received),
        fate.status,
        template.verification,
        template.points,
        outcome,
        place,
        amount,
        covers,
        note,
        flags,
        photo,
        _instant_or_none(fate.undone_at),
        _instant_or_none(fate.decided_at),
        fate.decided_by,
        fate.reject_reason,
        fate.reject_note,
        fate.answer,
        _instant_or_none(fate.answered_at),
    )


def _place(worker: Worker, template: BehaviorTemplate, day: _Day) -> str | None:
    if template.key == "complete_room_checklist":
        # Each occupied room is made once a day; when all are done, nobody makes another.
        return day.to_clean.pop() if day.to_clean else None
    if template.place is None or not habits.placed(day.rng):
        return None
    if template.place == "table":
        return habits.table(worker.plan.department == "bar", day.rng)
    return day.occupied[int(day.rng.random() * len(day.occupied))]


def _instant(at: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at)


def _instant_or_none(at: int | None) -> datetime | None:
    return None if at is None else _instant(at)


def _trait(seed: int, worker: Worker) -> _Trait:
    rng = chance(seed, "trait", worker.person.staff_number)
    return _Trait(
        diligence=min(1.5, max(0.3, rng.gauss(1.06, 0.2))),
        liking={key: min(1.3, max(0.5, rng.gauss(1.0, 0.15))) for key in worker.behaviors},
        charm=min(1.5, max(0.5, rng.gauss(1.0, 0.2))),
    )
