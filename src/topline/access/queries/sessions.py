"""Read sessions, API keys, and whether this installation was set up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from topline.access.models import ApiKey, Device, SignIn
from topline.access.rules import (
    BROWSER_ABSOLUTE,
    SessionKind,
    browser_name,
    is_session_alive,
    session_expires_at,
)
from topline.core.errors import not_found
from topline.core.sight import Door
from topline.core.transaction import Read
from topline.organizations.models import Installation, Organization


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session, open or ended. `device_name` is the tablet it was opened on."""

    id: UUID
    person_id: UUID
    kind: SessionKind
    device_id: UUID | None
    device_name: str | None
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    address: str
    agent: str

    @property
    def browser(self) -> str:
        """What it was opened with, in words."""
        return browser_name(self.agent)

    @property
    def expires_at(self) -> datetime:
        """When it ends if nothing more is heard of it."""
        return session_expires_at(self.kind, self.created_at, self.last_seen_at)


@dataclass(frozen=True, slots=True)
class KeyView:
    """An API key as its owner sees it: never its token. `permissions` None means all of the owner's."""

    id: UUID
    name: str
    prefix: str
    permissions: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def open_sessions(tx: Read, person_id: UUID) -> list[SessionView]:
    """A person's sessions that still count, the newest first, at most 100."""
    rows = tx.execute(
        _sessions(tx)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.created_at > tx.now - BROWSER_ABSOLUTE,
            or_(SignIn.device_id.is_(None), Device.revoked_at.is_(None)),
        )
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(100)
    )
    found = [_session(row) for row in rows]
    return [s for s in found if is_session_alive(s.kind, s.created_at, s.last_seen_at, tx.now)]


def own_session(tx: Read) -> SessionView:
    """The session the caller came with. Raises 404 when they came with a key or a device."""
    row = tx.execute(_sessions(tx).where(SignIn.id == tx.actor.credential_id)).one_or_none()
    if row is None:
        raise not_found("session")
    return _session(row)


def tablet_session(tx: Read, session_id: UUID, device_id: UUID) -> SessionView | None:
    """A session that was opened on this very tablet, open or ended: under it a queue of taps is attributed."""
    row = tx.execute(
        _sessions(tx).where(SignIn.id == session_id, SignIn.device_id == device_id)
    ).one_or_none()
    return None if row is None else _session(row)


def keys(tx: Read, person_id: UUID) -> list[KeyView]:
    """A person's API keys that were not revoked, the newest first; their number is limited."""
    rows = tx.execute(
        select(
            ApiKey.id,
            ApiKey.name,
            ApiKey.prefix,
            ApiKey.permissions,
            ApiKey.created_at,
            ApiKey.expires_at,
            ApiKey.last_used_at,
        )
        .where(
            ApiKey.organization_id == tx.organization_id,
            ApiKey.person_id == person_id,
            ApiKey.revoked_at.is_(None),
        )
        .order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
        .limit(100)
    )
    return [KeyView(*row) for row in rows]


def is_set_up(tx: Read) -> bool:
    """Whether there is an organization on this installation, made by the first run or otherwise."""
    claimed = tx.execute(select(exists(select(Installation.id)))).scalar_one()
    return bool(claimed) or organizations_exist(tx)


def organizations_exist(tx: Read) -> bool:
    """Whether there is an organization, however it came here (the first run, the demo, a restore)."""
    with tx.through(Door.HOUSES):
        return bool(tx.execute(select(exists(select(Organization.id)))).scalar_one())


def _sessions(tx: Read) -> Any:
    return (
        select(
            SignIn.id,
            SignIn.person_id,
            SignIn.kind,
            SignIn.device_id,
            Device.name,
            SignIn.created_at,
            SignIn.last_seen_at,
            SignIn.ended_at,
            SignIn.address,
            SignIn.agent,
        )
        .outerjoin(
            Device, and_(Device.organization_id == SignIn.organization_id, Device.id == SignIn.device_id)
        )
        .where(SignIn.organization_id == tx.organization_id)
    )


def _session(row: Any) -> SessionView:
    session_id, person_id, kind, *rest = row
    return SessionView(session_id, person_id, SessionKind(kind), *rest)
