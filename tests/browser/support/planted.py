"""Puts every payload into every text a hotel keeps, through the API as its people would, and remembers where."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from tests.browser.support.payloads import PAYLOADS, SHORT, signed
from tests.browser.support.stage import Stage
from tests.factories import headers, key_of, session_of
from topline.core.ids import new_id

#: The text fields of the API that are kept: the sign of each, and the longest text it takes.
KEPT: Final[dict[str, tuple[str, int]]] = {
    "POST /api/auth/keys .name": ("key", 60),
    "POST /api/behavior-logs .note": ("note", 500),
    "POST /api/behavior-logs .place": ("", 10),
    "POST /api/behavior-logs/{log_id}/answer .text": ("answer", 500),
    "POST /api/behavior-logs/{log_id}/reject .note": ("reject", 500),
    "POST /api/behaviors .name": ("behavior", 80),
    "POST /api/behaviors .description": ("about", 500),
    "POST /api/daily-entries/{location_id}/{business_date}/adjust .reason": ("why", 200),
    "PUT /api/daily-entries/{location_id}/{business_date} .notes": ("day", 1000),
    "POST /api/departments .name": ("dept", 100),
    "POST /api/devices/displays .name": ("wall", 60),
    "POST /api/devices/enroll .name": ("pad", 60),
    "POST /api/locations .name": ("house", 100),
    "POST /api/roles .name": ("role", 50),
    "POST /api/users .name": ("person", 100),
    "POST /api/users .display_name": ("tile", 40),
    "POST /api/users .staff_number": ("no", 30),
    "PUT /api/locations/{location_id}/closures/{day} .reason": ("shut", 200),
    "PATCH /api/organization .name": ("hotel", 100),
}
#: The same column as one above, written by another operation.
SAME_COLUMN: Final = {
    "PATCH /api/behaviors/{behavior_id} .name",
    "PATCH /api/behaviors/{behavior_id} .description",
    "PATCH /api/departments/{department_id} .name",
    "PATCH /api/devices/{device_id} .name",
    "PATCH /api/roles/{role_id} .name",
    "POST /api/behavior-logs/bulk-reject .note",
    "POST /api/daily-entries/{location_id}/{business_date}/adjust .notes",
    "PUT /api/imports/{import_id} .options.reason",
    "PUT /api/locations/{location_id} .name",
    "PUT /api/users/{person_id} .display_name",
    "PUT /api/users/{person_id} .name",
    "PUT /api/users/{person_id} .staff_number",
}
#: Kept and shown, but only beside the key of a real authenticator, which this hotel has none of.
NEEDS_A_DEVICE: Final = {
    "POST /api/auth/passkeys .name",
    "PATCH /api/auth/passkeys/{passkey_id} .name",
}
#: The last word of a field that keeps no free text, and why.
NO_FREE_TEXT: Final = {
    "permissions[]": "known words only",
    "icon": "known words only",
    "outcome": "known words only",
    "reason": "known words only, where logs are rejected",
    "leaderboard": "known words only",
    "names": "known words only",
    "second_factor": "known words only",
    "ticket": "a signed token of ours, never kept",
    "step": "a signed token of ours, never kept",
    "locale": "known words only",
    "zone": "known words only",
    "*[]": "a time of day",
    "email": "an address in the shape of one; angle brackets and quotes are refused",
    "search": "looked for, never kept",
    "sheet": "must be a sheet of the uploaded file",
    "code": "compared with a hash",
    "pin": "kept as a hash",
    "current_pin": "compared with a hash",
    "new_pin": "kept as a hash",
    "password": "kept as a hash",
    "current_password": "compared with a hash",
    "new_password": "kept as a hash",
}


@dataclass
class Planted:
    """A small hotel full of them. `texts` are what was stored, by the sign of the field."""

    url: str
    stage: Stage
    client: httpx.Client
    texts: dict[str, list[str]] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)

    def everything(self) -> None:
        """One pass over every field."""
        for number in range(len(PAYLOADS)):
            self._one(number)

    def rename_the_hotel(self, number: int) -> None:
        """There is only one hotel: its name changes while the pages are looked at."""
        text = self._text("PATCH /api/organization .name", number)
        version = self._call("GET", "/api/organization")["version"]
        self._call("PATCH", "/api/organization", {"version": version, "name": text})

    def _one(self, number: int) -> None:
        cast = self.stage.cast
        text: Callable[[str], str] = lambda field: self._text(field, number)  # noqa: E731
        role = self._call("POST", "/api/roles", {"name": text("POST /api/roles .name"), "group": "staff"})
        house = {"location_id": str(cast.location_id)}
        department = self._call(
            "POST", "/api/departments", {**house, "name": text("POST /api/departments .name")}
        )
        hours = self._call("GET", f"/api/locations/{cast.location_id}")["opening_hours"]
        self._call(
            "POST",
            "/api/locations",
            {"name": text("POST /api/locations .name"), "zone": "Europe/Lisbon", "opening_hours": hours},
        )
        person = {"role_id": role["id"], "department_id": department["id"]}
        names = {name: text(f"POST /api/users .{name}") for name in ("name", "display_name", "staff_number")}
        self._call("POST", "/api/users", {**person, **names})
        behavior = {
            "category": "REVENUE",
            "icon": "star",
            "verification": "manager",
            "points": 5,
            "target": 3,
        }
        words = {name: text(f"POST /api/behaviors .{name}") for name in ("name", "description")}
        roles = {"role_ids": [str(cast.front_desk_role_id)], "place_label": "room"}
        made = self._call("POST", "/api/behaviors", {**behavior, **words, **roles})
        key = {"name": text("POST /api/auth/keys .name")}
        self._call("POST", "/api/auth/keys", key, who=self._desks[number % 3])  # nobody has more than twenty
        self._call("POST", "/api/devices/displays", {"name": text("POST /api/devices/displays .name")})
        code = self._call("POST", "/api/devices/codes")["code"]
        enrolled = {"code": code, "name": text("POST /api/devices/enroll .name")}
        self._call("POST", "/api/devices/enroll", enrolled, who={"Sec-Fetch-Site": "same-origin"})
        self._days(number, text)
        self._log(number, text, made["id"])
        self._files(number)

    def _days(self, number: int, text: Callable[[str], str]) -> None:
        place, today = self.stage.cast.location_id, datetime.now(UTC).date()
        day = today - timedelta(days=number + 2)
        path = f"/api/daily-entries/{place}/{day}"
        notes = text("PUT /api/daily-entries/{location_id}/{business_date} .notes")
        figures = {"revenue_minor": 500_000, "covers": 100, "confirm": True}
        saved = self._call("PUT", path, {**figures, "version": 0, "notes": notes})
        closed = self._call("POST", f"{path}/close", {"version": saved["version"]})
        reason = text("POST /api/daily-entries/{location_id}/{business_date}/adjust .reason")
        changed = {**figures, "covers": 101, "version": closed["version"], "notes": notes, "reason": reason}
        self._call("POST", f"{path}/adjust", changed)
        shut = today + timedelta(days=number + 1)
        reason = text("PUT /api/locations/{location_id}/closures/{day} .reason")
        self._call("PUT", f"/api/locations/{place}/closures/{shut}", {"reason": reason})

    def _log(self, number: int, text: Callable[[str], str], behavior_id: str) -> None:
        """One that waits, and one that was rejected and answered."""
        fred, logs = self._fred, [str(new_id()), str(new_id())]
        words = {"note": text("POST /api/behavior-logs .note"), "place": SHORT[number % len(SHORT)]}
        self.texts.setdefault("place", []).append(words["place"])
        for log_id in logs:
            self._call(
                "POST", "/api/behavior-logs", {"id": log_id, "behavior_id": behavior_id, **words}, who=fred
            )
        note = text("POST /api/behavior-logs/{log_id}/reject .note")
        self._call("POST", f"/api/behavior-logs/{logs[0]}/reject", {"reason": "other", "note": note})
        answer = text("POST /api/behavior-logs/{log_id}/answer .text")
        self._call("POST", f"/api/behavior-logs/{logs[0]}/answer", {"text": answer}, who=fred)

    def _files(self, number: int) -> None:
        """An import nobody finishes: its name, a header and cells that cannot be read."""
        name, head, cell = (signed(PAYLOADS[number], sign, number) for sign in ("file", "head", "cell"))
        kept = re.split(r"[\\/]", f"{name}.csv")[-1]  # of a path only the last part is a name
        for sign, text in (("file", kept), ("head", head), ("cell", cell)):
            self.texts.setdefault(sign, []).append(text)
        out = io.StringIO()
        csv.writer(out).writerows([["Date", "Revenue", head], ["2026-03-01", cell, cell], [cell, "1", "2"]])
        upload = {"file": (f"{name}.csv", out.getvalue().encode(), "text/csv")}
        answer = self.client.post("/api/imports", files=upload, data={"kind": "daily"}, headers=self._olga)
        assert answer.is_success, f"{name}: {answer.status_code} {answer.text}"
        self.imports.append(answer.json()["id"])

    def _text(self, field: str, number: int) -> str:
        sign, longest = KEPT[field]
        text = signed(PAYLOADS[number], sign, number)
        if len(text) > longest:  # the shortest that bites fits everywhere
            text = signed(f"<svg onload=p({number})>", sign, number)
        self.texts.setdefault(sign, []).append(text)
        return text

    def _call(self, method: str, path: str, json: Any = None, who: dict[str, str] | None = None) -> Any:
        answer = self.client.request(method, path, json=json, headers=who or self._olga)
        assert answer.is_success, f"{method} {path} {json}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def __post_init__(self) -> None:
        cast, database = self.stage.cast, self.stage.database
        self.sessions = [session_of(database, who) for who in (cast.olga, cast.mina, cast.milo)]
        self._desks = [headers(token) for token in self.sessions]
        self._olga = self._desks[0]
        self._fred = headers(session_of(database, cast.fred, self.stage.tablet), self.stage.tablet.token)
        self.key = key_of(database, cast.olga)
