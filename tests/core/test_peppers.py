"""The setting that holds one pepper or several versions of it."""

import pytest

from topline.core.peppers import parse_peppers, with_new, without

OLD, NEW = "old-" + "o" * 40, "new-" + "n" * 40


def test_one_secret_is_version_1() -> None:
    found = parse_peppers("a pepper of at least: thirty-two bytes, with anything in it")
    assert found.current == 1
    assert found.versions == {1: b"a pepper of at least: thirty-two bytes, with anything in it"}


@pytest.mark.parametrize("text", [f"2:{NEW},1:{OLD}", f"2:{NEW} 1:{OLD}", f"2:{NEW},\n1:{OLD},\n"])
def test_the_first_of_a_list_is_the_one_in_use(text: str) -> None:
    found = parse_peppers(text)
    assert (found.current, found.oldest) == (2, OLD.encode())
    assert found.versions == {1: OLD.encode(), 2: NEW.encode()}


def test_a_version_can_be_known_before_it_is_used() -> None:
    assert parse_peppers(f"1:{OLD},2:{NEW}").current == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("short", "version 1 must be at least 32 characters"),
        (f"2:short,1:{OLD}", "version 2 must be at least 32 characters"),
        (f"1:{NEW},1:{OLD}", "a version stands in it twice"),
        (f"2:{NEW},{OLD}", "must be one secret, or a list such as 2:NEW,1:OLD"),
        (f"2:{NEW},one:{OLD}", "must be one secret, or a list such as 2:NEW,1:OLD"),
        ("2:", "must be one secret, or a list such as 2:NEW,1:OLD"),
    ],
)
def test_a_wrong_one_is_refused_without_being_repeated(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_peppers(text)
    assert str(refused.value) == sentence


def test_a_new_version_comes_to_the_front_and_an_old_one_can_go() -> None:
    two = with_new(OLD, NEW)
    assert two == f"2:{NEW},1:{OLD}"
    assert with_new(two, "x" * 32) == f"3:{'x' * 32},2:{NEW},1:{OLD}"
    assert without(two, 1) == f"2:{NEW}"
    with pytest.raises(ValueError, match="version 2 is the one in use"):
        without(two, 2)


def test_a_pepper_is_not_shown() -> None:
    assert OLD not in repr(parse_peppers(OLD))
