"""A hotel with one of everything, made through the program itself, so that every route finds a real row."""

import io
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from httpx import Response
from PIL import Image
from sqlalchemy import insert, select

from tests.support.hotel import Hotel, build_hotel, headers
from topline.access.models import Passkey
from topline.core.ids import new_id
from topline.core.transaction import Database
from topline.tables import metadata

#: The business date of `Running.clock`, and a day that is closed.
TODAY = "2026-03-04"
CHRISTMAS = "2026-12-25"
CSV = b"Date,Revenue,Covers\n2026-03-01,1000.00,50\n2026-03-02,1100.00,55\n"


class Reachable(Protocol):
    """A started program, in this process or another, and the database under it."""

    @property
    def database(self) -> Database: ...

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
        """One request with nothing remembered from those before."""


@dataclass(frozen=True)
class Furnished:
    """The hotel and, by the name a path or body calls it, an id of each thing. None of them is one of the cast."""

    hotel: Hotel
    ids: dict[str, UUID]

    @property
    def on_tablet(self) -> dict[str, str]:
        """Sam's request at the tablet: both cookies, as the browser sends them."""
        return at_tablet(self.hotel, self.hotel.sam.token)


def at_tablet(hotel: Hotel, session: str) -> dict[str, str]:
    """A request with a session at the hotel's tablet."""
    cookies = f"topline_session={session}; topline_device={hotel.tablet.token}"
    return {"Cookie": cookies, "Sec-Fetch-Site": "same-origin"}


def photo() -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 60)).save(out, "PNG")
    return out.getvalue()


def furnish(house: Reachable, name: str, zone: str = "Europe/Lisbon") -> Furnished:
    """A new hotel with a log of each kind, a photo, a decision, a day, an import, a key, a display and so on."""
    hotel = build_hotel(house.database, name, zone)
    olive, sam = headers(hotel.olive), at_tablet(hotel, hotel.sam.token)
    ids = {
        "location_id": hotel.location_id,
        "department_id": hotel.bar_id,
        "role_id": hotel.bea.role_id,
        "behavior_id": hotel.greet,
    }

    def done(method: str, path: str, sent: dict[str, str], **more: Any) -> Any:
        answer = house.call(method, path, sent, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def log(behavior_id: UUID) -> UUID:
        log_id = new_id()
        body = {"id": str(log_id), "behavior_id": str(behavior_id)}
        done("POST", "/api/behavior-logs", sam, json=body)
        return log_id

    ids["log_id"] = log(hotel.clean)
    picture = {**sam, "Content-Type": "image/png"}
    done("PUT", f"/api/behavior-logs/{ids['log_id']}/evidence", picture, content=photo())
    decided = {"ids": [str(log(hotel.offer))], "batch_id": str(new_id())}
    done("POST", "/api/behavior-logs/bulk-verify", olive, json=decided)
    ids["batch_id"] = UUID(decided["batch_id"])  # type: ignore[arg-type]
    entry = f"/api/daily-entries/{hotel.location_id}/{TODAY}"
    done("PUT", entry, olive, json={"version": 0, "revenue_minor": 500_000, "covers": 100})
    year = {"revenue_minor": 100_000_000, "days_open": 365}
    done("PUT", f"/api/benchmarks/{hotel.location_id}/2025", olive, json=year)
    closed = f"/api/locations/{hotel.location_id}/closures/{CHRISTMAS}"
    done("PUT", closed, olive, json={"reason": "Closed for the day"})
    upload = {"files": {"file": ("days.csv", CSV, "text/csv")}, "data": {"kind": "daily"}}
    ids["import_id"] = UUID(done("POST", "/api/imports", olive, **upload)["id"])
    key = done("POST", "/api/auth/keys", olive, json={"name": "Spare key"})
    ids["key_id"] = UUID(key.get("id") or key["key"]["id"])
    display = done("POST", "/api/devices/displays", olive, json={"name": "Spare wall"})
    ids["device_id"] = UUID(display["device"]["id"])
    ids["code_id"] = UUID(done("POST", "/api/devices/codes", olive, json={})["id"])
    spare = {"name": "Spare Person", "role_id": str(hotel.bea.role_id), "department_id": str(hotel.bar_id)}
    ids["person_id"] = UUID(done("POST", "/api/users", olive, json=spare)["id"])
    ids["session_id"] = UUID(done("GET", "/api/auth/me", olive)["session"]["id"])
    ids["passkey_id"] = new_id()
    with house.database.write() as tx:  # a real one takes an authenticator: tests/browser/test_passkeys.py
        key = {"credential_id": ids["passkey_id"].bytes, "public_key": b"-", "sign_count": 0}
        owner = {"organization_id": hotel.organization_id, "person_id": hotel.olive.id}
        shown = {"name": "Spare passkey", "transports": [], "backed_up": False, "added_at": tx.now}
        tx.change(insert(Passkey).values(**owner, **key, **shown, id=ids["passkey_id"]))
    return Furnished(hotel, ids)


def rows_of(database: Database, organization_id: UUID) -> dict[str, list[Any]]:
    """Every row of the organization, table by table, without the columns that tell when something was last seen."""
    found: dict[str, list[Any]] = {}
    with database.read() as tx:
        for table in metadata.sorted_tables:
            own = table.c.get("organization_id", table.c.get("id") if table.name == "organizations" else None)
            if own is None or table.name == "day_totals":  # worked out from the logs, a moment later
                continue
            columns = [column for column in table.c if not column.name.startswith("last_")]
            rows = tx.execute(select(*columns).where(own == organization_id))
            found[table.name] = sorted(map(repr, rows))
    return found
