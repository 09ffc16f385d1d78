"""From views to JSON shapes."""

from topline.access.actions import SignedIn
from topline.access.queries import DeviceView, FactorsView, HistoryRow, KeyView, PinHolder, SessionView
from topline.access.schemas import (
    DeviceOut,
    FactorsOut,
    HistoryOut,
    HistoryRowOut,
    HouseOut,
    KeyOut,
    LoginOut,
    PasskeyOut,
    PersonOut,
    SessionOut,
)
from topline.core.actor import Actor, system
from topline.core.text import initials
from topline.people import queries as people
from topline.people.queries import PersonView
from topline.web.request import Req, services


def card_of(holder: PinHolder) -> PersonOut:
    """Somebody who just typed their PIN."""
    return PersonOut(
        id=holder.person_id,
        display_name=holder.display_name,
        initials=initials(holder.name),
        color=holder.color,
        role_name=holder.role_name,
        department_name=holder.department_name,
    )


def person_out(person: PersonView) -> PersonOut:
    """Somebody in short."""
    return PersonOut(
        id=person.id,
        display_name=person.display_name,
        initials=person.initials,
        color=person.color,
        role_name=person.role_name,
        department_name=person.department_name,
    )


def session_out(session: SessionView, who: Actor) -> SessionOut:
    """A session, marked when it is the caller's own."""
    return SessionOut(
        id=session.id,
        kind=session.kind.value,
        device_name=session.device_name,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        is_this=session.id == who.credential_id,
    )


def device_out(device: DeviceView) -> DeviceOut:
    """A tablet or display."""
    return DeviceOut(
        id=device.id,
        name=device.name,
        kind=device.kind,
        location_id=device.location_id,
        location_name=device.location_name,
        department_id=device.department_id,
        created_at=device.created_at,
        last_seen_at=device.last_seen_at,
    )


def key_out(key: KeyView) -> KeyOut:
    """An API key without its token."""
    return KeyOut(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        permissions=key.permissions,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )


def factors_out(mine: FactorsView, *, required: bool) -> FactorsOut:
    """Somebody's second factors."""
    return FactorsOut(
        required=required,
        authenticator_added_at=mine.authenticator_added_at,
        authenticator_used_at=mine.authenticator_used_at,
        passkeys=[
            PasskeyOut(
                id=passkey.id,
                name=passkey.name,
                backed_up=passkey.backed_up,
                added_at=passkey.added_at,
                last_used_at=passkey.last_used_at,
            )
            for passkey in mine.passkeys
        ],
        recovery_codes_left=mine.recovery_codes_left,
    )


def signed_in_out(request: Req, found: SignedIn) -> LoginOut:
    """What is told of a person who signed in just now, read as they themselves."""
    account = found.account
    with services(request).db.read(system(account.organization_id)) as tx:
        person = people.person(tx, account.person_id)
    return LoginOut(
        session_id=found.session.session_id,
        expires_at=found.session.expires_at,
        person=person_out(person),
        organization=HouseOut(id=account.organization_id, name=account.organization_name),
    )


def history_out(rows: list[HistoryRow]) -> HistoryOut:
    """When and where somebody signed in."""
    return HistoryOut(
        items=[
            HistoryRowOut(
                at=row.at,
                opened=row.opened,
                method=row.method,
                browser=row.browser,
                device_name=row.device_name,
                address=row.address,
            )
            for row in rows
        ]
    )
