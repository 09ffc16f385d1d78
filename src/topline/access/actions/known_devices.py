"""When a house has had too many failed sign-ins: the alarm, and for a while only devices that are known get in.

Known to a person are the enrolled tablets of their house and the browsers that once let them in with the password they
still have, each by a ticket in a cookie of its own. A passkey needs no acquaintance: nobody guesses one.

What a stranger is told must not depend on whether an account exists. Where every house is shut, nothing of the try is
looked at. Where another one is open, whatever does not sign in is answered alike: the shut account and the unknown one
(each for the price of one hash), and the wrong password of the open house. See `docs/decisions/0021-known-devices.md`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select

from topline.access.actions import failures
from topline.access.actions.doors import Caller, Doors, in_words
from topline.access.limits import MEMORY, SHUT, house_bucket, shut_bucket, shut_until, wait_left
from topline.access.models import SignInFailure
from topline.access.queries import Account
from topline.access.rules import KNOWN_BROWSER_LIFE
from topline.audit.actions import record
from topline.core.errors import Problem
from topline.core.transaction import Read, Write
from topline.organizations.queries import organization_ids

log = structlog.get_logger("access")

PURPOSE: Final = "known browser"
#: A browser of the back office is shared by a few; whoever came longest ago is forgotten first.
MOST_PEOPLE: Final = 4
#: Between the tickets of one cookie; stands in none of them.
_AND: Final = "~"


@dataclass(frozen=True, slots=True)
class Way:
    """Which of an address's accounts may be tried from where somebody is.

    `known` are those that know the device, `strange` those whose house is open to others too. `shut` says for how many
    seconds which houses are not, unless it is none of this caller's business.
    """

    known: Sequence[Account] = ()
    strange: Sequence[Account] = ()
    shut: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def accounts(self) -> list[Account]:
        """All that may be tried."""
        return [*self.known, *self.strange]

    @property
    def is_known(self) -> bool:
        """Whether the device is no stranger to anybody who is tried."""
        return bool(self.known) and not self.strange

    def refusal(self) -> Problem | None:
        """What to say when nothing was right, while some house is shut: the same to everybody."""
        return kept_out(self.shut.values(), everybody=False) if self.shut else None


def way_in(tx: Read, doors: Doors, caller: Caller, accounts: Sequence[Account]) -> Way:
    """Which of them may be tried. Raises 429 `known_devices_only` when none may, whoever it were."""
    # At a tablet its own house is open, to whichever address is typed: the answer tells no account from none.
    shut = {house: wait for house, wait in _shut(tx).items() if house != caller.house}
    known = [account for account in accounts if _knows(doors, caller, account, tx.now)]
    strange = [a for a in accounts if a not in known and a.organization_id not in shut]
    if shut and not known and not strange and shut.keys() >= set(organization_ids(tx)):
        raise kept_out(shut.values(), everybody=True)
    is_own_browser = known and not strange and caller.device_id is None
    return Way(known, strange, {} if is_own_browser else shut)


def way_of_passkey(doors: Doors, caller: Caller, account: Account | None, now: datetime) -> Way:
    """The same for whoever shows a passkey, which no house keeps out."""
    known = account is not None and _knows(doors, caller, account, now)
    return Way([account] if account is not None and known else [])


def kept_out(waits: Collection[int], *, everybody: bool) -> Problem:
    """The refusal. It says as much to a stranger with a wrong password as to one with the right one."""
    wait = max(waits)
    if everybody:
        told = (
            f"After many failed sign-ins, only devices that are known get in for the next {in_words(wait)}. "
            "Nothing you typed was checked."
        )
    else:
        told = (
            f"E-mail or password is not right, or your hotel lets in only devices that are known for the next "
            f"{in_words(wait)}, after many failed sign-ins."
        )
    return Problem("known_devices_only", told, retry_after=wait)


def remember_browser(doors: Doors, caller: Caller, account: Account, now: datetime) -> str:
    """What the browser's cookie says from now on: it let this person in. Empty at a tablet, known as itself."""
    if caller.device_id is not None:
        return ""
    ticket = doors.tickets.issue(
        PURPOSE,
        now,
        KNOWN_BROWSER_LIFE,
        house=str(account.organization_id),
        person=str(account.person_id),
        password=account.password_version,
    )
    others = [
        text for text, said in _people(doors, caller, now).items() if said["person"] != str(account.person_id)
    ]
    return _AND.join([ticket, *others[: MOST_PEOPLE - 1]])


def count_for_house(tx: Write, doors: Doors, *, reserved: bool) -> None:
    """One more failed sign-in of the caller's house; the one that is too many sounds the alarm and shuts the house."""
    house, shut = house_bucket(tx.organization_id), shut_bucket(tx.organization_id)
    counted = failures.failures_in(tx, [house])[house]
    if not reserved:
        counted.append(tx.now)
        failures.remember(tx, house, counted)
    wait = wait_left(counted, doors.limits.alarm, tx.now)
    if not wait:
        return
    still = max((end for end in failures.failures_in(tx, [shut])[shut] if end > tx.now), default=None)
    if still is not None:
        # It goes on, and the operator knows. Never open to strangers while their own tries find the window full.
        failures.remember(tx, shut, [max(still, tx.now + timedelta(seconds=wait))])
        return
    until = shut_until(counted, doors.limits.alarm, tx.now)
    failures.remember(tx, shut, [until])
    told = {"reason": "failed_sign_ins", "known_devices_only_until": until.isoformat(timespec="seconds")}
    record(tx, "sign_in.alarm", "organization", tx.organization_id, after=told)
    log.error("sign_in_alarm", organization=str(tx.organization_id), by="organization", **told)


def _shut(tx: Read) -> dict[UUID, int]:
    """For how many seconds which houses of the installation let only known devices in."""
    rows = tx.execute(
        select(SignInFailure.bucket, SignInFailure.failures).where(
            SignInFailure.bucket.startswith(SHUT, autoescape=True),
            SignInFailure.last_at > tx.now - MEMORY,
        )
    )
    ends = {
        UUID(row.bucket.removeprefix(SHUT)): datetime.fromisoformat(end)
        for row in rows
        for end in row.failures
    }
    return {house: ceil((end - tx.now).total_seconds()) for house, end in ends.items() if end > tx.now}


def _knows(doors: Doors, caller: Caller, account: Account, now: datetime) -> bool:
    if caller.device_id is not None:
        return caller.house == account.organization_id
    mine = (str(account.organization_id), str(account.person_id), account.password_version)
    return any(
        (said["house"], said["person"], said["password"]) == mine
        for said in _people(doors, caller, now).values()
    )


def _people(doors: Doors, caller: Caller, now: datetime) -> dict[str, Mapping[str, str]]:
    """Whom the browser let in: each ticket that counts, and what it says."""
    texts = caller.known.split(_AND)[:MOST_PEOPLE] if caller.known else []
    read = {text: doors.tickets.read(PURPOSE, text, now) for text in texts}
    return {text: ticket.says for text, ticket in read.items() if ticket is not None}
