"""PINs: their form, the ones too easy to guess, and making one."""

import random

import pytest
from hypothesis import given, strategies as st

from topline.access import rules
from topline.access.rules.lists import COMMON_PINS


class Seeded:
    """A source that draws the same numbers every time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        return self._random.randrange(exclusive_upper_bound)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", " 1234", "1234\n", "١٢٣٤", "12.4", "-123"])
def test_a_pin_is_four_to_eight_plain_digits(pin: str) -> None:
    assert rules.pin_problems(pin) == ["pin_format"]


@pytest.mark.parametrize(
    "pin",
    [
        "0000", "77777777",  # one digit
        "1212", "123123", "45454545", "12341234",  # a block again and again
        "1234", "4321", "8901", "0987", "567890",  # runs, also past zero
        "1984", "2026", "1900", "2099",  # years
        "24121990", "12241990", "19901224", "31012001",  # dates
        "2580", "1122", "1221", "1112", "1379", "0007", "159753", "147258369",  # the list
    ],
)  # fmt: skip
def test_what_everybody_would_try_first_is_refused(pin: str) -> None:
    expected = "pin_format" if len(pin) > 8 else "pin_common"
    assert rules.pin_problems(pin) == [expected]


@pytest.mark.parametrize("pin", ["8317", "3059", "1899", "2100", "620418", "99120481", "19903345"])
def test_an_ordinary_pin_is_allowed(pin: str) -> None:
    assert rules.pin_problems(pin) == []


def test_the_shipped_list_holds_at_least_a_hundred_pins_and_only_pins() -> None:
    assert len(COMMON_PINS) >= 100
    assert all(rules.is_pin(pin) for pin in COMMON_PINS)


def test_refusing_common_pins_leaves_most_of_them() -> None:
    allowed = sum(rules.pin_problems(f"{number:04}") == [] for number in range(10_000))
    assert 9_000 < allowed < 9_600


@given(st.integers(), st.integers(min_value=4, max_value=8))
def test_a_made_pin_is_always_allowed_and_as_long_as_asked(seed: int, length: int) -> None:
    pin = rules.generate_pin(Seeded(seed), length)
    assert len(pin) == length
    assert rules.pin_problems(pin) == []


def test_making_draws_again_until_a_pin_is_allowed() -> None:
    class Scripted:
        draws = iter([1234, 0, 2580, 83])

        def randbelow(self, exclusive_upper_bound: int, /) -> int:
            assert exclusive_upper_bound == 10_000
            return next(self.draws)

    assert rules.generate_pin(Scripted()) == "0083"


@pytest.mark.parametrize("length", [3, 9])
def test_a_pin_of_another_length_is_not_made(length: int) -> None:
    with pytest.raises(ValueError, match="4 to 8"):
        rules.generate_pin(Seeded(1), length)


@given(st.text(max_size=12))
def test_any_text_gets_an_answer_with_a_message(text: str) -> None:
    assert all(code in rules.PIN_MESSAGES for code in rules.pin_problems(text))
