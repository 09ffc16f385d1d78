"""Wrong PINs: pauses that grow, a limit that holds, a success that forgets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from topline.access import rules
from topline.access.rules import NO_FAILURES, Pauses, PinFailures

PAUSES = Pauses(3, timedelta(seconds=30), 5, timedelta(minutes=15), 10)
NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("consecutive", "seconds"),
    [
        (0, 0),
        (1, 0),
        (2, 0),
        (3, 30),
        (4, 60),
        (5, 900),
        (6, 1800),
        (7, 3600),
        (8, 7200),
        (9, 14400),
        (10, 28800),
    ],
)
def test_pauses_grow(consecutive: int, seconds: int) -> None:
    assert PAUSES.after(consecutive) == timedelta(seconds=seconds)


def test_passwords_have_the_long_pause_alone_and_no_pause_is_longer_than_a_day() -> None:
    assert [PAUSES.after_passwords(n) for n in (0, 4, 5, 6)] == [timedelta(minutes=m) for m in (0, 0, 15, 30)]
    assert PAUSES.after_passwords(1000) == timedelta(hours=8)
    assert Pauses(3, timedelta(hours=2), 5, timedelta(hours=2), 10).after(9) == timedelta(days=1)


def fail(times: int, *, apart: timedelta = timedelta(0)) -> PinFailures:
    state = NO_FAILURES
    for number in range(times):
        state = rules.after_failure(state, PAUSES, NOW + number * apart)
    return state


def test_the_third_wrong_pin_pauses_thirty_seconds() -> None:
    assert rules.pause_left(fail(2), NOW) == 0
    state = fail(3)
    assert state == PinFailures(3, NOW + timedelta(seconds=30), disabled=False)
    assert rules.pause_left(state, NOW) == 30
    assert rules.pause_left(state, NOW + timedelta(seconds=29, milliseconds=1)) == 1
    assert rules.pause_left(state, NOW + timedelta(seconds=30)) == 0


def test_the_tenth_wrong_pin_disables() -> None:
    assert not fail(9).disabled
    assert fail(10).disabled


def test_a_success_forgets_but_does_not_enable() -> None:
    assert rules.after_success(fail(9)) == NO_FAILURES
    assert rules.after_success(fail(10)).disabled


def test_a_disabled_pin_counts_no_further() -> None:
    state = fail(10)
    assert rules.after_failure(state, PAUSES, NOW + timedelta(days=1)) == state


def test_tries_sent_side_by_side_count_like_tries_in_turn() -> None:
    at_once = fail(4)
    assert at_once.consecutive == 4
    assert at_once.paused_until == NOW + timedelta(seconds=60)


def test_three_devices_do_not_give_three_times_the_guesses() -> None:
    assert not rules.is_disabled_over_devices([], PAUSES)
    assert not rules.is_disabled_over_devices([fail(4), fail(5)], PAUSES)
    assert rules.is_disabled_over_devices([fail(4), fail(3), fail(3)], PAUSES)
    assert rules.is_disabled_over_devices([NO_FAILURES, fail(10)], PAUSES)


def test_somebody_patient_gets_ten_guesses_in_all() -> None:
    """Trying at the first allowed instant, over a month."""
    state, now, tried = NO_FAILURES, NOW, 0
    while not state.disabled and now < NOW + timedelta(days=30):
        now += timedelta(seconds=rules.pause_left(state, now))
        state = rules.after_failure(state, PAUSES, now)
        tried += 1
    assert tried == 10
    assert now - NOW == timedelta(seconds=30 + 60 + 900 + 1800 + 3600 + 7200 + 14400)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100_000)), max_size=30))
def test_a_pause_never_gets_shorter_by_failing(steps: list[tuple[bool, int]]) -> None:
    state, now = NO_FAILURES, NOW
    for right, seconds in steps:
        now += timedelta(seconds=seconds)
        before = rules.pause_left(state, now)
        state = rules.after_success(state) if right else rules.after_failure(state, PAUSES, now)
        if not right:
            assert rules.pause_left(state, now) >= before
        assert state.disabled == (state.consecutive >= PAUSES.off)
