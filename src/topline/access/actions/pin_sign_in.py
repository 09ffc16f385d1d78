"""Sign in by PIN on an enrolled tablet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from topline.access import queries
from topline.access.actions.doors import Caller, Doors
from topline.access.actions.pin_check import compare_pin, settle
from topline.access.actions.sessions import open_session
from topline.access.hashing import hash_token
from topline.access.queries import PinHolder
from topline.access.rules import CredentialKind, SessionKind
from topline.audit.actions import record
from topline.core.actor import Actor
from topline.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class SignedInByPin:
    """A person at a tablet. `must_change_pin`: a manager gave the PIN and the person should choose their own."""

    session_id: UUID
    token: str
    expires_at: datetime
    person: PinHolder
    must_change_pin: bool


def sign_in_with_pin(doors: Doors, tablet: Actor, caller: Caller, person_id: UUID, pin: str) -> SignedInByPin:
    """Open a session for the person of a tile. The session is tied to the tablet and dies with it.

    Raises what `compare_pin` raises. An unknown person costs one hash and answers like a wrong PIN.
    """
    tablet.must(Permission.TABLET_USE)
    right = compare_pin(doors, tablet, caller, person_id, pin)
    with doors.db.write(tablet, caller.request_id, caller.address) as tx:
        settle(tx, right)
        opened = open_session(
            tx, person_id, SessionKind.TABLET, tablet.device_id, caller=caller, method="pin"
        )
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(opened.token))
        assert actor is not None  # the PIN was found to be this person's a moment ago
        tx.become(actor)
        told = {"by": "pin", "device_id": str(tablet.device_id)}
        record(tx, "sign_in.opened", "person", person_id, after=told)
    return SignedInByPin(
        opened.session_id, opened.token, opened.expires_at, right.holder, bool(right.holder.must_change)
    )
