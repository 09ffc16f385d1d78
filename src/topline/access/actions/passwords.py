"""Sign in by e-mail and password, and change passwords."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import update

from topline.access import queries
from topline.access.actions import failures
from topline.access.actions.doors import NOWHERE, Caller, Doors, hashing, must_rank
from topline.access.actions.pin_check import in_words
from topline.access.actions.sessions import Opened, end_sessions, open_session
from topline.access.hashing import hash_token
from topline.access.limits import (
    Policy,
    account_bucket,
    account_wait_left,
    address_bucket,
    device_bucket,
    is_alarming,
)
from topline.access.models import Password
from topline.access.queries import Account
from topline.access.rules import PASSWORD_MESSAGES, CredentialKind, SessionKind, password_problems
from topline.audit.actions import record
from topline.core.actor import Actor, system
from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, invalid, invalid_fields
from topline.core.permissions import Permission
from topline.core.text import TextError, normalise_email
from topline.core.transaction import Write

log = structlog.get_logger("access")

SIGN_IN_REFUSED: Final = "E-mail or password is not right."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at a browser."""

    session: Opened
    account: Account


@dataclass(frozen=True, slots=True)
class _Tried:
    at: datetime
    bucket: str
    account: str
    accounts: list[Account]
    alarm: bool


def sign_in_with_password(doors: Doors, caller: Caller, email: str, password: str) -> SignedIn:
    """Open a browser session for the person with this e-mail address in whichever house the password is right.

    An address nobody has costs one hash, waits like any other and answers the same. Raises 401 `sign_in_failed` and
    429 `too_many_sign_ins`.
    """
    tried = _reserve(doors, caller, _address(email))
    try:
        account, rehashed = _verified(doors, tried.accounts, password)
    except BaseException:
        with doors.db.write(None, caller.request_id, caller.address) as tx:
            failures.release(tx, [tried.bucket, tried.account], tried.at)
        raise
    if account is None:
        _note_failure(doors, caller, tried)
        raise Problem("sign_in_failed", SIGN_IN_REFUSED)
    with doors.db.write(system(account.organization_id), caller.request_id, caller.address) as tx:
        now = queries.own_account(tx, account.person_id)
        if now.password_hash != account.password_hash:
            raise Problem("sign_in_failed", SIGN_IN_REFUSED)
        failures.release(tx, [tried.bucket], tried.at)
        failures.clear(tx, tried.account)
        opened = open_session(tx, account.person_id, SessionKind.BROWSER)
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(opened.token))
        if actor is None:
            raise Problem("sign_in_failed", SIGN_IN_REFUSED)
        tx.become(actor)
        if rehashed is not None:
            _replace_hash(tx, account.person_id, rehashed)
        record(
            tx,
            "sign_in.opened",
            "person",
            account.person_id,
            after={"by": "password"},
        )
    return SignedIn(opened, account)


def change_own_password(doors: Doors, actor: Actor, caller: Caller, current: str, new: str) -> None:
    """Replace the own password. Ends every other session; a wrong current one counts like one at sign-in."""
    actor.must(Permission.SELF)
    with doors.db.read(actor) as look:
        account = queries.own_account(look, actor.person())
    checked_password(new, account, "new_password")
    if account.email is None:
        raise invalid("new_password", "no_email", "You sign in by PIN only; there is no password to change.")
    tried = _reserve(doors, caller, account.email, only=account)
    try:
        known, _ = _verified(doors, tried.accounts, current)
        with hashing():
            stored = doors.hasher.hash_password(new) if known else ""
    except BaseException:
        with doors.db.write(actor, caller.request_id, caller.address) as tx:
            failures.release(tx, [tried.bucket, tried.account], tried.at)
        raise
    if known is None:
        _note_failure(doors, caller, tried)
        raise invalid("current_password", "wrong", "That is not your present password.")
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        if queries.own_account(tx, account.person_id).password_hash != account.password_hash:
            raise Problem("conflict", "Your password was changed elsewhere in the meantime.")
        failures.release(tx, [tried.bucket, tried.account], tried.at)
        store_password(tx, account.person_id, stored)
        end_sessions(tx, account.person_id, "password_changed", keep=actor.credential_id)
        record(tx, "password.changed", "person", account.person_id)


