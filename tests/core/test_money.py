"""Money is whole minor units; nothing is lost, invented or guessed."""

from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from hypothesis import given, strategies as st

from topline.core import money
from topline.core.money import Money, MoneyError

amounts = st.integers(-money.MAX_AMOUNT_MINOR, money.MAX_AMOUNT_MINOR)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "HUF", "ISK"])
locales = st.sampled_from(["en_US", "de-DE", "de_CH", "fr_FR", "en_IN", "sv_SE", "ja_JP", "pl_PL", "ar_EG"])
NNBSP, NBSP = "\u202f", "\u00a0"


def code_of(act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(MoneyError) as caught:
        act(*arguments)
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("HUF", 2)])
def test_a_currency_has_its_iso_digits(currency: str, digits: int) -> None:
    assert money.currency_digits(currency) == digits


@pytest.mark.parametrize("currency", ["", "eur", "ZZZ", "EURO", "€", "E\n"])
def test_a_code_that_is_no_currency_is_refused(currency: str) -> None:
    assert code_of(money.currency_digits, currency) == "currency_unknown"


def test_every_currency_of_the_library_has_digits() -> None:
    assert {money.currency_digits(currency) for currency in list_currencies()} == {0, 2, 3, 4}


def test_money_keeps_its_bounds_and_its_currency() -> None:
    assert Money(money.MAX_AMOUNT_MINOR, "EUR").amount_minor == 10**12
    assert code_of(Money, money.MAX_AMOUNT_MINOR + 1, "EUR") == "amount_too_large"
    assert code_of(Money, -money.MAX_AMOUNT_MINOR - 1, "EUR") == "amount_too_large"
    assert code_of(Money, 1, "XYZ") == "currency_unknown"
    assert money.add(Money(1, "EUR"), Money(-3, "EUR")) == Money(-2, "EUR")
    assert code_of(money.add, Money(1, "EUR"), Money(1, "USD")) == "currency_mismatch"


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("1,234.50", "EUR", None, 123450),
        ("1.234,50", "EUR", None, 123450),
        ("1 234,50", "EUR", None, 123450),
        (f"1{NBSP}234.5", "EUR", None, 123450),
        ("1'234.50", "CHF", None, 123450),
        ("1’234.50", "CHF", "de_CH", 123450),
        ("1,234,567", "EUR", None, 123456700),
        ("12.5", "EUR", None, 1250),
        ("12,50", "EUR", None, 1250),
        ("0.500", "EUR", None, 50),
        ("1234.5000", "EUR", None, 123450),
        ("-12", "EUR", None, -1200),
        ("−12", "EUR", None, -1200),
        ("- 12", "EUR", None, -1200),
        ("-0", "JPY", None, 0),
        ("0", "EUR", None, 0),
        ("007", "EUR", None, 700),
        ("1200.00", "JPY", None, 1200),
        ("0.005", "KWD", None, 5),
        ("1.234", "EUR", "de_DE", 123400),
        ("1,000", "JPY", "en_US", 1000),
        ("1.234", "KWD", "en_US", 1234),
        ("12,34,567.5", "INR", "en_IN", 123456750),
        (f"1{NNBSP}234,5", "EUR", "fr_FR", 123450),
        ("1 234,5", "EUR", "fr-FR", 123450),
        ("€ 12,50", "EUR", "de_DE", 1250),
        ("12,50 €", "EUR", "de_DE", 1250),
        ("-€12.50", "EUR", "en_US", -1250),
        ("€-12.50", "EUR", "en_US", -1250),
        ("USD 7", "USD", None, 700),
        ("7 USD", "USD", None, 700),
        (" 7 ", "USD", None, 700),
        ("10000000000.00", "EUR", None, 10**12),
    ],
)
def test_an_amount_is_read_as_it_was_written(
    text: str, currency: str, locale: str | None, minor: int
) -> None:
    assert money.parse_amount(text, currency, locale) == minor


