"""Passkeys: register one, show one as the second step or instead of a password, rename and remove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from topline.access import queries
from topline.access.actions.doors import Doors, must_be_at_browser, named_line
from topline.access.actions.factors import after_adding, remove_factor
from topline.access.actions.spending import spend
from topline.access.models import Passkey
from topline.access.queries import StoredPasskey
from topline.access.rules import PASSKEY_LIMIT, is_copied
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.errors import Problem, invalid, not_found
from topline.core.ids import new_id
from topline.core.transaction import Write

log = structlog.get_logger("access")

ADDING: Final = "passkey registration"
SHOWING: Final = "passkey"
CHALLENGE_LIFE: Final = timedelta(minutes=5)
NAME_MAX: Final = 60
REFUSED: Final = "This passkey could not be checked. Please try again, or use another way."


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is tied to: our host, and the whole address of the page it is shown at."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser needs (JSON), and the ticket that carries the challenge until its answer comes."""

    options: str
    ticket: str


def offer_passkey(doors: Doors, actor: Actor, site: Site) -> Challenge:
    """A challenge for a new passkey of the caller. Answered once, within five minutes, by `add_passkey`."""
    must_be_at_browser(actor)
    with doors.db.read(actor) as tx:
        account = queries.own_account(tx, actor.person())
        known = queries.stored_passkeys(tx, account.person_id)
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=f"Topline {account.organization_name}",
            user_id=account.person_id.bytes,
            user_name=account.email or account.display_name,
            user_display_name=account.name,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        ticket = doors.tickets.issue(
            ADDING, tx.now, CHALLENGE_LIFE, person=str(account.person_id), challenge=options.challenge.hex()
        )
    return Challenge(options_to_json(options), ticket)


def add_passkey(
    tx: Write, doors: Doors, site: Site, ticket: str, name: str, credential: Mapping[str, Any]
) -> list[str]:
    """Keep the passkey that answered the challenge. The first factor brings recovery codes, as an app does.

    Raises 401 `ticket_over`, 400 for an answer that does not hold, 409 `conflict` for one passkey too many.
    """
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()
    offered = doors.tickets.read(ADDING, ticket, tx.now)
    if offered is None or offered.uuid("person") != person_id:
        raise Problem("ticket_over")
    spend(tx, offered)
    label = named_line(name, NAME_MAX, "name")
    if len(queries.passkeys(tx, person_id)) >= PASSKEY_LIMIT:
        raise Problem("conflict", f"You have {PASSKEY_LIMIT} passkeys. Remove one that is no longer used.")
    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=bytes.fromhex(offered.says["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise invalid("credential", "invalid", REFUSED) from error
    if queries.passkey_of(tx, found.credential_id) is not None:
        raise Problem("duplicate", "This passkey is registered already.")
    is_first = not queries.factor_ways(tx, person_id)
    tx.change(
        insert(Passkey).values(
            organization_id=tx.organization_id,
            id=new_id(),
            person_id=person_id,
            name=label,
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            transports=_transports(credential),
            backed_up=found.credential_backed_up,
            added_at=tx.now,
        )
    )
    record(tx, "factor.added", "person", person_id, after={"kind": "passkey", "name": label})
    return after_adding(tx, person_id, is_first=is_first)


def challenge(doors: Doors, site: Site, keys: Sequence[StoredPasskey] = ()) -> Challenge:
    """A challenge to show a passkey: one of `keys`, or without them whichever the person chooses."""
    options = generate_authentication_options(
        rp_id=site.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    ticket = doors.tickets.issue(
        SHOWING, doors.db.clock.now(), CHALLENGE_LIFE, challenge=options.challenge.hex()
    )
    return Challenge(options_to_json(options), ticket)


def show_passkey(
    tx: Write, doors: Doors, site: Site, ticket: str, credential: Mapping[str, Any]
) -> StoredPasskey | None:
    """The passkey that answered the challenge rightly, None for a wrong answer. The challenge is used up either way.

    A counter that went backwards means that the key was copied: it is refused, and the operator is told.
    """
    offered = doors.tickets.read(SHOWING, ticket, tx.now)
    if offered is None:
        raise Problem("ticket_over")
    spend(tx, offered)
    try:
        key = queries.passkey_of(tx, base64url_to_bytes(str(credential["id"])))
        if key is None:
            return None
        found = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=bytes.fromhex(offered.says["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,  # judged below, where a copy is told from a wrong answer
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        log.warning("passkey_refused", reason=type(error).__name__)
        return None
    if is_copied(key.sign_count, found.new_sign_count):
        log.warning("sign_in_alarm", person=str(key.person_id), by="copied passkey")
        return None
    return replace(key, sign_count=found.new_sign_count)


def note_use(tx: Write, key: StoredPasskey) -> None:
    """Remember the counter. Raises 401 when somebody else's answer with a higher one came in between."""
    held = tx.change(
        update(Passkey)
        .where(
            Passkey.organization_id == tx.organization_id,
            Passkey.id == key.id,
            Passkey.sign_count <= key.sign_count,
        )
        .values(sign_count=key.sign_count, last_used_at=tx.now)
    )
    if not held:
        raise Problem("second_factor_wrong", REFUSED)


def rename_passkey(tx: Write, passkey_id: UUID, name: str) -> None:
    """Give one of the own passkeys another name. Raises 404 for somebody else's."""
    must_be_at_browser(tx.actor)
    label = named_line(name, NAME_MAX, "name")
    mine = (Passkey.organization_id == tx.organization_id, Passkey.id == passkey_id)
    if not tx.change(update(Passkey).where(*mine, Passkey.person_id == tx.actor.person()).values(name=label)):
        raise not_found("passkey")
    record(tx, "factor.renamed", "person", tx.actor.person(), after={"kind": "passkey", "name": label})


def remove_passkey(tx: Write, passkey_id: UUID) -> None:
    """One of the own passkeys opens nothing any more. Raises 404 for somebody else's, 409 `last_factor`."""
    must_be_at_browser(tx.actor)
    person_id = tx.actor.person()

    def remove() -> int:
        gone = tx.change(
            delete(Passkey).where(
                Passkey.organization_id == tx.organization_id,
                Passkey.id == passkey_id,
                Passkey.person_id == person_id,
            )
        )
        if not gone:
            raise not_found("passkey")
        return gone

    remove_factor(tx, person_id, "passkey", remove)


def _transports(credential: Mapping[str, Any]) -> list[str]:
    response = credential.get("response")
    named = response.get("transports") if isinstance(response, dict) else None
    return [str(one)[:20] for one in named[:8]] if isinstance(named, list) else []
