"""People with their credentials, tablets and keys."""

import secrets
from dataclasses import asdict

from topline.access.hashing import hash_token
from topline.access.rules import CredentialKind, generate_token, token_hint
from topline.core.ids import new_id
from topline.core.transaction import Write
from topline.upkeep.demo import DemoDevice, DemoHotel, DemoPerson
from topline.upkeep.load.bulk import insert_rows


def load_people(
    tx: Write, hotel: DemoHotel, pins: list[tuple[str, int]], passwords: list[tuple[DemoPerson, str]]
) -> None:
    rows = []
    for person in hotel.people:
        row = asdict(person)
        del row["pin"], row["password"]
        rows.append({**row, "active": True, "deactivated_at": None, "version": 1})
    insert_rows(tx, "people", rows)
    insert_rows(
        tx,
        "pins",
        [
            {
                "person_id": person.id,
                "pin_hash": pin_hash,
                "pepper_version": version,
                "must_change": False,
                "disabled_at": None,
                "set_at": person.created_at,
            }
            for person, (pin_hash, version) in zip(hotel.people, pins, strict=True)
        ],
    )
    insert_rows(
        tx,
        "passwords",
        [
            {"person_id": person.id, "password_hash": password_hash, "changed_at": person.created_at}
            for person, password_hash in passwords
        ],
    )


def load_device(tx: Write, hotel: DemoHotel, device: DemoDevice) -> str:
    kind = CredentialKind.DEVICE if device.kind == "tablet" else CredentialKind.DISPLAY
    token = generate_token(kind, secrets.token_urlsafe)
    row = {
        **asdict(device),
        "location_id": hotel.location.id,
        "token_hash": hash_token(token),
        "created_by": hotel.manager.id,
        "last_seen_at": None,
        "revoked_at": None,
    }
    insert_rows(tx, "devices", [row])
    return token


def load_api_key(tx: Write, hotel: DemoHotel, person: DemoPerson) -> str:
    token = generate_token(CredentialKind.API_KEY, secrets.token_urlsafe)
    row = {
        "id": new_id(),
        "person_id": person.id,
        "name": "Demo scripts",
        "prefix": token_hint(token),
        "token_hash": hash_token(token),
        "permissions": None,
        "created_at": hotel.now,
        "expires_at": None,
        "last_used_at": None,
        "revoked_at": None,
    }
    insert_rows(tx, "api_keys", [row])
    return token
