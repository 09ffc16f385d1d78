"""The second step of signing in by password: a code of the authenticator app, or a recovery code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.codes import check_code
from topline.access.actions.doors import Caller, Doors
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
#: Of somebody who has no password (yet): nothing about it can have changed.
_NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at a browser."""

    session: Opened
    account: Account


def second_step_ticket(doors: Doors, account: Account, now: datetime) -> tuple[str, datetime]:
    """What says that somebody's password was right, and until when that counts. It ends when the password changes."""
    ticket = doors.tickets.issue(
        PURPOSE,
        now,
        SECOND_STEP_LIFE,
        house=str(account.organization_id),
        person=str(account.person_id),
        password=_password_of(account),
    )
    return ticket, now + SECOND_STEP_LIFE


def finish_sign_in(doors: Doors, caller: Caller, ticket: str, code: str) -> SignedIn:
    """Open the session of somebody whose password was right, after their second factor.

    Wrong codes count like wrong passwords. Raises 401 `ticket_over` (start again), 401 `second_factor_wrong` and 429
    `too_many_sign_ins`.
    """
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        half, account = half_way(tx, doors, ticket)
        tried = tries.reserve(tx, doors, caller, account.email or "")
        way = check_code(tx, doors.seal, account.person_id, code)
        if way is not None:
            spend(tx, half)
            tries.settle(tx, tried)
            return SignedIn(open_browser(tx, caller, account, f"password+{way}"), account)
        tries.note_failure(tx, caller, tried, account, "second_factor")
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
    if _password_of(account) != half.says["password"]:
        raise Problem("ticket_over")
    return half, account


def open_browser(tx: Write, caller: Caller, account: Account, method: str) -> Opened:
    """A browser session of somebody who showed everything they have to, and go on as them."""
    opened = open_session(tx, account.person_id, SessionKind.BROWSER, caller=caller, method=method)
    actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(opened.token))
    if actor is None:
        raise Problem("sign_in_failed")
    tx.become(actor)
    record(tx, "sign_in.opened", "person", account.person_id, after={"by": method})
    return opened


def _password_of(account: Account) -> str:
    changed = account.password_changed_at
    return _NEVER if changed is None else changed.isoformat()
