"""Confirm that it is still them: before what is dangerous, somebody shows once more what they signed in with."""

from sqlalchemy import update

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.codes import check_code
from topline.access.actions.doors import Caller, Doors, must_be_at_browser
from topline.access.actions.known_devices import Way
from topline.access.actions.passwords import check_own_password
from topline.access.events import IdentityChanged
from topline.access.models import SignIn
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.errors import invalid
from topline.core.transaction import Write


def confirm_with_password(doors: Doors, actor: Actor, caller: Caller, password: str) -> None:
    """By the own password. A wrong one is a 400 and counts like one at sign-in."""
    must_be_at_browser(actor)
    with doors.db.read(actor) as look:
        account = queries.own_account(look, actor.person())
    tried = check_own_password(doors, actor, caller, account, password, "password")
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        tries.settle(tx, tried)
        confirmed(tx, "password")


def confirm_with_code(doors: Doors, actor: Actor, caller: Caller, code: str) -> None:
    """By a code of the second step. A wrong one is a 400 and counts like one at sign-in."""
    must_be_at_browser(actor)
    with doors.db.write(actor, caller.request_id, caller.address) as tx:
        account = queries.own_account(tx, actor.person())
        tried = tries.reserve(tx, doors, caller, account.email or "", Way(known=[account]))
        way = check_code(tx, doors.seal, account.person_id, code)
        if way is None:
            tries.note_failure(tx, doors, caller, tried, account, "second_factor")
        else:
            tries.settle(tx, tried)
            confirmed(tx, way)
    # Only now, so that the wrong try stays counted.
    if way is None:
        tries.alarm(caller, tried, "second_factor")
        raise invalid("code", "wrong", "That code is not right, or it was used already.")


def confirmed(tx: Write, way: str) -> None:
    """For the next quarter of an hour this session may do what is dangerous."""
    tx.change(
        update(SignIn)
        .where(SignIn.organization_id == tx.organization_id, SignIn.id == tx.actor.credential_id)
        .values(confirmed_at=tx.now)
    )
    record(tx, "sign_in.confirmed", "person", tx.actor.person(), after={"by": way})
    tx.after_commit(IdentityChanged(tx.organization_id))
