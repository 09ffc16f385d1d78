"""Links with which somebody sets a new password: made by a manager, handed over in person, good once and for a day."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from topline.access import queries
from topline.access.actions import tries
from topline.access.actions.doors import Caller, Doors, hashing, must_rank
from topline.access.actions.passwords import checked_password, end_links, store_password
from topline.access.actions.sessions import end_sessions
from topline.access.hashing import hash_token
from topline.access.models import PasswordLink
from topline.access.queries import Account, LinkView
from topline.access.rules import PASSWORD_LINK_LIFE, CredentialKind, generate_token
from topline.audit.actions import record
from topline.core.actor import system
from topline.core.errors import Problem, invalid
from topline.core.ids import new_id
from topline.core.permissions import Permission
from topline.core.transaction import Read, Write


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link's token, shown this once."""

    token: str
    expires_at: datetime
    account: Account


def make_password_link(tx: Write, person_id: UUID) -> NewLink:
    """A link for somebody who forgot their password; the one before it is over.

    Raises 403 for a person above the own rank, for oneself and with an API key, 404 for a foreign or inactive person,
    400 for one without an e-mail address.
    """
    tx.actor.must(Permission.PEOPLE_MANAGE)
    if tx.actor.is_api_key:
        raise Problem("forbidden", "Passwords are renewed by a person who signed in, not with an API key.")
    account = queries.own_account(tx, person_id)
    must_rank(tx, account.group)
    if person_id == tx.actor.person_id:
        raise Problem("forbidden", "Change your own password in your account: it asks for the present one.")
    if account.email is None:
        raise invalid("", "no_email", "Give this person an e-mail address first: they sign in with it.")
    end_links(tx, person_id, "replaced")
    token = generate_token(CredentialKind.PASSWORD_LINK, secrets.token_urlsafe)
    link_id, expires_at = new_id(), tx.now + PASSWORD_LINK_LIFE
    tx.change(
        insert(PasswordLink).values(
            organization_id=tx.organization_id,
            id=link_id,
            person_id=person_id,
            token_hash=hash_token(token),
            created_by=tx.actor.person_id,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    record(tx, "password_link.made", "person", person_id)
    return NewLink(token, expires_at, account)


def use_password_link(doors: Doors, caller: Caller, token: str, password: str) -> None:
    """Set the new password and end every session of the person. Signs nobody in: a second step is still asked for.

    Raises 404 `link_over` and 400 for a weak password, which leaves the link good.
    """
    with doors.db.read() as look:
        link = _living(look, token)
    with doors.db.read(system(link.organization_id, "password link")) as look:
        account = queries.own_account(look, link.person_id)
    checked_password(password, account, "new_password")
    with hashing():
        stored = doors.hasher.hash_password(password)
    who = system(link.organization_id, "password link")
    with doors.db.write(who, caller.request_id, caller.address) as tx:
        if not end_links(tx, link.person_id, "used", only=link.id):
            raise Problem("link_over")
        store_password(tx, link.person_id, stored)
        if account.email is not None:
            tries.forget(tx, account.email)
        end_sessions(tx, link.person_id, "password_changed")
        record(tx, "password.set_by_link", "person", link.person_id)


def _living(tx: Read, token: str) -> LinkView:
    link = queries.password_link(tx, token)
    if link is None:
        raise Problem("link_over")
    return link
