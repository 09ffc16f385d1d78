"""Passwords: long enough, not common, not one's own name."""

import pytest
from hypothesis import given, strategies as st

from topline.access import rules
from topline.access.rules.lists import COMMON_PASSWORDS

NAME = "Ana Müller-Example"
EMAIL = "ana.mueller@hotel.example"


def problems(password: str) -> list[str]:
    return rules.password_problems(password, display_name=NAME, email=EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "vexing lantern quilt",
        "tR4ctor-under-ice",
        "ünïcödé walrus 9",
        "x" * 3 + "9kqv!pzt0",
        "纸船 灯塔 云雀 石头",
    ],
)
def test_a_good_password_is_allowed(password: str) -> None:
    assert problems(password) == []


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("kv9!zq2", ["password_too_short"]),
        ("z9k-" * 32 + "x", ["password_too_long"]),
        ("", ["password_too_short", "password_common"]),
        ("long enough\x00 text", ["password_control_character"]),
        ("long enough\ntext", ["password_control_character"]),
        ("password", ["password_common"]),
        ("PASSWORD", ["password_common"]),
        ("P4$$w0rd", ["password_common"]),
        ("p4ssw0rd2024!", ["password_common"]),
        ("Sunshine2024!", ["password_common"]),
        ("!!sunshine", ["password_common"]),
        ("sunshinesunshine", ["password_common"]),
        ("qwertyuiop", ["password_common"]),
        ("12345678", ["password_common"]),
        ("87654321", ["password_common"]),
        ("abcdefghijkl", ["password_common"]),
        ("aaaaaaaaaaaa", ["password_common"]),
        ("ababababab", ["password_common"]),
        ("reception1", ["password_common"]),
        ("müller-99", ["password_personal"]),
        ("Muller1985", ["password_personal"]),
        ("anamueller", ["password_personal"]),
        ("example!!", ["password_common", "password_personal"]),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(password: str, codes: list[str]) -> None:
    assert problems(password) == codes


def test_a_long_password_may_mention_the_own_name() -> None:
    assert problems("muller rows a red canoe") == []


def test_a_short_name_part_does_not_forbid_ordinary_words() -> None:
    assert problems("bananaboat-7q") == []


def test_somebody_without_an_email_has_a_rule_too() -> None:
    assert rules.password_problems("kowalski77", display_name="Jan Kowalski", email=None) == [
        "password_personal"
    ]


def test_exactly_eight_and_exactly_128_characters_are_allowed() -> None:
    assert problems("q7!vz-2k") == []
    assert problems("q7!vz-2k" * 16) == []


def test_the_shipped_list_holds_at_least_a_thousand_lower_case_entries() -> None:
    assert len(COMMON_PASSWORDS) >= 1_000
    assert all(word == word.lower() and len(word) >= 4 and " " not in word for word in COMMON_PASSWORDS)


@given(st.text(max_size=140), st.text(max_size=40), st.none() | st.text(max_size=40))
def test_any_text_gets_an_answer_with_messages(password: str, name: str, email: str | None) -> None:
    codes = rules.password_problems(password, display_name=name, email=email)
    assert all(code in rules.PASSWORD_MESSAGES for code in codes)


@given(st.sampled_from(sorted(word for word in COMMON_PASSWORDS if len(word) >= 8)), st.integers(0, 9999))
def test_digits_behind_a_common_word_do_not_help(word: str, number: int) -> None:
    assert "password_common" in problems(f"{word}")
    if word.isalpha():
        assert "password_common" in problems(f"{word.title()}{number}")
