"""Enrolment codes, tokens, and the life of sessions."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from topline.access import rules
from topline.access.rules import CredentialKind, SessionKind
from topline.access.rules.credentials import ENROLLMENT_ALPHABET

NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_code_has_no_characters_that_look_alike() -> None:
    assert len(set(ENROLLMENT_ALPHABET)) == len(ENROLLMENT_ALPHABET) == 30
    assert not set(ENROLLMENT_ALPHABET) & set("01ILOU")


def test_a_code_reads_back_from_what_was_shown() -> None:
    for _ in range(50):
        code = rules.generate_enrollment_code(secrets)
        shown = rules.format_enrollment_code(code)
        assert len(shown) == 9
        assert rules.normalise_enrollment_code(shown.lower()) == code
        assert rules.normalise_enrollment_code(f"  {code[:3]} {code[3:]} ") == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD-234", "ABCD-23456", "ABCD-2340", "ABCD-234!", "ABCD–23I5", "É" * 8]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert rules.normalise_enrollment_code(typed) is None


@given(st.text(max_size=200))
def test_any_typed_text_is_a_code_or_nothing(typed: str) -> None:
    code = rules.normalise_enrollment_code(typed)
    assert code is None or (len(code) == 8 and set(code) <= set(ENROLLMENT_ALPHABET))


def test_a_code_lives_ten_minutes_and_works_once() -> None:
    assert rules.is_enrollment_code_alive(NOW, None, NOW)
    assert rules.is_enrollment_code_alive(NOW, None, NOW + 10 * MINUTE - timedelta(seconds=1))
    assert not rules.is_enrollment_code_alive(NOW, None, NOW + 10 * MINUTE)
    assert not rules.is_enrollment_code_alive(NOW, NOW + MINUTE, NOW + 2 * MINUTE)


@pytest.mark.parametrize("kind", list(CredentialKind))
def test_a_token_tells_its_kind_and_its_hint_fits_the_list(kind: CredentialKind) -> None:
    token = rules.generate_token(kind, secrets.token_urlsafe)
    assert token.startswith(f"tl_{kind.value}_")
    assert rules.token_kind(token) is kind
    hint = rules.token_hint(token)
    assert token.startswith(hint.removesuffix("…"))
    assert len(hint) < len(token) - 30


def test_a_key_hint_fits_its_column() -> None:
    assert len(rules.token_hint(rules.generate_token(CredentialKind.API_KEY, secrets.token_urlsafe))) <= 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tl_key_",
        "tl_key_short",
        "tl_other_" + "a" * 43,
        "TL_key_" + "a" * 43,
        "tl_key_" + "a" * 44,
        "x" * 50,
    ],
)
def test_what_is_not_a_token_has_no_kind(text: str) -> None:
    assert rules.token_kind(text) is None


@pytest.mark.parametrize(
    ("kind", "seen_after", "asked_after", "alive"),
    [
        (SessionKind.TABLET, 0 * HOUR, 8 * HOUR - MINUTE, True),
        (SessionKind.TABLET, 7 * HOUR, 8 * HOUR, False),
        (SessionKind.BROWSER, 0 * DAY, 7 * DAY - MINUTE, True),
        (SessionKind.BROWSER, 0 * DAY, 7 * DAY, False),
        (SessionKind.BROWSER, 6 * DAY, 12 * DAY, True),
        (SessionKind.BROWSER, 29 * DAY, 30 * DAY - MINUTE, True),
        (SessionKind.BROWSER, 29 * DAY, 30 * DAY, False),
    ],
)
def test_sessions_end_when_the_design_says(
    kind: SessionKind, seen_after: timedelta, asked_after: timedelta, alive: bool
) -> None:
    assert rules.is_session_alive(kind, NOW, NOW + seen_after, NOW + asked_after) is alive


def test_silence_ends_a_tablet_session_where_that_is_asked() -> None:
    assert rules.is_session_alive(SessionKind.TABLET, NOW, NOW, NOW + 4 * MINUTE, idle=5 * MINUTE)
    assert not rules.is_session_alive(SessionKind.TABLET, NOW, NOW, NOW + 5 * MINUTE, idle=5 * MINUTE)
    assert not rules.is_session_alive(
        SessionKind.TABLET, NOW, NOW + 8 * HOUR, NOW + 8 * HOUR, idle=5 * MINUTE
    )


@pytest.mark.parametrize(
    ("instant", "covered"),
    [
        (NOW, True),
        (NOW - 2 * MINUTE, True),
        (NOW - 3 * MINUTE, False),
        (NOW + 32 * MINUTE, True),
        (NOW + 33 * MINUTE, False),
    ],
)
def test_a_late_queue_is_covered_by_the_session_it_was_tapped_in(instant: datetime, covered: bool) -> None:
    assert rules.session_covers(NOW, NOW + 30 * MINUTE, instant) is covered


def test_a_session_nobody_ended_covers_eight_hours() -> None:
    assert rules.session_covers(NOW, None, NOW + 8 * HOUR)
    assert not rules.session_covers(NOW, None, NOW + 8 * HOUR + 3 * MINUTE)
    assert not rules.session_covers(NOW, NOW + 9 * HOUR, NOW + 8 * HOUR + 3 * MINUTE)
