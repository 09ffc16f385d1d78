"""Logging: device time is a bounded claim, details are checked, undo has its window."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from topline.logbook import rules
from topline.logbook.rules import Accepted, Asks, Details, Flag, LogStatus, Refused

NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ALL = Asks(place=True, amount=True, covers=True, outcome=True)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0 * SECOND, Accepted(NOW)),
        (2 * MINUTE, Accepted(NOW - 2 * MINUTE)),
        (2 * MINUTE + SECOND, Accepted(NOW - 2 * MINUTE - SECOND, (Flag.OFFLINE,))),
        (72 * HOUR, Accepted(NOW - 72 * HOUR, (Flag.OFFLINE,))),
        (72 * HOUR + SECOND, Refused("occurred_at_too_old")),
        (-9 * SECOND, Accepted(NOW)),
        (-10 * SECOND, Accepted(NOW, (Flag.CLOCK_AHEAD,))),
        (-2 * MINUTE, Accepted(NOW, (Flag.CLOCK_AHEAD,))),
        (-2 * MINUTE - SECOND, Refused("occurred_at_in_future")),
    ],
)
def test_device_time_is_believed_within_bounds(age: timedelta, expected: Accepted | Refused) -> None:
    assert rules.accept_time(NOW - age, NOW) == expected


def test_without_a_claim_it_happened_now() -> None:
    assert rules.accept_time(None, NOW) == Accepted(NOW)


@given(st.timedeltas(min_value=-100 * HOUR, max_value=100 * HOUR))
def test_what_is_accepted_is_never_in_the_future_nor_older_than_three_days(age: timedelta) -> None:
    answer = rules.accept_time(NOW - age, NOW)
    if isinstance(answer, Accepted):
        assert NOW - 72 * HOUR <= answer.occurred_at <= NOW
    else:
        assert answer.code in rules.REFUSALS


@pytest.mark.parametrize(
    ("seconds", "burst"),
    [
        ([], False),
        ([-10, -20, -30, -40], False),
        ([-10, -20, -30, -40, -50], True),
        ([-10, -20, -30, -40, -61], False),
        ([10, 20, 30, 40, 50], True),
        ([-30, -20, -10, 10, 30], True),
        ([-50, -40, -30, 30, 40, 50], False),
        ([0, 0, 0, 0, 0], True),
        ([-300, -299, -298, -297, -296, -295, -294], False),
    ],
)
def test_six_of_the_same_within_a_minute_are_a_burst(seconds: list[int], burst: bool) -> None:
    assert rules.is_burst([NOW + number * SECOND for number in seconds], NOW) is burst


@given(st.lists(st.integers(-150, 150), max_size=20))
def test_a_burst_is_found_like_by_trying_every_minute(seconds: list[int]) -> None:
    everything = [*seconds, 0]
    slow = any(
        sum(start <= second <= start + 60 for second in everything) >= 6
        for start in everything
        if start <= 0 <= start + 60
    )
    assert rules.is_burst([NOW + number * SECOND for number in seconds], NOW) is slow


def test_a_behavior_is_for_its_roles() -> None:
    role, other = UUID(int=1), UUID(int=2)
    assert rules.behavior_problem(True, [role], role) is None
    assert rules.behavior_problem(True, [role], other) == "behavior_not_assigned"
    assert rules.behavior_problem(True, [role], None) == "behavior_not_assigned"
    assert rules.behavior_problem(False, [role], role) == "behavior_inactive"


def codes(details: Details, asks: Asks = ALL, digits: int = 2) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in rules.check_details(details, asks, digits)[1]]


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (Details(), []),
        (Details("accepted", "412", 4_550, 2, "Window table", {"course": 2}), []),
        (Details(outcome="maybe"), [("outcome", "outcome_unknown")]),
        (Details(place="x" * 10), []),
        (Details(place="x" * 11), [("place", "text_too_long")]),
        (Details(place="4\x0012"), [("place", "text_control_character")]),
        (Details(amount_minor=0), []),
        (Details(amount_minor=100_000_000), []),
        (Details(amount_minor=100_000_001), [("amount_minor", "out_of_range")]),
        (Details(amount_minor=-1), [("amount_minor", "out_of_range")]),
        (Details(covers=500), []),
        (Details(covers=501), [("covers", "out_of_range")]),
        (Details(covers=-1), [("covers", "out_of_range")]),
        (Details(note="n" * 500), []),
        (Details(note="n" * 501), [("note", "text_too_long")]),
        (Details(covers=-1, amount_minor=-1), [("amount_minor", "out_of_range"), ("covers", "out_of_range")]),
    ],
)
def test_details_have_limits(details: Details, expected: list[tuple[str, str]]) -> None:
    assert codes(details) == expected


def test_the_amount_limit_follows_the_currency() -> None:
    assert codes(Details(amount_minor=1_000_001), digits=0) == [("amount_minor", "out_of_range")]
    assert codes(Details(amount_minor=1_000_000_000), digits=3) == []


def test_a_detail_nobody_asked_for_is_refused_but_a_note_is_always_possible() -> None:
    said = Details("offered", "12", 100, 2, "note", {"a": 1})
    assert codes(said, Asks()) == [
        ("outcome", "not_asked"),
        ("place", "not_asked"),
        ("amount_minor", "not_asked"),
        ("covers", "not_asked"),
    ]
    assert codes(said, Asks(place=True, covers=True)) == [
        ("outcome", "not_asked"),
        ("amount_minor", "not_asked"),
    ]


def test_details_come_back_clean() -> None:
    cleaned, errors = rules.check_details(Details(place="  4 12 ", note="  ", metadata={}), ALL, 2)
    assert errors == []
    assert cleaned == Details(place="4 12")


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, []),
        ({"a": "text", "b": 1, "c": 1.5, "d": True, "e": None}, []),
        ({str(number): number for number in range(20)}, []),
        ({str(number): number for number in range(21)}, ["metadata_too_large"]),
        ({"a": "x" * 4_086}, []),
        ({"a": "x" * 4_089}, ["metadata_too_large"]),
        ({"a": "é" * 2_048}, ["metadata_too_large"]),
        ({"": 1}, ["metadata_key_invalid"]),
        ({"k" * 65: 1}, ["metadata_key_invalid"]),
        ({"k\x00": 1}, ["metadata_key_invalid"]),
        ({"a": "x\x00"}, ["metadata_value_invalid"]),
        ({"a": "\ud800"}, ["metadata_value_invalid"]),
        ({"a": [1]}, ["metadata_value_invalid"]),
        ({"a": {"b": 1}}, ["metadata_value_invalid"]),
        ({"a": float("nan")}, ["metadata_value_invalid"]),
        ({"a": float("inf")}, ["metadata_value_invalid"]),
        ({"a": 2**54}, ["metadata_value_invalid"]),
    ],
)
def test_metadata_is_small_and_flat(metadata: dict[str, object], expected: list[str]) -> None:
    assert [error.code for error in rules.metadata_problems(metadata)] == expected


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), JSON, max_size=25))
def test_accepted_metadata_can_be_stored(metadata: dict[str, object]) -> None:
    if not rules.metadata_problems(metadata):
        stored = json.dumps(metadata, allow_nan=False)
        assert json.loads(stored) == metadata
        assert "\\u0000" not in stored


def undo(
    after: timedelta,
    *,
    is_own: bool = True,
    status: LogStatus = LogStatus.PENDING,
    arrived_after: timedelta = timedelta(0),
    undone_after: timedelta | None = None,
) -> str | None:
    return rules.undo_problem(
        is_own=is_own,
        status=status,
        occurred_at=NOW,
        received_at=NOW + arrived_after,
        undone_at=None if undone_after is None else NOW + undone_after,
        now=NOW + after,
    )


def test_an_own_pending_log_can_be_undone_for_five_minutes() -> None:
    assert undo(5 * MINUTE - SECOND) is None
    assert undo(5 * MINUTE) == "undo_too_late"
    assert undo(MINUTE, is_own=False) == "not_own"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (LogStatus.VERIFIED, "already_decided"),
        (LogStatus.REJECTED, "already_decided"),
        (LogStatus.EXPIRED, "already_decided"),
        (LogStatus.UNDONE, "already_undone"),
    ],
)
def test_what_was_decided_cannot_be_undone(status: LogStatus, code: str) -> None:
    assert undo(MINUTE, status=status) == code


def test_a_log_that_came_late_can_be_undone_for_five_minutes_after_it_came() -> None:
    assert undo(2 * HOUR + 4 * MINUTE, arrived_after=2 * HOUR) is None
    assert undo(2 * HOUR + 5 * MINUTE, arrived_after=2 * HOUR) == "undo_too_late"


def test_an_undo_without_network_holds_when_it_was_in_time() -> None:
    assert undo(6 * HOUR, arrived_after=HOUR, undone_after=4 * MINUTE) is None
    assert undo(6 * HOUR, arrived_after=HOUR, undone_after=5 * MINUTE) == "undo_too_late"
    assert undo(6 * HOUR, arrived_after=HOUR, undone_after=-MINUTE) == "undo_too_late"
    assert undo(6 * HOUR, arrived_after=HOUR, undone_after=9 * HOUR) == "undo_too_late"


@pytest.mark.parametrize(
    ("is_own", "status", "answered", "code"),
    [
        (True, LogStatus.REJECTED, None, None),
        (True, LogStatus.REJECTED, NOW, "already_answered"),
        (False, LogStatus.REJECTED, None, "not_own"),
        (True, LogStatus.PENDING, None, "not_rejected"),
        (True, LogStatus.VERIFIED, None, "not_rejected"),
    ],
)
def test_a_rejection_can_be_answered_once(
    is_own: bool, status: LogStatus, answered: datetime | None, code: str | None
) -> None:
    assert rules.answer_problem(is_own=is_own, status=status, answered_at=answered) == code
    assert code is None or code in rules.REFUSALS
