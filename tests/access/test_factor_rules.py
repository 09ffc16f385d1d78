"""Codes of the second step: which count, which come too late, and how recovery codes look."""

from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from topline.access.rules import (
    authenticator_address,
    format_recovery_code,
    generate_recovery_code,
    is_authenticator_code,
    matching_step,
    must_have_factor,
    plain_code,
)
from topline.core.permissions import Group

#: The secret of RFC 6238's test vectors (`12345678901234567890`).
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 3, 4, 10, 0, 7, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


class Source:
    """Numbers that are random enough and the same in each run."""

    def __init__(self) -> None:
        self._random = Random(7)

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        return self._random.randrange(exclusive_upper_bound)


def code_at(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, at, 0) == seconds // 30


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(drift: int) -> None:
    assert matching_step(SECRET, code_at(STEP + drift), NOW, 0) == STEP + drift


@pytest.mark.parametrize("drift", [-2, 2, 100])
def test_a_clock_may_not_be_further_off(drift: int) -> None:
    assert matching_step(SECRET, code_at(STEP + drift), NOW, 0) is None


def test_no_code_counts_twice() -> None:
    assert matching_step(SECRET, code_at(STEP), NOW, STEP) is None
    assert matching_step(SECRET, code_at(STEP), NOW, STEP - 1) == STEP


def test_after_a_newer_code_an_older_one_is_over() -> None:
    assert matching_step(SECRET, code_at(STEP - 1), NOW, STEP) is None
    later = NOW + timedelta(seconds=30)
    assert matching_step(SECRET, code_at(STEP + 1), later, STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "28708a", "٢٨٧٠٨٢", "000000 "])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert matching_step(SECRET, code, NOW, 0) is None


def test_the_address_names_house_and_account() -> None:
    address = urlsplit(authenticator_address(SECRET, "olga@house.invalid", "House & Garden"))
    asked = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Topline House & Garden:olga@house.invalid"
    assert (asked["secret"], asked["issuer"]) == ([SECRET], ["Topline House & Garden"])


def test_recovery_codes_survive_being_read_aloud() -> None:
    source = Source()
    codes = {generate_recovery_code(source) for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        shown = format_recovery_code(code)
        assert [len(part) for part in shown.split("-")] == [4, 4, 4, 4]
        assert not set(code) & set("01ILOU")
        assert plain_code(f" {shown.lower().replace('-', ' – ')} ") == code
        assert not is_authenticator_code(code)


def test_six_digits_are_a_code_of_the_app() -> None:
    assert is_authenticator_code(plain_code("287 082"))
    assert not is_authenticator_code(plain_code("28708"))


@pytest.mark.parametrize(
    ("group", "required", "must"),
    [
        (Group.ADMIN, True, True),
        (Group.MANAGER, True, True),
        (Group.STAFF, True, False),
        (Group.ADMIN, False, False),
        (Group.MANAGER, False, False),
    ],
)
def test_who_must_have_one(group: Group, required: bool, must: bool) -> None:
    assert must_have_factor(group, required) is must
