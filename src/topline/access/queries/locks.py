"""Read who is locked out right now, for the manager who lets them in again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select

from topline.access.limits import (
    SignInLimits,
    account_bucket,
    account_wait_left,
    device_bucket,
    known_account_bucket,
    organization_bucket,
    shut_bucket,
    wait_left,
)
from topline.access.models import Device, Pin, PinFailure, SignInFailure
from topline.core.policies import Policy
from topline.core.transaction import Read
from topline.organizations.models import Organization
from topline.people.models import Person


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock. `kind`: `pin` (a person on one tablet, `device_name`), `pin_disabled`, `password`, `device`,
    `organization` (no PINs) or `unknown_devices`; `subject_id` is the person, the device or the organization. `until`
    None: until somebody acts."""

    kind: str
    subject_id: UUID
    label: str
    device_name: str | None
    until: datetime | None


def locks(tx: Read, limits: SignInLimits) -> list[Lock]:
    """Everything that keeps somebody of the house out at this moment, at most 100 of each kind."""
    return [
        *_disabled(tx),
        *_paused(tx),
        *_passwords(tx, limits),
        *_devices(tx, limits.device),
        *_house(tx, limits),
    ]


def _disabled(tx: Read) -> list[Lock]:
    rows = tx.execute(
        select(Person.id, Person.display_name)
        .join(Pin, and_(Pin.organization_id == Person.organization_id, Pin.person_id == Person.id))
        .where(Person.organization_id == tx.organization_id, Person.active, Pin.disabled_at.is_not(None))
        .order_by(Person.display_name, Person.id)
        .limit(100)
    )
    return [Lock("pin_disabled", row.id, row.display_name, None, None) for row in rows]


def _paused(tx: Read) -> list[Lock]:
    rows = tx.execute(
        select(Person.id, Person.display_name, Device.name, PinFailure.paused_until)
        .join(
            PinFailure,
            and_(PinFailure.organization_id == Person.organization_id, PinFailure.person_id == Person.id),
        )
        .outerjoin(
            Device,
            and_(Device.organization_id == Person.organization_id, Device.id == PinFailure.device_id),
        )
        .where(Person.organization_id == tx.organization_id, Person.active, PinFailure.paused_until > tx.now)
        .order_by(PinFailure.paused_until.desc(), Person.id)
        .limit(100)
    )
    return [Lock("pin", row[0], row[1], row[2], row[3]) for row in rows]


def _passwords(tx: Read, limits: SignInLimits) -> list[Lock]:
    people = tx.execute(
        select(Person.id, Person.display_name, Person.email)
        .where(Person.organization_id == tx.organization_id, Person.active, Person.email.is_not(None))
        .order_by(Person.display_name, Person.id)
    ).all()
    outside, known = _failures(tx, "account:"), _failures(tx, "known:")
    found = []
    for person in people:
        tried = (
            outside.get(account_bucket(person.email), []),
            known.get(known_account_bucket(person.email), []),
        )
        wait = max(account_wait_left(failures, limits.pauses, tx.now) for failures in tried)
        if wait:
            until = tx.now + timedelta(seconds=wait)
            found.append(Lock("password", person.id, person.display_name, None, until))
    return found[:100]


def _devices(tx: Read, policy: Policy) -> list[Lock]:
    tablets = tx.execute(
        select(Device.id, Device.name)
        .where(Device.organization_id == tx.organization_id, Device.revoked_at.is_(None))
        .order_by(Device.name, Device.id)
    ).all()
    failures = _failures(tx, "device:")
    found = [
        Lock("device", tablet.id, tablet.name, None, tx.now + timedelta(seconds=wait))
        for tablet in tablets
        if (wait := wait_left(failures.get(device_bucket(tablet.id), []), policy, tx.now))
    ]
    return found[:100]


def _house(tx: Read, limits: SignInLimits) -> list[Lock]:
    bucket, shut = organization_bucket(tx.organization_id), shut_bucket(tx.organization_id)
    wait = wait_left(_failures(tx, bucket).get(bucket, []), limits.organization, tx.now)
    found = [("organization", tx.now + timedelta(seconds=wait))] if wait else []
    found += [("unknown_devices", end) for end in _failures(tx, shut).get(shut, []) if end > tx.now]
    if not found:
        return []
    name: str = tx.execute(
        select(Organization.name).where(Organization.id == tx.organization_id)
    ).scalar_one()
    return [Lock(kind, tx.organization_id, name, None, until) for kind, until in found]


def _failures(tx: Read, prefix: str) -> dict[str, list[datetime]]:
    rows = tx.execute(
        select(SignInFailure.bucket, SignInFailure.failures).where(
            SignInFailure.bucket.startswith(prefix, autoescape=True),
            SignInFailure.last_at > tx.now - timedelta(days=1),
        )
    )
    return {row.bucket: [datetime.fromisoformat(at) for at in row.failures] for row in rows}
