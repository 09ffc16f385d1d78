"""Give out and change PINs."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from topline.access import queries
from topline.access.actions.doors import NOWHERE, Caller, Doors, hashing, must_rank
from topline.access.actions.pin_check import compare_pin, settle
from topline.access.actions.sessions import end_sessions
from topline.access.models import Pin, PinFailure
from topline.access.rules import PIN_MESSAGES, generate_pin, pin_problems
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, invalid_fields, not_found
from topline.core.permissions import Permission
from topline.core.transaction import Read, Write


def reset_pin(
    doors: Doors, actor: Actor, person_id: UUID, pin: str | None = None, caller: Caller = NOWHERE
) -> str:
    """Give somebody a new PIN, made here unless one is given, and lift every pause. Returns it to be shown once.

    Raises 403 for a person above the own rank and with an API key, 404 for a foreign or inactive one, 400 for a PIN
    that is too easy.
    """
    new = generate_pin(secrets) if pin is None else checked_pin(pin, "pin")
    with doors.db.read(actor) as look:
        _may_reset(look, person_id)
    with hashing():
        stored, version = doors.hasher.hash_pin(person_id, new)
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        _may_reset(tx, person_id)
        had = store_pin(tx, person_id, stored, version, must_change=person_id != actor.person_id)
        end_sessions(tx, person_id, "pin_changed", keep=actor.credential_id)
        record(tx, "pin.reset" if had else "pin.set", "person", person_id)
    return new


def change_own_pin(doors: Doors, actor: Actor, caller: Caller, current: str, new: str) -> None:
    """Choose another PIN on the tablet one is signed in at. A wrong current PIN counts like one at sign-in."""
    actor.must(Permission.SELF)
    person_id = actor.person()
    checked_pin(new, "new_pin")
    if new == current:
        raise invalid_fields([FieldError("new_pin", "same", "Choose a PIN that is not the one you have.")])
    right = compare_pin(doors, actor, caller, person_id, current)
    with hashing():
        stored, version = doors.hasher.hash_pin(person_id, new)
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        settle(tx, right)
        store_pin(tx, person_id, stored, version, must_change=False)
        end_sessions(tx, person_id, "pin_changed", keep=actor.credential_id)
        record(tx, "pin.changed", "person", person_id)


def store_pin(tx: Write, person_id: UUID, stored: str, version: int, *, must_change: bool) -> bool:
    """Put a hash that `Hasher.hash_pin` made in the place of the old one. Tells whether there was one.

    For set-up, imports and this file; whoever calls it has checked that they may.
    """
    had = queries.pin_holder(tx, person_id)
    values: dict[str, Any] = {
        "pin_hash": stored,
        "pepper_version": version,
        "must_change": must_change,
        "disabled_at": None,
        "set_at": tx.now,
    }
    key = {"organization_id": tx.organization_id, "person_id": person_id}
    tx.change(
        upsert(tx.dialect)(Pin)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )
    tx.change(
        delete(PinFailure).where(
            PinFailure.organization_id == tx.organization_id, PinFailure.person_id == person_id
        )
    )
    return had is not None and had.pin_hash is not None


def checked_pin(pin: str, field: str) -> str:
    """The PIN itself. Raises 400 naming the field when it is malformed or too easy to guess."""
    problems = pin_problems(pin)
    if problems:
        raise invalid_fields([FieldError(field, code, PIN_MESSAGES[code]) for code in problems])
    return pin


def _may_reset(tx: Read, person_id: UUID) -> None:
    tx.actor.must(Permission.PEOPLE_MANAGE)
    if tx.actor.is_api_key:
        # A key that leaked would sign in as anybody at the next tablet.
        raise Problem("forbidden", "PINs are given out by a person who signed in, not with an API key.")
    holder = queries.pin_holder(tx, person_id)
    if holder is None:
        raise not_found("person")
    must_rank(tx, holder.group)
