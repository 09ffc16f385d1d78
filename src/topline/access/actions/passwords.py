"""Sign in by e-mail and password, and change passwords."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.doors import NOWHERE, Caller, Doors, hashing, must_rank
from topline.access.actions.known_devices import Way, way_in
from topline.access.actions.second_step import SignedIn, open_browser, second_step_ticket
from topline.access.actions.sessions import end_sessions
from topline.access.models import Password, PasswordLink
from topline.access.queries import Account
from topline.access.rules import PASSWORD_MESSAGES, password_problems
from topline.audit.actions import record
from topline.core.actor import Actor, system
from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, invalid, invalid_fields
from topline.core.permissions import Permission
from topline.core.text import TextError, normalise_email
from topline.core.transaction import Write

SIGN_IN_REFUSED: Final = "E-mail or password is not right."
#: Nobody has an address with a space.
NO_ADDRESS: Final = "no address"


@dataclass(frozen=True, slots=True)
class FactorNeeded:
    """The password was right; now the second factor. The ticket says so to `finish_sign_in`, for ten minutes."""

    ticket: str
    ends_at: datetime
    account: Account
    ways: list[str]


def sign_in_with_password(doors: Doors, caller: Caller, email: str, password: str) -> SignedIn | FactorNeeded:
    """Open a browser session for the person with this e-mail address in whichever house the password is right.

    Where the person has a second factor, the password alone opens nothing: a ticket to go on with comes back. An
    address nobody has costs one hash, waits like any other and answers the same. Raises 401 `sign_in_failed`, 429
    `too_many_sign_ins` and `known_devices_only`.
    """
    address = _address(email)
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        way = way_in(tx, doors, caller, queries.accounts_of_email(tx, address))
        tried = tries.reserve(tx, doors, caller, address, way)
    account, rehashed = _compare(doors, caller, tried, way.accounts, password)
    if account is None:
        raise way.refusal() or Problem("sign_in_failed", SIGN_IN_REFUSED)
    with doors.db.write(system(account.organization_id), caller.request_id, caller.address) as tx:
        now = queries.own_account(tx, account.person_id)
        if now.password_hash != account.password_hash:
            raise Problem("sign_in_failed", SIGN_IN_REFUSED)
        if rehashed is not None:
            _replace_hash(tx, account.person_id, rehashed)
        ways = queries.factor_ways(tx, account.person_id)
        if ways:
            # The account's failures stay: else knowing the password would be a way to guess codes without end.
            tries.take_back(tx, tried)
            return FactorNeeded(*second_step_ticket(doors, now, tx.now), account, ways)
        tries.settle(tx, tried)
        return open_browser(tx, doors, caller, now, "password")


def change_own_password(doors: Doors, actor: Actor, caller: Caller, current: str, new: str) -> None:
    """Replace the own password. Ends every other session; a wrong current one counts like one at sign-in."""
    actor.must(Permission.SELF)
    with doors.db.read(actor) as look:
        account = queries.own_account(look, actor.person())
    checked_password(new, account, "new_password")
    if account.email is None:
        raise invalid("new_password", "no_email", "You sign in by PIN only; there is no password to change.")
    tried = check_own_password(doors, actor, caller, account, current, "current_password")
    try:
        with hashing():
            stored = doors.hasher.hash_password(new)
    except BaseException:
        with doors.db.write(actor, caller.request_id, caller.address) as tx:
            tries.take_back(tx, tried)
        raise
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        if queries.own_account(tx, account.person_id).password_hash != account.password_hash:
            raise Problem("conflict", "Your password was changed elsewhere in the meantime.")
        tries.settle(tx, tried)
        store_password(tx, account.person_id, stored)
        end_sessions(tx, account.person_id, "password_changed", keep=actor.credential_id)
        record(tx, "password.changed", "person", account.person_id)


def check_own_password(
    doors: Doors, actor: Actor, caller: Caller, account: Account, password: str, field: str
) -> tries.Tried:
    """Compare the password of somebody who is signed in. Raises 400 naming the field; a wrong one is counted.

    The try stays reserved: whoever acts on it must `settle` it in the same transaction.
    """
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        tried = tries.reserve(tx, doors, caller, account.email or "", Way(known=[account]))
    right, _ = _compare(doors, caller, tried, [account], password)
    if right is None:
        raise invalid(field, "wrong", "That is not your present password.")
    return tried


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
            tries.forget(tx, account.email)
        end_sessions(tx, person_id, "password_changed", keep=actor.credential_id)
        record(tx, "password.set", "person", person_id)


def store_password(tx: Write, person_id: UUID, stored: str) -> None:
    """Put a hash that `Hasher.hash_password` made in the place of the old one. The caller has checked that they may."""
    values = {"password_hash": stored, "changed_at": tx.now, "must_change": False}
    key = {"organization_id": tx.organization_id, "person_id": person_id}
    tx.change(
        upsert(tx.dialect)(Password)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )
    end_links(tx, person_id, "password_changed")


def end_links(tx: Write, person_id: UUID, reason: str, only: UUID | None = None) -> int:
    """End a person's links for a new password, or one of them. Returns how many were still good."""
    which: list[Any] = [] if only is None else [PasswordLink.id == only]
    return tx.change(
        update(PasswordLink)
        .where(
            PasswordLink.organization_id == tx.organization_id,
            PasswordLink.person_id == person_id,
            PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > tx.now,
            *which,
        )
        .values(ended_at=tx.now, end_reason=reason)
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


def _compare(
    doors: Doors, caller: Caller, tried: tries.Tried, accounts: list[Account], password: str
) -> tuple[Account | None, str | None]:
    """What `_verified` finds; a wrong one is noted, and nothing is counted when nothing could be compared."""
    try:
        found = _verified(doors, accounts, password)
    except BaseException:
        with doors.db.write(None, caller.request_id, caller.address) as tx:
            tries.take_back(tx, tried)
        raise
    if found[0] is None:
        for account in accounts:
            with doors.db.write(
                system(account.organization_id, "sign-in"), caller.request_id, caller.address
            ) as tx:
                tries.note_failure(tx, doors, caller, tried, account, "password")
        tries.alarm(caller, tried, "password")
    return found


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
    """The address as it would be stored. What is none is counted and refused like any other, all of it as one.

    It may be a PIN or a password in the wrong field, and the name of its bucket would give that away.
    """
    try:
        return normalise_email(email)
    except TextError:
        return NO_ADDRESS
