"""What the people of the demo hotel logged: in their role, in their shift, in bounds, and decided as managers do."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.upkeep.demo_hotel import LISBON, NOON, hotel, taps, waiting
from topline.logbook.rules import OFFLINE_AFTER, UNDO_WINDOW, Asks, Details, check_details
from topline.organizations.rules import business_date
from topline.upkeep.demo import logs
from topline.upkeep.demo.habits import HABITS

HOTEL = hotel()
TEMPLATE = {behavior.id: behavior.template for behavior in HOTEL.behaviors}
PERSON = {person.id: person for person in HOTEL.people}
ROLE = {role.id: role for role in HOTEL.roles}
REASONS = {
    "not_performed", "incorrect_data", "duplicate", "no_evidence", "amount_mismatch", "not_observed", "other",
}  # fmt: skip


def test_the_same_seed_and_moment_give_the_same_logs() -> None:
    assert tuple(logs(hotel())) == taps()


def test_there_are_enough_for_a_hotel_and_few_enough_for_a_minute() -> None:
    assert 90_000 <= len(taps()) <= 120_000
    per_day = Counter(log.business_date for log in taps())
    assert len(per_day) == 73
    assert all(per_day[day.business_date] > 700 for day in HOTEL.days)
    assert 0 < per_day[HOTEL.today] < per_day[HOTEL.days[-1].business_date]


def test_ids_are_version_7_unique_and_in_the_order_of_the_taps() -> None:
    numbers = [log.id.int for log in taps()]
    assert numbers == sorted(set(numbers))
    assert {log.id.version for log in taps()} == {7}
    assert all(
        log.id.int >> 80 == (log.occurred_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        for log in taps()
    )


def test_everybody_logs_only_behaviors_of_the_own_role_on_the_own_tablet() -> None:
    allowed = {(a.role_id, a.behavior_id) for a in HOTEL.assignments}
    tablet = {device.id: device.department_id for device in HOTEL.devices if device.kind == "tablet"}
    for log in taps():
        person = PERSON[log.person_id]
        assert (person.role_id, log.behavior_id) in allowed
        assert tablet[log.device_id] == person.department_id
    everybody = {p.id for p in HOTEL.people if ROLE[p.role_id].group == "staff"}
    assert {log.person_id for log in taps()} == everybody


@pytest.mark.parametrize(
    ("zone", "turning_hour", "now"),
    [
        (LISBON, 4, NOON),
        (LISBON, 4, datetime(2026, 5, 1, 21, 0, tzinfo=UTC)),  # clocks went forward on the way
        ("Europe/Berlin", 2, datetime(2025, 11, 20, 9, 0, tzinfo=UTC)),  # and back, at the turning hour
        ("Asia/Singapore", 5, datetime(2026, 3, 10, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_log_stands_under_the_business_date_of_its_instant(
    zone: str, turning_hour: int, now: datetime
) -> None:
    tapped = taps(3, now, zone, turning_hour)
    wrong = [log for log in tapped if business_date(log.occurred_at, zone, turning_hour) != log.business_date]
    assert wrong == []
    assert tapped[-1].occurred_at <= now


def test_a_bar_that_closes_after_midnight_logs_under_the_evening_before() -> None:
    late = [log for log in taps() if log.occurred_at.hour < 3]
    bar = {department.key: department.id for department in HOTEL.departments}["bar"]
    assert sum(PERSON[log.person_id].department_id == bar for log in late) > 1_000
    assert all(log.business_date == log.occurred_at.date() - timedelta(days=1) for log in late)


def test_details_are_those_the_behavior_asks_for_and_the_logbook_would_take() -> None:
    for log in taps():
        template = TEMPLATE[log.behavior_id]
        asks = Asks(
            template.place is not None, template.asks_amount, template.asks_covers, template.asks_outcome
        )
        details = Details(log.outcome, log.place, log.amount_minor, log.covers, log.note)
        assert check_details(details, asks, 2) == (details, [])
        assert (log.points, log.verification) == (template.points, template.verification)
        assert log.covers is None or 1 <= log.covers <= 6


def test_amounts_lie_within_the_habit_and_follow_only_a_sale() -> None:
    seen: dict[str, set[int]] = defaultdict(set)
    for log in taps():
        template = TEMPLATE[log.behavior_id]
        if log.amount_minor is None:
            continue
        habit = HABITS[template.key]
        assert habit.low <= log.amount_minor <= habit.high
        assert (log.amount_minor - habit.low) % habit.step == 0
        assert not template.asks_outcome or log.outcome == "accepted"
        seen[template.key].add(log.amount_minor)
    assert set(seen) == {template.key for template in TEMPLATE.values() if template.asks_amount}
    assert all(len(amounts) > 5 for amounts in seen.values())


def test_no_room_is_made_twice_a_day_nor_more_rooms_than_were_sold() -> None:
    made: dict[object, list[str | None]] = defaultdict(list)
    for log in taps():
        if TEMPLATE[log.behavior_id].key == "complete_room_checklist":
            made[log.business_date].append(log.place)
    for day in HOTEL.days:
        places = made[day.business_date]
        assert None not in places
        assert len(places) == len(set(places)) <= day.rooms_sold


def test_notes_are_rare_and_places_frequent() -> None:
    assert 0.01 < sum(log.note is not None for log in taps()) / len(taps()) < 0.1
    placed = [log for log in taps() if TEMPLATE[log.behavior_id].place]
    assert sum(log.place is not None for log in placed) / len(placed) > 0.8


def test_people_work_about_five_days_a_week_and_come_near_their_targets() -> None:
    days: dict[UUID, set[object]] = defaultdict(set)
    for log in taps():
        days[log.person_id].add(log.business_date)
    worked = [len(found) / 73 * 7 for found in days.values()]
    assert 4 < sum(worked) / len(worked) < 5.1
    assert max(worked) <= 5.3
    targets: Counter[object] = Counter()
    for assignment in HOTEL.assignments:
        targets[assignment.role_id] += TEMPLATE[assignment.behavior_id].target
    expected = sum(targets[PERSON[person].role_id] * len(found) for person, found in days.items())
    assert 0.9 < len(taps()) / expected < 1.1


def test_the_busiest_days_of_the_house_are_busier_on_the_tablets_too() -> None:
    per_day = Counter(log.business_date for log in taps())
    by_rooms = sorted(HOTEL.days, key=lambda day: day.rooms_sold)
    quiet = sum(per_day[day.business_date] for day in by_rooms[:20])
    busy = sum(per_day[day.business_date] for day in by_rooms[-20:])
    assert busy > 1.2 * quiet


# --- what became of them ---


def test_decisions_are_taken_by_another_person_who_leads_the_department() -> None:
    for log in taps():
        decided = log.status in ("verified", "rejected")
        assert (log.decided_at is not None) == decided == (log.decided_by is not None)
        if log.decided_by is None or log.decided_at is None:
            continue
        decider = PERSON[log.decided_by]
        assert ROLE[decider.role_id].group == "manager"
        assert decider.department_id == PERSON[log.person_id].department_id
        assert decider.id != log.person_id
        assert log.received_at <= log.decided_at <= HOTEL.now
        assert log.verification != "self_reported"


def test_a_rejection_has_a_reason_and_sometimes_words_and_an_answer() -> None:
    rejected = [log for log in taps() if log.status == "rejected"]
    assert {log.reject_reason for log in rejected} == REASONS
    assert all(log.reject_note for log in rejected if log.reject_reason == "other")
    assert 0.005 < len(rejected) / len(taps()) < 0.03
    answered = [log for log in rejected if log.answer]
    assert 0.15 < len(answered) / len(rejected) < 0.4
    assert all(log.decided_at < log.answered_at <= HOTEL.now for log in answered)  # type: ignore[operator]
    words = ("reject_reason", "reject_note", "answer", "answered_at")
    others = [log for log in taps() if log.status != "rejected"]
    assert all(getattr(log, word) is None for log in others for word in words)


def test_an_undo_came_within_its_five_minutes() -> None:
    undone = [log for log in taps() if log.status == "undone"]
    assert 500 < len(undone) < 2_500
    assert all(log.occurred_at < log.undone_at <= log.received_at + UNDO_WINDOW for log in undone)  # type: ignore[operator]
    assert all(log.undone_at is None for log in taps() if log.status != "undone")


def test_what_nobody_decided_expires_after_a_week_and_nothing_older_waits() -> None:
    week_ago = HOTEL.now - timedelta(days=7)
    expired = [log for log in taps() if log.status == "expired"]
    assert 50 < len(expired) < 500
    assert all(log.occurred_at <= week_ago for log in expired)
    assert all(log.occurred_at > week_ago for log in waiting(taps()))


def test_a_behavior_that_needs_a_photo_is_never_verified_without_one() -> None:
    evident = [log for log in taps() if log.verification == "evidence"]
    assert all(log.has_evidence for log in evident if log.status == "verified")
    missing = [log for log in evident if not log.has_evidence and log.status == "rejected"]
    assert {log.reject_reason for log in missing} == {"no_evidence"}
    assert not any(log.has_evidence for log in taps() if log.verification != "evidence")


def test_a_few_came_late_from_an_offline_tablet_and_are_flagged() -> None:
    flagged = [log for log in taps() if log.flags]
    assert 200 < len(flagged) < 2_000
    assert {log.flags for log in flagged} == {("offline",)}
    for log in taps():
        assert log.occurred_at < log.received_at <= HOTEL.now
        assert bool(log.flags) == (log.received_at - log.occurred_at > OFFLINE_AFTER)


@pytest.mark.parametrize("hour", [4, 12, 23])
def test_at_any_hour_a_manager_finds_a_queue_worth_a_bulk_decision(hour: int) -> None:
    tapped = taps(now=datetime(2026, 3, 10, hour, 5, tzinfo=UTC))
    queue = list(waiting(tapped))
    assert 300 <= len(queue) <= 900
    recent = [log for log in queue if log.occurred_at > tapped[-1].occurred_at - timedelta(days=2)]
    assert len(recent) > 0.9 * len(queue)


def test_later_the_same_day_the_story_goes_on_and_is_not_another() -> None:
    noon = {log.id: log for log in taps()}
    night = {log.id: log for log in taps(now=datetime(2026, 3, 10, 23, 5, tzinfo=UTC))}
    assert noon.keys() < night.keys()
    for made, before in noon.items():
        after = night[made]
        assert after[:7] == before[:7]
        assert before.status in ("pending", after.status)


def test_whoever_is_shown_to_visitors_has_logged_today_and_yesterday() -> None:
    tapped = taps(now=datetime(2026, 3, 10, 23, 5, tzinfo=UTC))
    for person in HOTEL.staff:
        days = {log.business_date for log in tapped if log.person_id == person.id}
        assert {HOTEL.today, HOTEL.today - timedelta(days=1)} <= days
