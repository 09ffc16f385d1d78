"""Make and revoke personal API keys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from topline.access import queries
from topline.access.actions.doors import named_line
from topline.access.events import IdentityChanged
from topline.access.hashing import hash_token
from topline.access.models import ApiKey, SignIn
from topline.access.queries import KeyView
from topline.access.rules import API_KEY_LIMIT, CredentialKind, generate_token, token_hint
from topline.audit.actions import record
from topline.core.errors import Problem, invalid, not_found
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.transaction import Write

NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with its token, shown once."""

    key: KeyView
    token: str


def create_key(
    tx: Write, name: str, permissions: Sequence[str] | None = None, expires_at: datetime | None = None
) -> NewKey:
    """A key that may do what its maker may, or less: `permissions` narrows it, None does not.

    Raises 400 for an unknown permission, one the maker lacks, or an end in the past; 409 `conflict` when the maker
    has as many keys as anybody may have.
    """
    tx.actor.must(Permission.KEYS_OWN)
    person_id = tx.actor.person()
    narrowed = None if permissions is None else _narrowed(tx, permissions)
    if expires_at is not None and expires_at <= tx.now:
        raise invalid("expires_at", "in_past", "A key must end in the future.")
    _line_up(tx)
    if len(queries.keys(tx, person_id)) >= API_KEY_LIMIT:
        raise Problem("conflict", f"You have {API_KEY_LIMIT} keys. Revoke one that is no longer used.")
    token = generate_token(CredentialKind.API_KEY, secrets.token_urlsafe)
    key = KeyView(
        id=new_id(),
        name=named_line(name, NAME_MAX, "name"),
        prefix=token_hint(token),
        permissions=narrowed,
        created_at=tx.now,
        expires_at=expires_at,
        last_used_at=None,
    )
    tx.change(
        insert(ApiKey).values(
            organization_id=tx.organization_id,
            id=key.id,
            person_id=person_id,
            name=key.name,
            prefix=key.prefix,
            token_hash=hash_token(token),
            permissions=narrowed,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    record(tx, "api_key.created", "api_key", key.id, after={"name": key.name, "permissions": narrowed})
    return NewKey(key, token)


def revoke_key(tx: Write, key_id: UUID) -> None:
    """One of the caller's own keys opens nothing any more. Raises 404 for somebody else's."""
    tx.actor.must(Permission.KEYS_OWN)
    revoked = tx.change(
        update(ApiKey)
        .where(
            ApiKey.organization_id == tx.organization_id,
            ApiKey.id == key_id,
            ApiKey.person_id == tx.actor.person(),
            ApiKey.revoked_at.is_(None),
        )
        .values(revoked_at=tx.now)
    )
    if not revoked:
        raise not_found("API key")
    record(tx, "api_key.revoked", "api_key", key_id)
    tx.after_commit(IdentityChanged(tx.organization_id))


def _narrowed(tx: Write, permissions: Sequence[str]) -> list[str]:
    known = {permission.value: permission for permission in Permission}
    for name in permissions:
        if name not in known:
            raise invalid("permissions", "unknown", f"There is no permission {name[:60]!r}.")
        if not tx.actor.may(known[name]):
            raise invalid("permissions", "not_yours", f"You do not have the permission {name} yourself.")
    if not permissions:
        raise invalid("permissions", "empty", "Choose at least one permission.")
    return sorted(set(permissions))


def _line_up(tx: Write) -> None:
    """Hold the session the key is made in, so that two keys made at once see each other."""
    tx.execute(
        select(SignIn.id)
        .where(SignIn.organization_id == tx.organization_id, SignIn.id == tx.actor.credential_id)
        .with_for_update()
    )
