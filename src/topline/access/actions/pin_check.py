"""Compare a PIN: reserve the failure, hash, settle. Used by sign-in and by changing one's own PIN."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Update, delete, update

from topline.access import queries
from topline.access.actions import failures
from topline.access.actions.doors import Caller, Doors, hashing, in_words
from topline.access.actions.known_devices import count_for_house
from topline.access.actions.refusals import note_refusal
from topline.access.limits import MEMORY, device_bucket, is_alarming, organization_bucket
from topline.access.models import Pin, PinFailure
from topline.access.queries import PinHolder
from topline.access.rules import (
    NO_FAILURES,
    PinFailures,
    after_failure,
    is_disabled_over_devices,
    pause_left,
)
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.db import upsert
from topline.core.errors import Problem
from topline.core.transaction import Write

log = structlog.get_logger("access")

WRONG: Final = "That PIN is not right."
DISABLED: Final = "This PIN is switched off. A manager can give you a new one."
NONE_YET: Final = "You have no PIN yet. A manager can give you one."


@dataclass(frozen=True, slots=True)
class Tried:
    """A PIN that may be compared: its failure is already written down. `holder` None: there is no such person."""

    device_id: UUID
    at: datetime
    holder: PinHolder | None
    before: PinFailures
    after: PinFailures
    disabled: bool
    alarm: bool


@dataclass(frozen=True, slots=True)
class Right:
    """A PIN that proved right, with its new hash where the old one was made in an older way."""

    tried: Tried
    holder: PinHolder
    rehashed: tuple[str, int] | None


def compare_pin(doors: Doors, actor: Actor, caller: Caller, person_id: UUID, pin: str) -> Right:
    """Compare a PIN typed on an enrolled tablet (`caller.device_id`).

    Raises 401 `pin_wrong`, 403 `pin_disabled`, 429 `pin_paused` or `too_many_sign_ins`. The caller must `settle` a
    right one in the transaction that acts on it.
    """
    device_id = caller.device_id
    if device_id is None:
        raise Problem("device_unknown")
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        tried = _reserve(tx, doors, device_id, person_id)
    holder = tried.holder
    try:
        with hashing():
            if holder is None or holder.pin_hash is None or holder.pepper_version is None:
                doors.hasher.verify_nobody()
                right = False
            else:
                right = doors.hasher.verify_pin(person_id, pin, holder.pin_hash, holder.pepper_version)
    except BaseException:
        # Nothing was compared, so nothing was wrong.
        with doors.db.write(actor, caller.request_id, caller.address) as tx:
            _take_back(tx, tried)
        raise
    if not right or holder is None or holder.pin_hash is None or holder.pepper_version is None:
        with doors.db.write(actor, caller.request_id, caller.address) as tx:
            _note_failure(tx, doors, tried, caller)
        raise _refusal(tried)
    rehashed = None
    if doors.hasher.pin_needs_rehash(holder.pin_hash, holder.pepper_version):
        with hashing():
            rehashed = doors.hasher.hash_pin(person_id, pin)
    return Right(tried, holder, rehashed)


def settle(tx: Write, right: Right) -> None:
    """Strike out the reserved failure and forget the ones before it on this tablet.

    Raises `pin_wrong` when the PIN was changed or the person left while it was being compared.
    """
    holder, tried = right.holder, right.tried
    now = queries.pin_holder(tx, holder.person_id)
    if now is None or now.pin_hash != holder.pin_hash:
        raise Problem("pin_wrong", WRONG)
    if now.disabled_at is not None and not (tried.disabled and now.disabled_at == tried.at):
        raise Problem("pin_disabled", DISABLED)
    failures.release(tx, _buckets(tx, tried.device_id), tried.at)
    tx.change(
        delete(PinFailure).where(
            PinFailure.organization_id == tx.organization_id,
            PinFailure.person_id == holder.person_id,
            PinFailure.device_id == tried.device_id,
        )
    )
    if tried.disabled:
        tx.change(_pin(tx, holder.person_id).values(disabled_at=None))
    if right.rehashed is not None:
        stored, version = right.rehashed
        tx.change(_pin(tx, holder.person_id).values(pin_hash=stored, pepper_version=version))


def _reserve(tx: Write, doors: Doors, device_id: UUID, person_id: UUID) -> Tried:
    policies = {
        device_bucket(device_id): doors.limits.device,
        organization_bucket(tx.organization_id): doors.limits.organization,
    }
    wait, remembered = failures.reserve(tx, policies)
    if wait:
        raise Problem(
            "too_many_sign_ins",
            "Too many wrong PINs on this tablet. A manager can let you in again, or wait a while.",
            retry_after=wait,
        )
    alarm = any(is_alarming(remembered[bucket], policy, tx.now) for bucket, policy in policies.items())
    holder = queries.pin_holder(tx, person_id)
    if holder is None:
        return Tried(device_id, tx.now, None, NO_FAILURES, NO_FAILURES, disabled=False, alarm=alarm)
    if holder.pin_hash is None:
        raise Problem("pin_disabled", NONE_YET)
    if holder.disabled_at is not None:
        raise Problem("pin_disabled", DISABLED)
    states = queries.pin_states(tx, person_id)
    before = states[device_id][0] if device_id in states else NO_FAILURES
    if wait := pause_left(before, tx.now):
        raise Problem("pin_paused", f"Too many wrong PINs. Try again in {in_words(wait)}.", retry_after=wait)
    after = after_failure(before, doors.limits.pauses, tx.now)
    # Typing errors of long ago on other tablets are forgotten, or a year of them would switch the PIN off.
    others = [s for d, (s, last) in states.items() if d != device_id and last > tx.now - MEMORY]
    disabled = is_disabled_over_devices([after, *others], doors.limits.pauses)
    _store(tx, person_id, device_id, after)
    if disabled:
        tx.change(_pin(tx, person_id).values(disabled_at=tx.now))
    return Tried(device_id, tx.now, holder, before, after, disabled, alarm)


def _take_back(tx: Write, tried: Tried) -> None:
    failures.release(tx, _buckets(tx, tried.device_id), tried.at)
    if tried.holder is None:
        return
    person_id = tried.holder.person_id
    states = queries.pin_states(tx, person_id)
    if tried.device_id in states:
        now = states[tried.device_id][0]
        paused_until = tried.before.paused_until if now == tried.after else now.paused_until
        fewer = PinFailures(max(0, now.consecutive - 1), paused_until, disabled=False)
        _store(tx, person_id, tried.device_id, fewer)
    if tried.disabled:
        tx.change(_pin(tx, person_id).where(Pin.disabled_at == tried.at).values(disabled_at=None))


def _note_failure(tx: Write, doors: Doors, tried: Tried, caller: Caller) -> None:
    person_id = tried.holder.person_id if tried.holder else None
    told: dict[str, Any] = {"by": "pin", "in_a_row": tried.after.consecutive}
    if tried.after.paused_until is not None:
        told["paused_until"] = tried.after.paused_until.isoformat(timespec="seconds")
    record(tx, "sign_in.failed", "person", person_id, after=told)
    if person_id is not None:
        note_refusal(tx, caller, person_id, "pin")
    if tried.disabled:
        record(tx, "pin.disabled", "person", person_id, after={"reason": "wrong_pins"})
    count_for_house(tx, doors, reserved=False)
    if tried.alarm:
        record(tx, "sign_in.alarm", "device", tried.device_id, after={"reason": "wrong_pins"})
        log.warning(
            "sign_in_alarm", organization=str(tx.organization_id), device=str(tried.device_id), by="pin"
        )


def _refusal(tried: Tried) -> Problem:
    if tried.disabled:
        return Problem("pin_disabled", DISABLED)
    wait = pause_left(tried.after, tried.at)
    if wait:
        return Problem("pin_wrong", f"{WRONG} Try again in {in_words(wait)}.", retry_after=wait)
    return Problem("pin_wrong", WRONG)


def _store(tx: Write, person_id: UUID, device_id: UUID, state: PinFailures) -> None:
    values = {"consecutive": state.consecutive, "paused_until": state.paused_until, "last_at": tx.now}
    key = {"organization_id": tx.organization_id, "person_id": person_id, "device_id": device_id}
    tx.change(
        upsert(tx.dialect)(PinFailure)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )


def _buckets(tx: Write, device_id: UUID) -> list[str]:
    return [device_bucket(device_id), organization_bucket(tx.organization_id)]


def _pin(tx: Write, person_id: UUID) -> Update:
    return update(Pin).where(Pin.organization_id == tx.organization_id, Pin.person_id == person_id)
