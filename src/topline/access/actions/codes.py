"""Codes of the second factor: compare one, make ten for the day the phone is lost."""

import secrets
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from topline.access.hashing import hash_token
from topline.access.models import Authenticator, RecoveryCode
from topline.access.rules import (
    RECOVERY_CODES,
    format_recovery_code,
    generate_recovery_code,
    is_authenticator_code,
    matching_step,
    plain_code,
)
from topline.access.sealing import Seal, Sealed
from topline.audit.actions import record
from topline.core.ids import new_id
from topline.core.transaction import Write


def check_code(tx: Write, seal: Seal, person_id: UUID, typed: str) -> str | None:
    """What a typed code is: `authenticator`, `recovery_code`, or None for a wrong one. A right one is used up."""
    code = plain_code(typed)
    if is_authenticator_code(code):
        return "authenticator" if _is_of_authenticator(tx, seal, person_id, code) else None
    return "recovery_code" if _is_recovery_code(tx, person_id, code) else None


def make_recovery_codes(tx: Write, person_id: UUID) -> list[str]:
    """Ten new codes as they are shown, this once; those before them are over."""
    forget_recovery_codes(tx, person_id)
    codes = [generate_recovery_code(secrets) for _ in range(RECOVERY_CODES)]
    row = {"organization_id": tx.organization_id, "person_id": person_id, "created_at": tx.now}
    tx.change(
        insert(RecoveryCode), [{**row, "id": new_id(), "code_hash": hash_token(code)} for code in codes]
    )
    return [format_recovery_code(code) for code in codes]


def forget_recovery_codes(tx: Write, person_id: UUID) -> None:
    """No recovery code of this person opens anything any more."""
    tx.change(
        delete(RecoveryCode).where(
            RecoveryCode.organization_id == tx.organization_id, RecoveryCode.person_id == person_id
        )
    )


def _is_of_authenticator(tx: Write, seal: Seal, person_id: UUID, code: str) -> bool:
    mine = (Authenticator.organization_id == tx.organization_id, Authenticator.person_id == person_id)
    row = tx.execute(
        select(Authenticator.sealed, Authenticator.key_id, Authenticator.last_step).where(*mine)
    ).one_or_none()
    if row is None:
        return False
    sealed = Sealed(row.sealed, row.key_id)
    secret = seal.open(person_id, sealed)
    step = matching_step(secret.decode("ascii"), code, tx.now, row.last_step)
    if step is None:
        return False
    if seal.is_stale(sealed):
        sealed = seal.close(person_id, secret)
    # Compared once more in the statement: of two who show the same code at once, one gets in.
    return bool(
        tx.change(
            update(Authenticator)
            .where(*mine, Authenticator.last_step < step)
            .values(last_step=step, last_used_at=tx.now, sealed=sealed.text, key_id=sealed.key_id)
        )
    )


def _is_recovery_code(tx: Write, person_id: UUID, code: str) -> bool:
    used = tx.change(
        update(RecoveryCode)
        .where(
            RecoveryCode.organization_id == tx.organization_id,
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == hash_token(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=tx.now)
    )
    if used:
        record(tx, "factor.recovery_code_used", "person", person_id)
    return bool(used)
