"""Open and end sessions, and note when a credential was last seen."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, or_, update

from topline.access.actions.doors import Caller
from topline.access.events import IdentityChanged
from topline.access.hashing import hash_token
from topline.access.models import ApiKey, Device, SignIn
from topline.access.rules import CredentialKind, SessionKind, generate_token, session_expires_at
from topline.audit.actions import record
from topline.core.errors import not_found
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.transaction import Write

#: A credential's "last seen" may be this old before it is written again.
SEEN_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. The token goes into a cookie and nowhere else."""

    session_id: UUID
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A credential that was shown. `kind` tells its table."""

    kind: CredentialKind
    organization_id: UUID
    id: UUID


def open_session(
    tx: Write,
    person_id: UUID,
    kind: SessionKind,
    device_id: UUID | None = None,
    *,
    caller: Caller,
    method: str,
) -> Opened:
    """A new session of a person of the caller's house. On a tablet it ends the one before: one screen, one person.

    `method` is what was shown for it; `caller` is where.
    """
    if device_id is not None:
        _end(tx, SignIn.device_id == device_id, reason="replaced")
    session_id = new_id()
    token = generate_token(CredentialKind.SESSION, secrets.token_urlsafe)
    tx.change(
        insert(SignIn).values(
            organization_id=tx.organization_id,
            id=session_id,
            person_id=person_id,
            device_id=device_id,
            kind=kind.value,
            token_hash=hash_token(token),
            created_at=tx.now,
            last_seen_at=tx.now,
            method=method,
            address=caller.address,
            agent=caller.agent,
            confirmed_at=tx.now,
        )
    )
    return Opened(session_id, token, session_expires_at(kind, tx.now, tx.now))


def sign_out(tx: Write) -> None:
    """End the session the caller came with. An API key or a device has none: nothing happens."""
    tx.actor.must(Permission.SELF)
    if _end(tx, SignIn.id == tx.actor.credential_id, reason="signed_out"):
        record(tx, "session.signed_out", "person", tx.actor.person_id)


def sign_out_everywhere(tx: Write) -> int:
    """End every session of the caller, this one too. Returns how many."""
    tx.actor.must(Permission.SELF)
    person_id = tx.actor.person()
    ended = _end(tx, SignIn.person_id == person_id, reason="signed_out_everywhere")
    record(tx, "session.ended_everywhere", "person", person_id, after={"sessions": ended})
    return ended


def end_own_session(tx: Write, session_id: UUID) -> None:
    """End one of the caller's own sessions. Raises 404 for somebody else's or one that is over."""
    tx.actor.must(Permission.SELF)
    mine = _end(
        tx, SignIn.id == session_id, SignIn.person_id == tx.actor.person(), reason="signed_out_elsewhere"
    )
    if not mine:
        raise not_found("session")
    record(tx, "session.ended", "session", session_id)


def end_sessions(tx: Write, person_id: UUID, reason: str, *, keep: UUID | None = None) -> int:
    """End a person's sessions because something about them changed (`reason`, at most 30 characters).

    `keep` is the session the change was made in. Returns how many ended.
    """
    ended = _end(tx, SignIn.person_id == person_id, SignIn.id != keep, reason=reason)
    if ended:
        record(tx, "session.ended_all", "person", person_id, after={"reason": reason, "sessions": ended})
    # What the person may do changed even if no session was open: an API key asks the same tables.
    tx.after_commit(IdentityChanged(tx.organization_id))
    return ended


def end_device_sessions(tx: Write, device_id: UUID, reason: str) -> int:
    """End whatever session is open on a tablet. Returns how many."""
    return _end(tx, SignIn.device_id == device_id, reason=reason)


def touch(tx: Write, seen: Mapping[Seen, datetime]) -> int:
    """Write when credentials were last seen, each at most every five minutes. Returns how many rows it wrote."""
    tx.among({one.organization_id for one in seen})
    return sum(
        _touch(tx, table, column, [(one, at) for one, at in seen.items() if one.kind in kinds])
        for table, column, kinds in (
            (SignIn, SignIn.last_seen_at, {CredentialKind.SESSION}),
            (Device, Device.last_seen_at, {CredentialKind.DEVICE, CredentialKind.DISPLAY}),
            (ApiKey, ApiKey.last_used_at, {CredentialKind.API_KEY}),
        )
    )


def _touch(tx: Write, table: type[Any], column: Any, seen: list[tuple[Seen, datetime]]) -> int:
    statement = (
        update(table)
        .where(
            table.organization_id == bindparam("house"),
            table.id == bindparam("one"),
            or_(column.is_(None), column <= bindparam("before")),
        )
        .values({column: bindparam("at")})
    )
    return sum(
        tx.change(
            statement, {"house": one.organization_id, "one": one.id, "before": at - SEEN_EVERY, "at": at}
        )
        for one, at in seen
    )


def _end(tx: Write, *which: Any, reason: str) -> int:
    ended = tx.change(
        update(SignIn)
        .where(SignIn.organization_id == tx.organization_id, SignIn.ended_at.is_(None), *which)
        .values(ended_at=tx.now, end_reason=reason)
    )
    if ended:
        tx.after_commit(IdentityChanged(tx.organization_id))
    return ended
