"""From a credential to an actor. These few reads come before the organization is known; everything else is scoped."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, and_, bindparam, exists, or_, select

from topline.access.models import ApiKey, Authenticator, Device, Passkey, Password, SignIn
from topline.access.rules import CredentialKind, SessionKind, is_session_alive, must_have_factor
from topline.core.actor import Actor, ActorKind, Owes
from topline.core.permissions import OF_DISPLAY, OF_GROUP, OF_TABLET, Group, Permission
from topline.core.sight import Door
from topline.core.transaction import Read
from topline.organizations.models import Organization
from topline.people.models import Person, Role

_ROLE = and_(Role.organization_id == Person.organization_id, Role.id == Person.role_id)
_SECOND_FACTOR = Organization.settings["access"]["second_factor"].as_string().label("second_factor")
_HASH = bindparam("token_hash", type_=LargeBinary)

# Written once: nearly every request that was quiet for a second asks one of these.
_SESSION: Final = (
    select(
        SignIn.organization_id,
        SignIn.id,
        SignIn.kind,
        SignIn.device_id,
        SignIn.created_at,
        SignIn.last_seen_at,
        SignIn.confirmed_at,
        Device.location_id,
        Device.revoked_at,
        Person.display_name,
        Person.id.label("person_id"),
        Person.role_id,
        Role.group,
        Password.must_change,
        _SECOND_FACTOR,
    )
    .join(Organization, Organization.id == SignIn.organization_id)
    .join(Person, and_(Person.organization_id == SignIn.organization_id, Person.id == SignIn.person_id))
    .join(Role, _ROLE)
    .outerjoin(Device, and_(Device.organization_id == SignIn.organization_id, Device.id == SignIn.device_id))
    .outerjoin(
        Password,
        and_(Password.organization_id == SignIn.organization_id, Password.person_id == SignIn.person_id),
    )
    .where(SignIn.token_hash == _HASH, SignIn.ended_at.is_(None), Person.active)
)
_KEY: Final = (
    select(
        ApiKey.organization_id,
        ApiKey.id,
        ApiKey.permissions,
        ApiKey.expires_at,
        Person.display_name,
        Person.id.label("person_id"),
        Person.role_id,
        Role.group,
        _SECOND_FACTOR,
    )
    .join(Organization, Organization.id == ApiKey.organization_id)
    .join(Person, and_(Person.organization_id == ApiKey.organization_id, Person.id == ApiKey.person_id))
    .join(Role, _ROLE)
    .where(ApiKey.token_hash == _HASH, ApiKey.revoked_at.is_(None), Person.active)
)
_DEVICE: Final = select(
    Device.organization_id, Device.id, Device.kind, Device.name, Device.location_id
).where(Device.token_hash == _HASH, Device.revoked_at.is_(None))


def actor_of_token(tx: Read, kind: CredentialKind, token_hash: bytes) -> Actor | None:
    """Who shows this token; None when it is unknown, ended, revoked, expired, or its person is no longer active."""
    find = {CredentialKind.SESSION: _of_session, CredentialKind.API_KEY: _of_key}.get(kind, _of_device)
    with tx.through(Door.CREDENTIALS):
        return find(tx, token_hash)


def device_actor(tx: Read, token_hash: bytes) -> Actor | None:
    """The tablet or display behind a device token, None when unknown or revoked."""
    with tx.through(Door.CREDENTIALS):
        return _of_device(tx, token_hash)


def _of_session(tx: Read, token_hash: bytes) -> Actor | None:
    row = tx.execute(_SESSION, {"token_hash": token_hash}).one_or_none()
    if row is None or row.revoked_at is not None:
        return None
    if not is_session_alive(SessionKind(row.kind), row.created_at, row.last_seen_at, tx.now):
        return None
    permissions = OF_GROUP[Group(row.group)]
    if row.kind == SessionKind.TABLET:
        # A PIN of four digits on a shared screen opens the own day, never the office.
        permissions = OF_GROUP[Group.STAFF]
        owes = None
    else:
        owes = Owes.NEW_PASSWORD if row.must_change else _owed_factor(tx, row)
    return _person(
        row,
        row.id,
        permissions,
        device_id=row.device_id,
        location_id=row.location_id,
        owes=owes,
        confirmed_at=row.confirmed_at,
    )


def _owed_factor(tx: Read, row: Any) -> Owes | None:
    """Whether a second step must be set up first. Asked of the few whom it may concern."""
    if not must_have_factor(Group(row.group), row.second_factor == "required"):
        return None
    has_one = tx.execute(
        select(
            or_(
                *(
                    exists().where(
                        table.organization_id == row.organization_id, table.person_id == row.person_id
                    )
                    for table in (Authenticator, Passkey)
                )
            )
        )
    ).scalar_one()
    return None if has_one else Owes.SECOND_FACTOR


def _of_key(tx: Read, token_hash: bytes) -> Actor | None:
    row = tx.execute(_KEY, {"token_hash": token_hash}).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= tx.now):
        return None
    permissions = OF_GROUP[Group(row.group)]
    if row.permissions is not None:
        permissions &= {Permission(name) for name in row.permissions}
    # A key cannot make further keys: a leaked one would otherwise outlive its revocation.
    # And it waits for the second step like its person: it may be older than the rule.
    return _person(
        row, row.id, permissions - {Permission.KEYS_OWN}, is_api_key=True, owes=_owed_factor(tx, row)
    )


def _of_device(tx: Read, token_hash: bytes) -> Actor | None:
    row = tx.execute(_DEVICE, {"token_hash": token_hash}).one_or_none()
    if row is None:
        return None
    tablet = row.kind == "tablet"
    return Actor(
        kind=ActorKind.TABLET if tablet else ActorKind.DISPLAY,
        organization_id=row.organization_id,
        permissions=OF_TABLET if tablet else OF_DISPLAY,
        label=row.name,
        device_id=row.id,
        credential_id=row.id,
        location_id=row.location_id,
    )


def _person(
    row: Any,
    credential_id: UUID,
    permissions: frozenset[Permission],
    *,
    device_id: UUID | None = None,
    location_id: UUID | None = None,
    is_api_key: bool = False,
    owes: Owes | None = None,
    confirmed_at: datetime | None = None,
) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        organization_id=row.organization_id,
        permissions=permissions,
        label=row.display_name,
        person_id=row.person_id,
        device_id=device_id,
        credential_id=credential_id,
        role_id=row.role_id,
        location_id=location_id,
        group=Group(row.group),
        is_api_key=is_api_key,
        owes=owes,
        confirmed_at=confirmed_at,
    )
