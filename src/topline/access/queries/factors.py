"""Read what somebody can show besides their password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select

from topline.access.models import Authenticator, Passkey, RecoveryCode
from topline.core.sight import Door
from topline.core.transaction import Read

_STORED: Final = (
    Passkey.organization_id,
    Passkey.id,
    Passkey.person_id,
    Passkey.credential_id,
    Passkey.public_key,
    Passkey.sign_count,
)
#: The ways of the second step, in the order in which a page offers them.
PASSKEY, AUTHENTICATOR, RECOVERY_CODE = "passkey", "authenticator", "recovery_code"


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey in a list."""

    id: UUID
    name: str
    backed_up: bool
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey with what it takes to check an answer of it."""

    organization_id: UUID
    id: UUID
    person_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class FactorsView:
    """Somebody's second factors: the authenticator app, passkeys, and how many recovery codes are left."""

    authenticator_added_at: datetime | None
    authenticator_used_at: datetime | None
    passkeys: list[PasskeyView]
    recovery_codes_left: int

    @property
    def count(self) -> int:
        """How many there are; recovery codes are none, they only stand in for one."""
        return len(self.passkeys) + (self.authenticator_added_at is not None)


def factors(tx: Read, person_id: UUID) -> FactorsView:
    """The factors of a person of the caller's house; none for anybody else."""
    app = tx.execute(
        select(Authenticator.added_at, Authenticator.last_used_at).where(
            Authenticator.organization_id == tx.organization_id, Authenticator.person_id == person_id
        )
    ).one_or_none()
    return FactorsView(
        authenticator_added_at=app.added_at if app else None,
        authenticator_used_at=app.last_used_at if app else None,
        passkeys=passkeys(tx, person_id),
        recovery_codes_left=recovery_codes_left(tx, person_id),
    )


def passkeys(tx: Read, person_id: UUID) -> list[PasskeyView]:
    """A person's passkeys, oldest first; their number is limited."""
    rows = tx.execute(
        select(Passkey.id, Passkey.name, Passkey.backed_up, Passkey.added_at, Passkey.last_used_at)
        .where(Passkey.organization_id == tx.organization_id, Passkey.person_id == person_id)
        .order_by(Passkey.added_at, Passkey.id)
        .limit(100)
    )
    return [PasskeyView(*row) for row in rows]


def stored_passkeys(tx: Read, person_id: UUID) -> list[StoredPasskey]:
    """A person's passkeys, to be asked for."""
    rows = tx.execute(
        select(*_STORED)
        .where(Passkey.organization_id == tx.organization_id, Passkey.person_id == person_id)
        .limit(100)
    )
    return [StoredPasskey(*row) for row in rows]


def passkey_of(tx: Read, credential_id: bytes) -> StoredPasskey | None:
    """The passkey a browser names, in whichever house; None when it is unknown."""
    with tx.through(Door.CREDENTIALS):
        row = tx.execute(select(*_STORED).where(Passkey.credential_id == credential_id)).one_or_none()
    return None if row is None else StoredPasskey(*row)


def recovery_codes_left(tx: Read, person_id: UUID) -> int:
    """How many recovery codes were not used yet."""
    left: int = tx.execute(
        select(func.count())
        .select_from(RecoveryCode)
        .where(
            RecoveryCode.organization_id == tx.organization_id,
            RecoveryCode.person_id == person_id,
            RecoveryCode.used_at.is_(None),
        )
    ).scalar_one()
    return left


def authenticators_by_pepper(tx: Read) -> dict[int, int]:
    """How many of the house's authenticator apps are sealed with each version of the pepper."""
    rows = tx.execute(
        select(Authenticator.key_id, func.count().label("apps"))
        .where(Authenticator.organization_id == tx.organization_id)
        .group_by(Authenticator.key_id)
    )
    return {int(row.key_id): row.apps for row in rows}


def factor_ways(tx: Read, person_id: UUID) -> list[str]:
    """How a person can take the second step; empty when they have no second factor."""
    keys = exists().where(Passkey.organization_id == tx.organization_id, Passkey.person_id == person_id)
    app = exists().where(
        Authenticator.organization_id == tx.organization_id, Authenticator.person_id == person_id
    )
    codes = exists().where(
        RecoveryCode.organization_id == tx.organization_id,
        RecoveryCode.person_id == person_id,
        RecoveryCode.used_at.is_(None),
    )
    row = tx.execute(
        select(
            keys.label(PASSKEY),
            app.label(AUTHENTICATOR),
            codes.label(RECOVERY_CODE),
        )
    ).one()
    if not (row.passkey or row.authenticator):
        return []
    ways = (PASSKEY, row.passkey), (AUTHENTICATOR, row.authenticator), (RECOVERY_CODE, row.recovery_code)
    return [way for way, there in ways if there]
