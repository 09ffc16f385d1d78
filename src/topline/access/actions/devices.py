"""Enroll tablets, make displays, rename and revoke both."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Update, delete, insert, update

from topline.access import queries
from topline.access.actions import failures
from topline.access.actions.doors import Caller, Doors, in_words, named_line
from topline.access.actions.sessions import end_device_sessions
from topline.access.events import IdentityChanged
from topline.access.hashing import hash_token
from topline.access.limits import address_bucket, device_bucket
from topline.access.models import Device, EnrollmentCode
from topline.access.queries import DeviceView
from topline.access.rules import (
    ENROLLMENT_CODE_LIFE,
    CredentialKind,
    format_enrollment_code,
    generate_enrollment_code,
    generate_token,
    is_enrollment_code_alive,
    normalise_enrollment_code,
)
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.errors import Problem, invalid
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.transaction import Write
from topline.organizations import queries as organizations

NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to type into a tablet, as it is shown (`ABCD-2345`). It is stored hashed and never shown again."""

    id: UUID
    code: str
    location_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device with its token, which goes into a cookie or a link and nowhere else."""

    device: DeviceView
    token: str


def create_code(tx: Write, location_id: UUID | None = None, department_id: UUID | None = None) -> NewCode:
    """A code that turns one browser into a tablet of this house, once, within ten minutes."""
    tx.actor.must(Permission.DEVICES_MANAGE)
    house = organizations.location(tx, location_id) if location_id else organizations.main_location(tx)
    if department_id is not None:
        known = organizations.departments(tx, location_id=house.id)
        if department_id not in {department.id for department in known}:
            raise invalid("department_id", "unknown", "There is no such department in this house.")
    code = generate_enrollment_code(secrets)
    code_id = new_id()
    expires_at = tx.now + ENROLLMENT_CODE_LIFE
    tx.change(
        insert(EnrollmentCode).values(
            organization_id=tx.organization_id,
            id=code_id,
            code_hash=hash_token(code),
            location_id=house.id,
            department_id=department_id,
            created_by=tx.actor.person_id,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    record(tx, "device.code_made", "enrollment_code", code_id, after={"location": house.name})
    return NewCode(code_id, format_enrollment_code(code), house.name, expires_at)


def enroll(doors: Doors, caller: Caller, typed: str, name: str, old_token: str | None = None) -> NewDevice:
    """Make the browser that knows a living code a tablet.

    `old_token` is what its device cookie says: a tablet that was enrolled in the same house before stays the same
    device, so that taps still waiting on it keep their sessions. Raises 422 `enrollment_code_invalid`, 400 for the
    name, 429 `too_many_sign_ins` after too many wrong codes from one address.
    """
    name = named_line(name, NAME_MAX, "name")
    code = normalise_enrollment_code(typed)
    bucket = f"enroll:{address_bucket(caller.address)}"
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        wait, _ = failures.reserve(tx, {bucket: doors.limits.address})
        if wait:
            raise Problem(
                "too_many_sign_ins",
                f"Too many wrong codes. Please try again in {in_words(wait)}.",
                retry_after=wait,
            )
        made = _by_code(tx, hash_token(code), bucket, name, old_token) if code else None
    # Only now, so that the wrong try stays counted: a problem raised inside would undo it.
    if made is None:
        raise Problem(
            "enrollment_code_invalid",
            "This code is not valid, was used before, or is older than ten minutes.",
        )
    return made


def _by_code(tx: Write, code_hash: bytes, bucket: str, name: str, old_token: str | None) -> NewDevice | None:
    house = queries.house_of_code(tx, code_hash)
    if house is None:
        return None
    tx.become(system(house, "enrolment"))
    found = queries.usable_code(tx, code_hash)
    if found is None or not is_enrollment_code_alive(found.created_at, found.used_at, tx.now):
        return None
    failures.release(tx, [bucket], tx.now)
    return _make_tablet(tx, found, name, old_token)


def create_display(tx: Write, name: str, location_id: UUID | None = None) -> NewDevice:
    """A wall display. Its token is part of the link `/wall/<token>`."""
    tx.actor.must(Permission.DEVICES_MANAGE)
    house = organizations.location(tx, location_id) if location_id else organizations.main_location(tx)
    token = generate_token(CredentialKind.DISPLAY, secrets.token_urlsafe)
    device_id = new_id()
    tx.change(
        insert(Device).values(
            organization_id=tx.organization_id,
            id=device_id,
            kind="display",
            name=named_line(name, NAME_MAX, "name"),
            location_id=house.id,
            token_hash=hash_token(token),
            created_at=tx.now,
            created_by=tx.actor.person_id,
        )
    )
    made = queries.device(tx, device_id)
    record(tx, "device.created", "device", device_id, after=_audited(made))
    return NewDevice(made, token)


def renew_display(tx: Write, device_id: UUID) -> NewDevice:
    """A new link for a display; the old one stops working at once."""
    tx.actor.must(Permission.DEVICES_MANAGE)
    display = queries.device(tx, device_id)
    if display.kind != "display":
        raise invalid("device_id", "not_a_display", "Only a display has a link.")
    token = generate_token(CredentialKind.DISPLAY, secrets.token_urlsafe)
    tx.change(_device(tx, device_id).values(token_hash=hash_token(token)))
    record(tx, "device.link_renewed", "device", device_id)
    tx.after_commit(IdentityChanged(tx.organization_id))
    return NewDevice(display, token)


def rename_device(tx: Write, device_id: UUID, name: str) -> DeviceView:
    """Give a tablet or display another name."""
    tx.actor.must(Permission.DEVICES_MANAGE)
    before = queries.device(tx, device_id)
    cleaned = named_line(name, NAME_MAX, "name")
    if cleaned != before.name:
        tx.change(_device(tx, device_id).values(name=cleaned))
        record(
            tx, "device.renamed", "device", device_id, before={"name": before.name}, after={"name": cleaned}
        )
        tx.after_commit(IdentityChanged(tx.organization_id))
    return queries.device(tx, device_id)


def revoke_device(tx: Write, device_id: UUID) -> None:
    """A tablet or display opens nothing any more, and whoever is signed in on it is out. At once."""
    tx.actor.must(Permission.DEVICES_MANAGE)
    before = queries.device(tx, device_id)
    tx.change(_device(tx, device_id).values(revoked_at=tx.now))
    end_device_sessions(tx, device_id, "device_revoked")
    record(tx, "device.revoked", "device", device_id, before=_audited(before))
    tx.after_commit(IdentityChanged(tx.organization_id))


def forget_codes(tx: Write) -> int:
    """Drop codes of the house that expired a day ago; housekeeping."""
    return tx.change(
        delete(EnrollmentCode).where(
            EnrollmentCode.organization_id == tx.organization_id,
            EnrollmentCode.created_at < tx.now - 144 * ENROLLMENT_CODE_LIFE,
        )
    )


def _make_tablet(tx: Write, code: queries.CodeView, name: str, old_token: str | None) -> NewDevice:
    token = generate_token(CredentialKind.DEVICE, secrets.token_urlsafe)
    values = {
        "name": name,
        "location_id": code.location_id,
        "department_id": code.department_id,
        "token_hash": hash_token(token),
        "created_by": code.created_by,
        "last_seen_at": tx.now,
        "revoked_at": None,
    }
    device_id = queries.same_tablet(tx, hash_token(old_token)) if old_token else None
    if device_id is not None:
        tx.change(_device(tx, device_id).values(**values))
        end_device_sessions(tx, device_id, "enrolled_again")
        failures.clear(tx, device_bucket(device_id))
    else:
        device_id = new_id()
        key = {"organization_id": tx.organization_id, "id": device_id}
        tx.change(insert(Device).values(**key, kind="tablet", created_at=tx.now, **values))
    used = tx.change(
        update(EnrollmentCode)
        .where(
            EnrollmentCode.organization_id == tx.organization_id,
            EnrollmentCode.id == code.id,
            EnrollmentCode.used_at.is_(None),
        )
        .values(used_at=tx.now, device_id=device_id)
    )
    if used != 1:
        raise Problem("enrollment_code_invalid", "This code was used in the meantime.")
    made = queries.device(tx, device_id)
    record(tx, "device.enrolled", "device", device_id, after=_audited(made))
    tx.after_commit(IdentityChanged(tx.organization_id))
    return NewDevice(made, token)


def _device(tx: Write, device_id: UUID) -> Update:
    return update(Device).where(Device.organization_id == tx.organization_id, Device.id == device_id)


def _audited(device: DeviceView) -> dict[str, str]:
    return {"name": device.name, "kind": device.kind, "location": device.location_name}
