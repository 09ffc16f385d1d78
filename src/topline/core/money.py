"""Money: whole minor units and a currency. No float ever carries an amount.

A minor unit is the smallest coin of the currency (cent, yen, fils). Shares and rates are basis points:
10 000 is the whole. All rounding happens in the few functions below, in whole numbers, and each says how it
rounds.
"""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.numbers import (
    NumberPattern,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    is_currency,
)

BASIS_POINTS: Final = 10_000
MAX_AMOUNT_MINOR: Final = 10**12

# Stored amounts are minor units, so the number of digits must never move under them with an update of a
# locale library. The table is ISO 4217; every currency that is not in it has two digits.
_WITHOUT_DIGITS: Final = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
    *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(_WITHOUT_DIGITS, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_LONGEST_TEXT: Final = 40
# Typographic signs people and locales write, as their plain twins; direction marks go.
_PLAIN: Final = str.maketrans(
    dict.fromkeys("\u00a0\u2009\u202f", " ")
    | {"\u2019": "'", "\u2212": "-"}
    | dict.fromkeys("\u061c\u200e\u200f", "")
)
_CONVENTIONS: Final = ((".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))


class MoneyError(ValueError):
    """An amount or currency that cannot be. `code` is stable; the message is a sentence for a person.

    Codes: `currency_unknown`, `locale_unknown`, `amount_malformed`, `amount_ambiguous`, `amount_too_precise`,
    `amount_too_large`, `currency_mismatch`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units of `currency` (ISO 4217, upper case), at most 10¹² either way."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        currency_digits(self.currency)
        check_amount(self.amount_minor)


@lru_cache(maxsize=512)
def currency_digits(currency: str) -> int:
    """How many decimal digits the currency has: EUR 2, JPY 0, KWD 3. Raises `currency_unknown`."""
    if not re.fullmatch("[A-Z]{3}", currency) or not is_currency(currency):
        raise MoneyError("currency_unknown", "This is not a currency code such as EUR.")
    return _DIGITS.get(currency, 2)


def check_amount(amount_minor: int) -> int:
    """The amount itself, if it is within ±10¹² minor units; else raises `amount_too_large`."""
    if abs(amount_minor) > MAX_AMOUNT_MINOR:
        raise MoneyError("amount_too_large", "This amount is too large.")
    return amount_minor


def add(first: Money, second: Money) -> Money:
    """The sum of two amounts of one currency. Raises `currency_mismatch`."""
    if first.currency != second.currency:
        raise MoneyError("currency_mismatch", f"{first.currency} and {second.currency} cannot be added.")
    return Money(first.amount_minor + second.amount_minor, first.currency)


# --- reading --------------------------------------------------------------------------------------


def parse_amount(text: str, currency: str, locale: str | None = None) -> int:
    """The minor units a person wrote, such as `1,234.50`, `-12` or `€ 1.234,50`.

    With a `locale` its decimal and grouping signs hold, and only they: `1.234` is 1234 in German and one
    unit and 234 thousandths in English. Without one (a file from elsewhere) every usual convention is
    tried, and a text that two of them read differently (`1,234`) is refused as `amount_ambiguous`, never
    guessed.

    The currency's own code or symbol and one leading minus are allowed. Groups must be complete. Digits
    smaller than the minor unit must be zero, else `amount_too_precise`. Anything else is
    `amount_malformed`.
    """
    digits = currency_digits(currency)
    bare = _without_currency(text[: _LONGEST_TEXT + 1].translate(_PLAIN).strip(), currency, locale)
    negative = bare.startswith("-")
    bare = bare.removeprefix("-").strip()
    conventions = _CONVENTIONS if locale is None else (_convention(locale),)
    sizes = (3, 3) if locale is None else _group_sizes(locale)
    readings = {
        reading
        for decimal, group in conventions
        if (reading := _read(bare, decimal, group, sizes)) is not None
    }
    if not readings or len(text) > _LONGEST_TEXT:
        raise MoneyError("amount_malformed", "This is not an amount.")
    if len(readings) > 1:
        raise MoneyError("amount_ambiguous", "This amount can be read in two ways. Write it with decimals.")
    whole, fraction = readings.pop()
    if len(fraction) > digits:
        raise MoneyError("amount_too_precise", f"{currency} has {digits} decimal digits.")
    amount = int((whole + fraction.ljust(digits, "0")) or "0")
    return check_amount(-amount if negative else amount)


def amount_from_number(value: int | float | Decimal, currency: str) -> int:
    """Minor units of a number as a spreadsheet or another database stores it, rounded half to even.

    A float is read as the shortest decimal that means it, so 19.99 is 1999 cents. Raises `amount_malformed`
    for what is not a finite number.
    """
    digits = currency_digits(currency)
    number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    if not number.is_finite():
        raise MoneyError("amount_malformed", "This is not an amount.")
    if number.adjusted() > 15:
        raise MoneyError("amount_too_large", "This amount is too large.")
    with localcontext(prec=60):
        return check_amount(int(number.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))


def _without_currency(text: str, currency: str, locale: str | None) -> str:
    known = _locale(locale or "en")
    for sign in (currency, get_currency_symbol(currency, locale=known).translate(_PLAIN)):
        if text.startswith(f"-{sign}"):
            return "-" + text.removeprefix(f"-{sign}").strip()
        shorter = text.removeprefix(sign) if text.startswith(sign) else text.removesuffix(sign)
        if shorter != text:
            return shorter.strip()
    return text


def _convention(locale: str) -> tuple[str, str]:
    known = _locale(locale)
    decimal, group = get_decimal_symbol(known), get_group_symbol(known)
    return decimal, group.translate(_PLAIN)


def _group_sizes(locale: str) -> tuple[int, int]:
    """How many digits the last group has and each one before it: (3, 2) in India."""
    last, others = _locale(locale).decimal_formats[None].grouping
    return int(last), int(others)


def _read(text: str, decimal: str, group: str, sizes: tuple[int, int]) -> tuple[str, str] | None:
    """Digits before and after the decimal sign, without needless zeros; None if it is not so written."""
    last, others = sizes
    separator = re.escape(group)
    whole = rf"[0-9]+|[1-9][0-9]{{0,{others - 1}}}(?:{separator}[0-9]{{{others}}})*{separator}[0-9]{{{last}}}"
    match = re.fullmatch(rf"({whole})(?:{re.escape(decimal)}([0-9]+))?", text)
    if match is None:
        return None
    return match[1].replace(group, "").lstrip("0"), (match[2] or "").rstrip("0")


# --- writing --------------------------------------------------------------------------------------


def format_money(amount_minor: int, currency: str, locale: str, with_symbol: bool = True) -> str:
    """The amount as people of that locale write it, with all its digits: `$1,234.50`, `1.234,50 €`.

    Raises `currency_unknown` and `locale_unknown`.
    """
    digits = currency_digits(currency)
    pattern = _pattern(digits, locale, with_symbol)
    value = Decimal(amount_minor).scaleb(-digits)
    text: str = pattern.apply(value, _locale(locale), currency=currency, currency_digits=False)
    return text


def format_money_whole(amount_minor: int, currency: str, locale: str) -> str:
    """The amount for a glance, without the small change: `$1,234`. A half is rounded to even."""
    units = divide_half_even(amount_minor, 10 ** currency_digits(currency))
    pattern = _pattern(0, locale, True)
    text: str = pattern.apply(Decimal(units), _locale(locale), currency=currency, currency_digits=False)
    return text


@lru_cache(maxsize=256)
def _pattern(digits: int, locale: str, with_symbol: bool) -> NumberPattern:
    known = _locale(locale)
    found = known.currency_formats["standard"] if with_symbol else known.decimal_formats[None]
    pattern: NumberPattern = copy(found)
    pattern.frac_prec = (digits, digits)
    return pattern


@lru_cache(maxsize=256)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise MoneyError("locale_unknown", "This is not a known locale such as en_US.") from None


# --- calculating ----------------------------------------------------------------------------------


def divide_half_even(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes to the even neighbor, so that sums do not drift.

    Raises ZeroDivisionError.
    """
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * abs(remainder)
    if twice > abs(denominator) or (twice == abs(denominator) and quotient % 2):
        return quotient + 1
    return quotient


def divide_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number; a half goes away from zero, as by hand. Raises ZeroDivisionError."""
    negative = (numerator < 0) != (denominator < 0)
    size = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return -size if negative else size


def multiply_bp(amount_minor: int, basis_points: int) -> int:
    """So many basis points of an amount, rounded half to even: 25 % of 10 is 2, of 30 is 8."""
    return divide_half_even(amount_minor * basis_points, BASIS_POINTS)


def ratio_bp(part: int, whole: int) -> int | None:
    """`part` as basis points of `whole`, rounded half to even; None when there is no whole."""
    if whole == 0:
        return None
    return divide_half_even(part * BASIS_POINTS, whole)


def reached_bp(part: int, whole: int) -> int | None:
    """`part` as basis points of a positive `whole`, rounded down; None when there is no positive whole.

    Rounded down, `reached_bp(a, b) >= t` says exactly the same as `a / b >= t / 10 000`: a threshold never
    counts as reached because of rounding, and what is shown never contradicts what was decided.
    """
    if whole <= 0:
        return None
    return part * BASIS_POINTS // whole


def split_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights` so that the parts are whole and add up to it exactly.

    Every part is rounded down, then what is left goes unit by unit to the largest remainders, the earlier
    one first. A negative total is split like its positive twin. Raises ValueError unless the weights are
    non-negative with a positive sum.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(size * weights[place] % whole))
    for place in by_remainder[: size - sum(parts)]:
        parts[place] += 1
    return [-part for part in parts] if total < 0 else parts
