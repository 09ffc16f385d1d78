"""Read when and where somebody signed in, or was refused, and the link with which they set a new password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select

from topline.access.hashing import hash_token
from topline.access.models import Device, PasswordLink, SignIn, SignInRefusal
from topline.access.rules import CredentialKind, browser_name, token_kind
from topline.core.sight import Door
from topline.core.transaction import Read
from topline.people.models import Person

#: Newest first; older ones are in the audit trail.
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One sign-in, or one try that was refused. `method` is what was shown, `browser` what it was shown with."""

    at: datetime
    opened: bool
    method: str
    browser: str
    device_name: str | None
    address: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that is still good."""

    organization_id: UUID
    id: UUID
    person_id: UUID
    name: str
    expires_at: datetime


def sign_in_history(tx: Read, person_id: UUID) -> list[HistoryRow]:
    """The newest fifty of a person of the caller's house."""
    opened = tx.execute(
        select(SignIn.created_at, SignIn.method, SignIn.agent, Device.name, SignIn.address)
        .outerjoin(
            Device, and_(Device.organization_id == SignIn.organization_id, Device.id == SignIn.device_id)
        )
        .where(SignIn.organization_id == tx.organization_id, SignIn.person_id == person_id)
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(SHOWN)
    )
    rows = [
        HistoryRow(at, True, method, browser_name(agent), device, address)
        for at, method, agent, device, address in opened
    ]
    refused = tx.execute(
        select(
            SignInRefusal.at, SignInRefusal.method, SignInRefusal.agent, Device.name, SignInRefusal.address
        )
        .outerjoin(
            Device,
            and_(
                Device.organization_id == SignInRefusal.organization_id, Device.id == SignInRefusal.device_id
            ),
        )
        .where(SignInRefusal.organization_id == tx.organization_id, SignInRefusal.person_id == person_id)
        .order_by(SignInRefusal.at.desc(), SignInRefusal.id.desc())
        .limit(SHOWN)
    )
    rows += [
        HistoryRow(at, False, method, browser_name(agent), device, address)
        for at, method, agent, device, address in refused
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:SHOWN]


def password_link(tx: Read, token: str) -> LinkView | None:
    """Whose link this is; None for one that is unknown, used, replaced or over. The token says which house."""
    if token_kind(token) is not CredentialKind.PASSWORD_LINK:
        return None
    with tx.through(Door.CREDENTIALS):
        row = tx.execute(
            select(
                PasswordLink.organization_id,
                PasswordLink.id,
                PasswordLink.person_id,
                Person.display_name,
                PasswordLink.expires_at,
            )
            .join(
                Person,
                and_(
                    Person.organization_id == PasswordLink.organization_id,
                    Person.id == PasswordLink.person_id,
                ),
            )
            .where(
                PasswordLink.token_hash == hash_token(token),
                PasswordLink.ended_at.is_(None),
                PasswordLink.expires_at > tx.now,
                Person.active,
            )
        ).one_or_none()
    return None if row is None else LinkView(*row)
