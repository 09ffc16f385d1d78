"""Sign in, or confirm, with a passkey: as the second step, or instead of a password."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.confirming import confirmed
from topline.access.actions.doors import Caller, Doors, must_be_at_browser
from topline.access.actions.known_devices import Way, way_of_passkey
from topline.access.actions.passkeys import REFUSED, Challenge, Site, challenge, note_use, show_passkey
from topline.access.actions.second_step import SignedIn, half_way, open_browser
from topline.access.actions.spending import spend
from topline.access.queries import Account
from topline.core.actor import Actor, system
from topline.core.errors import Problem
from topline.core.transaction import Write


def challenge_passkey(doors: Doors, site: Site, step: str | None) -> Challenge:
    """A challenge to sign in with: for the person of a second step's ticket, or for whoever comes."""
    if step is None:
        return challenge(doors, site)
    with doors.db.write() as tx:
        _, account = half_way(tx, doors, step)
        keys = queries.stored_passkeys(tx, account.person_id)
    return challenge(doors, site, keys)


def sign_in_with_passkey(
    doors: Doors,
    caller: Caller,
    site: Site,
    ticket: str,
    credential: Mapping[str, Any],
    step: str | None = None,
) -> SignedIn:
    """Open a browser session for the person of the passkey.

    Raises 401 `ticket_over`, 401 `second_factor_wrong` and 429 `too_many_sign_ins`. A refused one counts for the
    address, and as the second step for the account, too.
    """
    with doors.db.write(None, caller.request_id, caller.address) as tx:
        half = account = None
        if step is not None:
            half, account = half_way(tx, doors, step)
        way = way_of_passkey(doors, caller, account, tx.now)
        tried = tries.reserve(tx, doors, caller, account.email if account else None, way)
        key = show_passkey(tx, doors, site, ticket, credential)
        if key is not None:
            tx.become(system(key.organization_id, "sign-in"))
            owner = _account(tx, key.person_id)
            if owner is not None and (account is None or account.person_id == owner.person_id):
                if half is not None:
                    spend(tx, half)
                note_use(tx, key)
                tries.settle(tx, tried)
                method = "passkey" if half is None else "password+passkey"
                return open_browser(tx, doors, caller, owner, method)
        if account is not None:
            tx.become(system(account.organization_id, "sign-in"))
            tries.note_failure(tx, doors, caller, tried, account, "passkey")
    # Only now, so that the wrong try stays counted.
    tries.alarm(caller, tried, "passkey")
    raise Problem("second_factor_wrong", REFUSED)


def confirm_with_passkey(
    doors: Doors, actor: Actor, caller: Caller, site: Site, ticket: str, credential: Mapping[str, Any]
) -> None:
    """By one of the own passkeys. Raises as signing in does."""
    must_be_at_browser(actor)
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        account = queries.own_account(tx, actor.person())
        tried = tries.reserve(tx, doors, caller, account.email or "", Way(known=[account]))
        key = show_passkey(tx, doors, site, ticket, credential)
        right = key is not None and (key.organization_id, key.person_id) == (
            actor.organization_id,
            account.person_id,
        )
        if key is not None and right:
            note_use(tx, key)
            tries.settle(tx, tried)
            confirmed(tx, "passkey")
        else:
            tries.note_failure(tx, doors, caller, tried, account, "passkey")
    if not right:
        raise Problem("second_factor_wrong", REFUSED)


def _account(tx: Write, person_id: UUID) -> Account | None:
    try:
        return queries.own_account(tx, person_id)
    except Problem:
        return None