def set_password(
    doors: Doors, actor: Actor, person_id: UUID, password: str, caller: Caller = NOWHERE
) -> None:
    """Give somebody a password they did not have or forgot. Ends their sessions.

    Raises 403 for a person above the own rank, for oneself and with an API key, 404 for a foreign or inactive person,
    400 for a weak password or a person without an e-mail address.
    """
    with doors.db.read(actor) as look:
        account = _may_set(look, person_id)
    checked_password(password, account, "password")
    with hashing():
        stored = doors.hasher.hash_password(password)
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        _may_set(tx, person_id)
        store_password(tx, person_id, stored)
        if account.email is not None:
            failures.clear(tx, account_bucket(account.email))
        end_sessions(tx, person_id, "password_changed", keep=actor.credential_id)
        record(tx, "password.set", "person", person_id)


def store_password(tx: Write, person_id: UUID, stored: str) -> None:
    """Put a hash that `Hasher.hash_password` made in the place of the old one. The caller has checked that they may."""
    values = {"password_hash": stored, "changed_at": tx.now}
    key = {"organization_id": tx.organization_id, "person_id": person_id}
    tx.change(
        upsert(tx.dialect)(Password)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )


def checked_password(password: str, account: Account, field: str) -> str:
    """The password itself. Raises 400 naming the field and everything that is wrong with it."""
    return checked_new_password(password, account.name, account.email, field)


def checked_new_password(password: str, name: str, email: str | None, field: str) -> str:
    """The same for somebody who has no account yet."""
    problems = password_problems(password, display_name=name, email=email)
    if problems:
        raise invalid_fields([FieldError(field, code, PASSWORD_MESSAGES[code]) for code in problems])
    return password


def _reserve(doors: Doors, caller: Caller, email: str, only: Account | None = None) -> _Tried:
    if caller.device_id is not None:
        bucket, policy = device_bucket(caller.device_id), doors.limits.device
    else:
        bucket, policy = address_bucket(caller.address), doors.limits.address
    account = account_bucket(email)
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        found = failures.failures_in(tx, [bucket, account])
        _refuse_while_paused(account_wait_left(found[account], tx.now))
        wait, found = failures.reserve(tx, {bucket: policy, account: ()})
        _refuse_while_paused(wait)
        accounts = [only] if only else queries.accounts_of_email(tx, email)
        return _Tried(tx.now, bucket, account, accounts, _alarms(found[bucket], policy, tx.now))


def _alarms(found: list[datetime], policy: Policy, now: datetime) -> bool:
    return is_alarming(found, policy, now)


def _refuse_while_paused(wait: int) -> None:
    if wait:
        raise Problem(
            "too_many_sign_ins",
            f"Too many failed sign-ins. Please try again in {in_words(wait)}.",
            retry_after=wait,
        )


def _verified(doors: Doors, accounts: list[Account], password: str) -> tuple[Account | None, str | None]:
    """The first account whose password it is, with a new hash where the old one asks for it."""
    with hashing():
        compared = False
        for account in accounts:
            if account.password_hash is None:
                continue
            compared = True
            right, stale = doors.hasher.verify_password(password, account.password_hash)
            if right:
                return account, doors.hasher.hash_password(password) if stale else None
        if not compared:
            doors.hasher.verify_no_password()
    return None, None


def _note_failure(doors: Doors, caller: Caller, tried: _Tried) -> None:
    if tried.alarm:
        log.warning("sign_in_alarm", address=caller.address, by="password")
    for account in tried.accounts:
        with doors.db.write(
            system(account.organization_id, "sign-in"), caller.request_id, caller.address
        ) as tx:
            record(
                tx,
                "sign_in.failed",
                "person",
                account.person_id,
                after={"by": "password"},
            )


def _replace_hash(tx: Write, person_id: UUID, stored: str) -> None:
    tx.change(
        update(Password)
        .where(Password.organization_id == tx.organization_id, Password.person_id == person_id)
        .values(password_hash=stored)
    )


def _may_set(tx: Any, person_id: UUID) -> Account:
    tx.actor.must(Permission.PEOPLE_MANAGE)
    if tx.actor.is_api_key:
        # A key that leaked would open a session for itself, which may more than the key and outlives it.
        raise Problem("forbidden", "Passwords are set by a person who signed in, not with an API key.")
    account = queries.own_account(tx, person_id)
    must_rank(tx, account.group)
    if person_id == tx.actor.person_id:
        # Else a browser left open would be enough to take the account over.
        raise Problem("forbidden", "Change your own password in your account: it asks for the present one.")
    if account.email is None:
        raise invalid(
            "password", "no_email", "Give this person an e-mail address first: they sign in with it."
        )
    return account


def _address(email: str) -> str:
    """The address as it would be stored; nonsense stays itself, so that it is counted and refused like any other."""
    try:
        return normalise_email(email)
    except TextError:
        return email.strip().lower()[:300]
