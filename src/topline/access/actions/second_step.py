"""The second step of signing in by password: a code of the authenticator app, or a recovery code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.codes import check_code
from topline.access.actions.doors import Caller, Doors
from topline.access.actions.known_devices import kept_out, remember_browser, way_in
from topline.access.actions.sessions import Opened, open_session
from topline.access.actions.spending import spend
from topline.access.hashing import hash_token
from topline.access.queries import Account
from topline.access.rules import SECOND_STEP_LIFE, CredentialKind, SessionKind
from topline.access.tickets import Ticket
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.errors import Problem
from topline.core.transaction import Write

PURPOSE: Final = "second step"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at a browser, and what that browser remembers of it (empty: nothing, a tablet is known as itself)."""

    session: Opened
    account: Account
    known: str


def second_step_ticket(doors: Doors, account: Account, now: datetime) -> tuple[str, datetime]:
    """What says that somebody's password was right, and until when that counts. It ends when the password changes."""
    ticket = doors.tickets.issue(
        PURPOSE,
        now,
        SECOND_STEP_LIFE,
        house=str(account.organization_id),
        person=str(account.person_id),
        password=account.password_version,
    )
    return ticket, now + SECOND_STEP_LIFE


def finish_sign_in(doors: Doors, caller: Caller, ticket: str, code: str) -> SignedIn:
    """Open the session of somebody whose password was right, after their second factor.

    Wrong codes count like wrong passwords. Raises 401 `ticket_over` (start again), 401 `second_factor_wrong`, 429
    `too_many_sign_ins` and `known_devices_only`.
    """
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        half, account = half_way(tx, doors, ticket)
        way = way_in(tx, doors, caller, [account])
        if not way.accounts:
            raise kept_out(way.shut.values(), everybody=True)
        tried = tries.reserve(tx, doors, caller, account.email or "", way)
        shown = check_code(tx, doors.seal, account.person_id, code)
        if shown is not None:
            spend(tx, half)
            tries.settle(tx, tried)
            return open_browser(tx, doors, caller, account, f"password+{shown}")
        tries.note_failure(tx, doors, caller, tried, account, "second_factor")
    tries.alarm(caller, tried, "second_factor")
    # Only now, so that the wrong try stays counted: a problem raised inside would undo it.
    raise Problem("second_factor_wrong", "That code is not right, or it was used already.")


def ways_of_ticket(doors: Doors, ticket: str) -> list[str] | None:
    """How the person of a ticket can go on; None when it does not count. Says nothing else about them."""
    half = doors.tickets.read(PURPOSE, ticket, doors.db.clock.now())
    if half is None:
        return None
    with doors.db.read(system(half.uuid("house"), "sign-in")) as tx:
        return queries.factor_ways(tx, half.uuid("person"))


def half_way(tx: Write, doors: Doors, ticket: str) -> tuple[Ticket, Account]:
    """Whose password was right, read as their house. Raises 401 `ticket_over` when it no longer counts."""
    half = doors.tickets.read(PURPOSE, ticket, tx.now)
    if half is None:
        raise Problem("ticket_over")
    tx.become(system(half.uuid("house"), "sign-in"))
    try:
        account = queries.own_account(tx, half.uuid("person"))
    except Problem:
        raise Problem("ticket_over") from None
    if account.password_version != half.says["password"]:
        raise Problem("ticket_over")
    return half, account


def open_browser(tx: Write, doors: Doors, caller: Caller, account: Account, method: str) -> SignedIn:
    """A browser session of somebody who showed everything they have to, and go on as them."""
    opened = open_session(tx, account.person_id, SessionKind.BROWSER, caller=caller, method=method)
    actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(opened.token))
    if actor is None:
        raise Problem("sign_in_failed")
    tx.become(actor)
    record(tx, "sign_in.opened", "person", account.person_id, after={"by": method})
    return SignedIn(opened, account, remember_browser(doors, caller, account, tx.now))