@pytest.mark.parametrize(
    ("text", "currency", "locale", "code"),
    [
        ("1,234", "EUR", None, "amount_ambiguous"),
        ("1.234", "EUR", None, "amount_ambiguous"),
        ("1.234", "KWD", None, "amount_ambiguous"),
        ("12.500", "JPY", None, "amount_ambiguous"),
        ("1.234", "EUR", "en_US", "amount_too_precise"),
        ("0.001", "EUR", None, "amount_too_precise"),
        ("0.5", "JPY", None, "amount_too_precise"),
        ("12.50", "EUR", "de_DE", "amount_malformed"),
        ("1,23,456.00", "EUR", None, "amount_malformed"),
        ("1,234.50.00", "EUR", None, "amount_malformed"),
        ("0,123.50", "EUR", None, "amount_malformed"),
        ("1.234'567", "EUR", None, "amount_malformed"),
        ("", "EUR", None, "amount_malformed"),
        ("-", "EUR", None, "amount_malformed"),
        ("--1", "EUR", None, "amount_malformed"),
        ("+1", "EUR", None, "amount_malformed"),
        (".50", "EUR", None, "amount_malformed"),
        ("5.", "EUR", None, "amount_malformed"),
        ("1e3", "EUR", None, "amount_malformed"),
        ("(5)", "EUR", None, "amount_malformed"),
        ("=5", "EUR", None, "amount_malformed"),
        ("$5", "EUR", None, "amount_malformed"),
        ("５", "EUR", None, "amount_malformed"),
        ("٥", "EUR", "ar_EG", "amount_malformed"),
        ("5\x00", "EUR", None, "amount_malformed"),
        ("0" * 41, "EUR", None, "amount_malformed"),
        ("9" * 100_000, "EUR", None, "amount_malformed"),
        ("10000000000.01", "EUR", None, "amount_too_large"),
        ("-10000000000.01", "EUR", None, "amount_too_large"),
        ("5", "EUR", "xx_XX", "locale_unknown"),
        ("5", "XX", None, "currency_unknown"),
    ],
)
def test_what_is_not_clearly_an_amount_is_refused(
    text: str, currency: str, locale: str | None, code: str
) -> None:
    assert code_of(money.parse_amount, text, currency, locale) == code


@given(amounts, currencies, locales, st.booleans())
def test_what_was_written_for_a_locale_is_read_back_in_it(
    amount: int, currency: str, locale: str, with_symbol: bool
) -> None:
    written = money.format_money(amount, currency, locale, with_symbol).translate(
        {0x200E: None, 0x200F: None}
    )
    assert money.parse_amount(written, currency, locale) == amount


def read_or_refused(text: str, currency: str, locale: str | None = None) -> int | str:
    try:
        return money.parse_amount(text, currency, locale)
    except MoneyError as refused:
        return refused.code


@given(amounts, currencies, locales)
def test_without_a_locale_an_amount_is_read_right_or_not_at_all(
    amount: int, currency: str, locale: str
) -> None:
    written = money.format_money(amount, currency, locale, with_symbol=False)
    lakhs = {"amount_malformed"} if locale == "en_IN" else set()
    assert read_or_refused(written, currency) in {amount, "amount_ambiguous"} | lakhs


@given(st.text(max_size=60), st.none() | locales)
def test_any_text_is_an_amount_or_refused_with_a_code(text: str, locale: str | None) -> None:
    result = read_or_refused(text, "EUR", locale)
    assert result.startswith("amount_") if isinstance(result, str) else abs(result) <= money.MAX_AMOUNT_MINOR


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (19.99, "EUR", 1999),
        (14999.999999, "EUR", 1_500_000),
        (0.125, "EUR", 12),
        (0.135, "EUR", 14),
        (-0.125, "EUR", -12),
        (7, "JPY", 7),
        (Decimal("1.0005"), "KWD", 1000),
        (Decimal("0." + "0" * 80 + "1"), "EUR", 0),
        (1e10, "EUR", 10**12),
    ],
)
def test_a_spreadsheet_number_becomes_minor_units(value: float | Decimal, currency: str, minor: int) -> None:
    assert money.amount_from_number(value, currency) == minor


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "amount_malformed"),
        (float("-inf"), "amount_malformed"),
        (True, "amount_malformed"),
        (1e10 + 1, "amount_too_large"),
        (Decimal("1e999999"), "amount_too_large"),
    ],
)
def test_a_spreadsheet_number_that_is_no_amount_is_refused(value: float | Decimal, code: str) -> None:
    assert code_of(money.amount_from_number, value, "EUR") == code


@given(st.integers(-(10**12), 10**12))
def test_a_stored_float_of_cents_comes_back_exactly(minor: int) -> None:
    assert money.amount_from_number(minor / 100, "EUR") == minor


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "with_symbol", "written"),
    [
        (123450, "USD", "en_US", True, "$1,234.50"),
        (-123456, "EUR", "de-DE", True, f"-1.234,56{NBSP}€"),
        (1234567, "JPY", "ja", True, "￥1,234,567"),
        (5, "KWD", "en", False, "0.005"),
        (100, "HUF", "hu", True, f"1,00{NBSP}Ft"),
        (0, "EUR", "en", False, "0.00"),
        (10**12, "ISK", "en", False, "1,000,000,000,000"),
    ],
)
def test_an_amount_is_written_for_its_locale(
    amount: int, currency: str, locale: str, with_symbol: bool, written: str
) -> None:
    assert money.format_money(amount, currency, locale, with_symbol) == written


@pytest.mark.parametrize("locale", ["", "xx_YY", "no locale", "../etc"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    assert code_of(money.format_money, 1, "EUR", locale) == "locale_unknown"


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1_486_049, "USD", "$14,860"),
        (1_486_050, "USD", "$14,860"),
        (1_486_150, "USD", "$14,862"),
        (150, "JPY", "¥150"),
    ],
)
def test_a_glance_leaves_out_the_small_change(amount: int, currency: str, written: str) -> None:
    assert money.format_money_whole(amount, currency, "en_US") == written
