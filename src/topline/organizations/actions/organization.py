"""Set the organization up, and change its name, language and settings."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, update

from topline.audit.actions import record
from topline.core.db import upsert
from topline.core.errors import Problem, about, invalid
from topline.core.money import MoneyError, currency_digits
from topline.core.permissions import Permission
from topline.core.text import clean_line
from topline.core.transaction import Write
from topline.organizations import queries
from topline.organizations.events import OrganizationChanged
from topline.organizations.models import Installation, Organization
from topline.organizations.settings import OrganizationSettings


def check_currency(currency: str) -> str:
    """An ISO 4217 code in capitals. Raises 400 for one Topline does not know."""
    code = currency.strip().upper()
    try:
        currency_digits(code)
    except MoneyError as error:
        raise invalid("currency", error.code, str(error)) from error
    return code


def claim_installation(tx: Write, organization_id: UUID) -> bool:
    """Be the one who sets this installation up. False when somebody was first: the only row is taken, for good."""
    claimed = tx.change(
        upsert(tx.dialect)(Installation)
        .values(id=1, organization_id=organization_id, created_at=tx.now)
        .on_conflict_do_nothing()
    )
    return claimed == 1


def create_organization(
    tx: Write, organization_id: UUID, *, name: str, currency: str, locale: str, is_demo: bool = False
) -> None:
    """The tenant's own row. Called once by set-up, whose actor already has this organization."""
    tx.change(
        insert(Organization).values(
            id=organization_id,
            name=about("name", clean_line, name, 100),
            currency=check_currency(currency),
            locale=locale,
            settings={},
            version=1,
            is_demo=is_demo,
            created_at=tx.now,
        )
    )
    record(
        tx,
        "organization.created",
        "organization",
        organization_id,
        after={"name": name, "currency": currency},
    )


def update_organization(
    tx: Write,
    *,
    version: int,
    name: str | None = None,
    locale: str | None = None,
    settings: OrganizationSettings | None = None,
) -> None:
    """Change name, language or settings. `version` is what the editor saw; another change in between is a 409."""
    tx.actor.must(Permission.ORGANIZATION_MANAGE)
    before = queries.organization(tx)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = about("name", clean_line, name, 100)
    if locale is not None:
        values["locale"] = about("locale", clean_line, locale, 20)
    if settings is not None:
        if settings.scoreboard.neutral_bp >= settings.scoreboard.winning_bp:
            raise invalid("settings.scoreboard.neutral_bp", "out_of_range", "Neutral begins below winning.")
        if settings.access != before.settings.access:
            _must_be_confirmed_person(tx)
        values["settings"] = msgspec.to_builtins(settings)
    old = {"name": before.name, "locale": before.locale, "settings": msgspec.to_builtins(before.settings)}
    changed = {key: value for key, value in values.items() if old[key] != value}
    if not changed:
        return
    touched = tx.change(
        update(Organization)
        .where(Organization.id == tx.organization_id, Organization.version == version)
        .values(**changed, version=version + 1)
    )
    if touched != 1:
        raise Problem("conflict", "Somebody else changed the settings in the meantime. Please look again.")
    record(
        tx,
        "organization.changed",
        "organization",
        tx.organization_id,
        before={key: old[key] for key in changed},
        after=changed,
    )
    tx.after_commit(OrganizationChanged(tx.organization_id))


def _must_be_confirmed_person(tx: Write) -> None:
    # Neither a key that leaked nor a browser left open may take the second step away from everybody.
    if tx.actor.is_api_key:
        raise Problem("forbidden", "How people get in is changed by somebody who signed in, not by a key.")
    tx.actor.must_be_confirmed(tx.now)
