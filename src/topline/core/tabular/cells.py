"""From a cell to a value: dates, amounts, counts and texts. Nothing is guessed here; what is unclear is refused."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from topline.core.money import MoneyError, amount_from_number, parse_amount
from topline.core.tabular.table import Cell, is_blank
from topline.core.text import TextError, clean_line, clean_note, csv_safe, normalise_email

#: Excel counts days from here (its 29 February 1900 never was, which moves the first day of 1900 to the second).
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(36_526, 73_051)
_DATE: Final = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?", re.ASCII
)
_COMPACT: Final = re.compile(r"(20\d{2})(\d{2})(\d{2})", re.ASCII)
_INNER_GROUP: Final = re.compile("(?<=[0-9])[ '\u00a0\u2009\u202f\u2019](?=[0-9])")
_TO_ENGLISH: Final = str.maketrans(",.", ".,")
_ACCOUNTING: Final = re.compile(r"\((.+)\)|(.*[0-9]) ?[-\u2212]")

Choice = TypeVar("Choice")


class DateOrder(StrEnum):
    """In which order a written date has its day, month and year. A date that starts with its year is always clear."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


class DecimalSign(StrEnum):
    """Which sign stands before the cents; the other one, a blank or an apostrophe may group thousands."""

    POINT = "."
    COMMA = ","


class CellError(ValueError):
    """A cell that cannot be read. `code` is stable; the message is a sentence for a person.

    Codes: `date_invalid`, `amount_invalid`, `amount_too_precise`, `too_large`, `negative`, `count_invalid`,
    `looks_like_formula`, and those of `core.text`.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def read_date(cell: Cell, order: DateOrder) -> date:
    """The date in a cell: a spreadsheet's date or day number, `2026-03-04`, `20260304`, or as `order` says.

    A year of two digits is one of 2000 to 2099. A time of day behind the date is left out.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal):
        if cell == cell.to_integral_value() and int(cell) in _EXCEL_DAYS:
            return _EXCEL_EPOCH + timedelta(days=int(cell))
        cell = _number_text(cell)
    text = (cell or "").strip()
    parts = _COMPACT.fullmatch(text)
    match = _DATE.fullmatch(text)
    try:
        if parts is not None:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
        if match is not None:
            return _ordered(match[1], match[3], match[4], order)
    except ValueError:
        pass
    raise CellError("date_invalid", "This is not a date in the chosen format.")


def _ordered(first: str, second: str, third: str, order: DateOrder) -> date:
    """The date of three numbers. Raises ValueError when there is none."""
    if len(first) == 4:
        if len(third) > 2:
            raise ValueError
        return date(int(first), int(second), int(third))
    if len(first) > 2 or len(third) not in (2, 4) or order is DateOrder.YMD:
        raise ValueError
    year = int(third) + (2000 if len(third) == 2 else 0)
    day, month = (first, second) if order is DateOrder.DMY else (second, first)
    return date(year, int(month), int(day))


def read_amount(cell: Cell, currency: str, sign: DecimalSign) -> int:
    """Minor units, not below zero. A number of a spreadsheet is rounded to the coin; a text must be exact."""
    try:
        if isinstance(cell, Decimal):
            amount_minor = amount_from_number(cell, currency)
        elif isinstance(cell, str):
            amount_minor = parse_amount(_english(cell, sign), currency, "en")
        else:
            raise CellError("amount_invalid", "This is not an amount.")
    except MoneyError as error:
        codes = {"amount_too_precise": "amount_too_precise", "amount_too_large": "too_large"}
        raise CellError(codes.get(error.code, "amount_invalid"), str(error)) from None
    if amount_minor < 0:
        raise CellError("negative", "This must not be below zero.")
    return amount_minor


def read_count(cell: Cell, sign: DecimalSign, most: int) -> int:
    """A whole number from 0 to `most`; groups of thousands and an empty fraction (`12.0`) are fine."""
    number = cell
    if isinstance(cell, str):
        try:
            # The unit of account of a currency without coins: the same reading of groups, and no fraction.
            number = Decimal(parse_amount(_english(cell, sign), "JPY", "en"))
        except MoneyError as error:
            code = "too_large" if error.code == "amount_too_large" else "count_invalid"
            raise CellError(code, "This is not a whole number.") from None
    if not isinstance(number, Decimal) or number != number.to_integral_value():
        raise CellError("count_invalid", "This is not a whole number.")
    if number < 0:
        raise CellError("negative", "This must not be below zero.")
    if number > most:
        raise CellError("too_large", f"At most {most}.")
    return int(number)


