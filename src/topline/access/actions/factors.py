"""Set up, replace and remove second factors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import delete

from topline.access import queries
from topline.access.actions.codes import forget_recovery_codes, make_recovery_codes
from topline.access.actions.doors import Doors, must_be_at_browser, must_rank
from topline.access.actions.sessions import end_sessions
from topline.access.actions.spending import spend
from topline.access.models import Authenticator, Passkey
from topline.access.rules import (
    SET_UP_LIFE,
    authenticator_address,
    matching_step,
    must_have_factor,
    plain_code,
)
from topline.access.sealing import Sealed
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.db import upsert
from topline.core.errors import Problem, invalid
from topline.core.permissions import Permission
from topline.core.transaction import Read, Write
from topline.organizations import queries as organizations

PURPOSE: Final = "authenticator set-up"


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """A secret to scan or type into an app, shown while it is set up and never again. Nothing is stored yet."""

    secret: str
    address: str
    ticket: str


def offer_authenticator(doors: Doors, actor: Actor) -> NewAuthenticator:
    """A fresh secret for the caller's app. It counts once `add_authenticator` has seen a code of it."""
    must_be_at_browser(actor)
    with doors.db.read(actor) as tx:
        account = queries.own_account(tx, actor.person())
        secret = pyotp.random_base32()
        sealed = doors.seal.close(account.person_id, secret.encode("ascii"))
        ticket = doors.tickets.issue(
            PURPOSE,
            tx.now,
            SET_UP_LIFE,
            person=str(account.person_id),
            sealed=sealed.text,
            key=sealed.key_id,
        )
    name = account.email or account.display_name
    return NewAuthenticator(secret, authenticator_address(secret, name, account.organization_name), ticket)


def reopen_offer(doors: Doors, actor: Actor, ticket: str) -> NewAuthenticator:
    """The same secret once more, for a form that is shown again. Raises 401 `ticket_over`."""
    must_be_at_browser(actor)
    with doors.db.read(actor) as tx:
        secret = _offered(tx, doors, ticket)
        account = queries.own_account(tx, actor.person())
    name = account.email or account.display_name
    return NewAuthenticator(secret, authenticator_address(secret, name, account.organization_name), ticket)


def add_authenticator(tx: Write, doors: Doors, ticket: str, code: str) -> list[str]:
    """Take the offered secret for the caller's own, in the place of the one before, once the app shows its code.

    The first factor brings ten recovery codes, which are returned to be shown this once, and ends every other session:
    they were opened with less. Raises 401 `ticket_over` and 400 for a wrong code.
    """
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()
    secret = _offered(tx, doors, ticket)
    step = matching_step(secret, plain_code(code), tx.now, 0)
    if step is None:
        raise invalid("code", "wrong", "That is not the code the app shows now. Is the phone’s clock right?")
    offered = doors.tickets.read(PURPOSE, ticket, tx.now)
    assert offered is not None
    spend(tx, offered)
    is_first = not queries.factor_ways(tx, person_id)
    sealed = doors.seal.close(person_id, secret.encode("ascii"))
    key = {"organization_id": tx.organization_id, "person_id": person_id}
    values = {
        "sealed": sealed.text,
        "key_id": sealed.key_id,
        "last_step": step,
        "added_at": tx.now,
        "last_used_at": None,
    }
    tx.change(
        upsert(tx.dialect)(Authenticator)
        .values(**key, **values)
        .on_conflict_do_update(index_elements=list(key), set_=values)
    )
    record(tx, "factor.added", "person", person_id, after={"kind": "authenticator"})
    return after_adding(tx, person_id, is_first=is_first)


def after_adding(tx: Write, person_id: UUID, *, is_first: bool) -> list[str]:
    """What follows a new factor: the first one brings recovery codes and ends the other sessions."""
    if not is_first:
        return []
    end_sessions(tx, person_id, "second_factor_added", keep=tx.actor.credential_id)
    return make_recovery_codes(tx, person_id)


def remove_authenticator(tx: Write) -> None:
    """The caller's app opens nothing any more. Removing what is not there changes nothing.

    Raises 409 `last_factor` where the house requires one and it is the last.
    """
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()

    def remove() -> int:
        return tx.change(
            delete(Authenticator).where(
                Authenticator.organization_id == tx.organization_id, Authenticator.person_id == person_id
            )
        )

    remove_factor(tx, person_id, "authenticator", remove)


def remove_factor(tx: Write, person_id: UUID, kind: str, remove: Callable[[], int]) -> None:
    """Do it, unless somebody were left without what their house requires. The last one takes its codes along."""
    if not remove():
        return
    if not queries.factor_ways(tx, person_id):
        group = tx.actor.group
        if group is not None and must_have_factor(group, is_factor_required(tx)):
            raise Problem("last_factor", "Your house requires a second step. Add another one first.")
        forget_recovery_codes(tx, person_id)
    record(tx, "factor.removed", "person", person_id, before={"kind": kind})
    end_sessions(tx, person_id, "second_factor_removed", keep=tx.actor.credential_id)


def renew_recovery_codes(tx: Write) -> list[str]:
    """Ten new codes for the caller, shown this once. Raises 409 `conflict` for somebody without a second factor."""
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()
    if not queries.factor_ways(tx, person_id):
        raise Problem("conflict", "Recovery codes stand in for a second step. Set one up first.")
    record(tx, "factor.codes_renewed", "person", person_id)
    return make_recovery_codes(tx, person_id)


def reset_factors(tx: Write, person_id: UUID) -> None:
    """Take every second factor from somebody who lost theirs, and end their sessions. Without one, nothing changes.

    Raises 403 for oneself and with an API key, 404 for a foreign or inactive person.
    """
    tx.actor.must(Permission.FACTORS_RESET)
    if tx.actor.is_api_key:
        raise Problem(
            "forbidden", "A second step is taken away by a person who signed in, not with an API key."
        )
    account = queries.own_account(tx, person_id)
    must_rank(tx, account.group)
    if person_id == tx.actor.person_id:
        raise Problem("forbidden", "Remove your own in your account, or ask another owner.")
    if not queries.factor_ways(tx, person_id):
        return
    for table in (Authenticator, Passkey):
        tx.change(
            delete(table).where(table.organization_id == tx.organization_id, table.person_id == person_id)
        )
    forget_recovery_codes(tx, person_id)
    record(tx, "factor.reset", "person", person_id)
    end_sessions(tx, person_id, "second_factor_reset")


def is_factor_required(tx: Read) -> bool:
    """Whether the caller's house requires a second step of those who manage."""
    return organizations.organization(tx).settings.access.second_factor == "required"


def _offered(tx: Read, doors: Doors, ticket: str) -> str:
    offered = doors.tickets.read(PURPOSE, ticket, tx.now)
    person_id = tx.actor.person()
    if offered is None or offered.uuid("person") != person_id:
        raise Problem("ticket_over", "This code was open for too long. Here is a new one.")
    return doors.seal.open(person_id, Sealed(offered.says["sealed"], offered.says["key"])).decode("ascii")
