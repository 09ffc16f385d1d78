"""The form of a day: what was typed as figures, and figures as they are typed, in the house's way of writing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from topline.core.errors import FieldError, Problem
from topline.core.ids import parse_id
from topline.core.money import MoneyError, format_money, parse_amount
from topline.organizations.queries import OrganizationView
from topline.results.actions import DayValues
from topline.results.queries import FIGURES, MOST_SHARES, EntryImage
from topline.results.rules import Figures, Share

MONEY: Final = ("revenue_minor", "room_revenue_minor")
#: A currency without coins: its amounts are whole numbers with the language's groups of thousands.
_WHOLE: Final = "JPY"
_PERSON: Final = re.compile(r"person_(\d{1,4})")


@dataclass(frozen=True, slots=True)
class TypedShare:
    """One line of the table of persons, as typed."""

    number: int
    person_id: str
    revenue: str
    covers: str


def values_of(fields: Mapping[str, Any], organization: OrganizationView) -> DayValues:
    """The figures that were typed. Raises 400 naming every field that is none."""
    errors: list[FieldError] = []

    def read(name: str, currency: str) -> int | None:
        text = str(fields.get(name) or "").strip()
        if not text:
            return None
        try:
            return _number(text, currency, organization.locale)
        except MoneyError as error:
            what = str(error) if currency != _WHOLE else "This is not a whole number."
            errors.append(FieldError(name, error.code, what))
            return None

    figures = {name: read(name, organization.currency if name in MONEY else _WHOLE) for name in FIGURES}
    shares: list[Share] = []
    for line in shares_typed(fields):
        revenue_minor = read(f"person_revenue_{line.number}", organization.currency)
        covers = read(f"person_covers_{line.number}", _WHOLE)
        person_id = parse_id(line.person_id)
        if person_id is None:
            if line.revenue or line.covers:
                errors.append(FieldError(f"person_{line.number}", "missing", "Choose who this is."))
            continue
        shares.append(Share(person_id, revenue_minor or 0, covers or 0))
    if len(shares) > MOST_SHARES:
        errors.append(FieldError("people", "too_many", f"At most {MOST_SHARES} people."))
    if errors:
        raise Problem("invalid_input", errors[0].message, fields=tuple(errors))
    return DayValues(Figures(**figures), str(fields.get("notes") or ""), tuple(shares))


def shares_typed(fields: Mapping[str, Any]) -> list[TypedShare]:
    """The lines of the table of persons in their order; empty ones are left out."""
    numbers = sorted(int(match[1]) for name in fields if (match := _PERSON.fullmatch(name)))
    lines = [
        TypedShare(
            number,
            str(fields.get(f"person_{number}") or ""),
            str(fields.get(f"person_revenue_{number}") or "").strip(),
            str(fields.get(f"person_covers_{number}") or "").strip(),
        )
        for number in numbers[: MOST_SHARES + 1]
    ]
    return [line for line in lines if line.person_id or line.revenue or line.covers]


def typed_from(image: EntryImage, organization: OrganizationView) -> dict[str, str]:
    """An entry as somebody would type it."""
    typed = {name: _text(getattr(image.figures, name), name in MONEY, organization) for name in FIGURES}
    typed["notes"] = image.notes
    for number, share in enumerate(image.shares):
        typed[f"person_{number}"] = str(share.person_id)
        typed[f"person_revenue_{number}"] = _text(share.revenue_minor, True, organization)
        typed[f"person_covers_{number}"] = _text(share.covers, False, organization)
    return typed


def field_errors(problem: Problem, fields: Mapping[str, Any]) -> dict[str, str]:
    """What to print under each field; those of persons are led back to their line."""
    lines = [line for line in shares_typed(fields) if _is_id(line.person_id)]
    found: dict[str, str] = {}
    for error in problem.fields:
        parts = error.field.split(".")
        name = error.field
        if parts[0] == "people" and len(parts) == 3 and parts[1].isdecimal() and int(parts[1]) < len(lines):
            line = lines[int(parts[1])].number
            names = {"person_id": "person", "revenue_minor": "person_revenue", "covers": "person_covers"}
            name = f"{names.get(parts[2], 'person')}_{line}"
        found.setdefault(name, error.message)
    return found


def _number(text: str, currency: str, locale: str) -> int:
    """As the house's language writes it; else in any way that can be meant in one way only."""
    try:
        return parse_amount(text, currency, locale)
    except MoneyError as error:
        if error.code != "amount_malformed":
            raise
        return parse_amount(text, currency)


def _text(value: int | None, is_money: bool, organization: OrganizationView) -> str:
    if value is None:
        return ""
    currency = organization.currency if is_money else _WHOLE
    return format_money(value, currency, organization.locale, with_symbol=False)


def _is_id(text: str) -> UUID | None:
    return parse_id(text)