def read_line(cell: Cell, max_length: int) -> str:
    """One line of text. A text a spreadsheet would run as a formula is refused: no name begins with `=`."""
    return _text(cell, lambda text: clean_line(text, max_length), refuse_formula=True)


def read_note(cell: Cell, max_length: int) -> str:
    """Text of several lines. It may begin with a dash; what leaves again for a spreadsheet is made harmless there."""
    return _text(cell, lambda text: clean_note(text, max_length), refuse_formula=False)


def read_email(cell: Cell) -> str:
    """An e-mail address in lower case."""
    return _text(cell, normalise_email, refuse_formula=True)


def date_orders(cells: Iterable[Cell]) -> tuple[DateOrder, ...]:
    """The orders in which all these dates can be read; cells that no order reads are left out.

    One: that is it. Two: nobody can tell 03/04 from 04/03, a person must choose. None: they contradict each other.
    With points between the numbers the day comes first. Dates that need no order give `YMD`.
    """

    def readable(cell: Cell) -> set[DateOrder]:
        orders = _those_that(list(DateOrder), lambda order: read_date(cell, order))
        if isinstance(cell, str) and "." in cell and DateOrder.DMY in orders and DateOrder.YMD not in orders:
            return {DateOrder.DMY}
        return orders

    left = _common(readable(cell) for cell in cells if not is_blank(cell))
    return (DateOrder.YMD,) if left is None or DateOrder.YMD in left else tuple(sorted(left))


def decimal_signs(cells: Iterable[Cell], currency: str) -> tuple[DecimalSign, ...]:
    """The signs with which all these amounts can be read; two when nothing tells them apart.

    An amount with too many decimals (`1.200` euros) counts as read: taking the sign for one of thousands would be a
    guess by a factor of a thousand.
    """

    def readable(cell: str) -> set[DecimalSign]:
        return _those_that(
            list(DecimalSign), lambda sign: read_amount(cell, currency, sign), also="amount_too_precise"
        )

    left = _common(readable(cell) for cell in cells if isinstance(cell, str) and not is_blank(cell))
    return tuple(DecimalSign) if left is None else tuple(sign for sign in DecimalSign if sign in left)


def _those_that(choices: list[Choice], read: Callable[[Choice], object], also: str = "") -> set[Choice]:
    """The choices with which it can be read, or fails with no other code than `also`."""
    found = set()
    for choice in choices:
        try:
            read(choice)
        except CellError as error:
            if error.code != also:
                continue
        found.add(choice)
    return found


def _common(sets: Iterable[set[Choice]]) -> set[Choice] | None:
    """What all sets that are not empty have in common; None when there is no such set."""
    common: set[Choice] | None = None
    for found in sets:
        if found:
            common = found if common is None else common & found
    return common


def _english(text: str, sign: DecimalSign) -> str:
    """The amount with a point before the cents and commas between thousands, and a minus in front."""
    text = _INNER_GROUP.sub("," if sign is DecimalSign.POINT else ".", text.strip())
    accounting = _ACCOUNTING.fullmatch(text)
    if accounting is not None:
        text = "-" + (accounting[1] or accounting[2]).strip()
    return text.translate(_TO_ENGLISH) if sign is DecimalSign.COMMA else text


def _text(cell: Cell, clean: Callable[[str], str], *, refuse_formula: bool) -> str:
    if isinstance(cell, Decimal):
        cell = _number_text(cell)
    elif isinstance(cell, date):
        cell = cell.isoformat()
    text = cell or ""
    if refuse_formula and csv_safe(text.strip()) != text.strip():
        raise CellError("looks_like_formula", "This begins like a spreadsheet formula.")
    try:
        return clean(text)
    except TextError as error:
        raise CellError(error.code, str(error)) from None


def _number_text(number: Decimal) -> str:
    """A number as a person would write it: 1042, not 1042.0 or 1.042E+3."""
    text = f"{number:f}" if abs(number.adjusted()) < 40 else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
