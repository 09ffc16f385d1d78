"""A day on which two hundred people use their PINs in every way there is, right and wrong, at a real server.

Every PIN of the day is used, and each answer is kept as a file, but for those that show a manager a PIN to hand over.
"""

import sqlite3
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import psycopg
from sqlalchemy import insert, make_url

from tests.access.http import BROWSER, session_in
from tests.access.plain import staff
from tests.browser.support.server import PEPPER
from tests.factories import QUICK_COST, headers, key_of, make_house, session_of, tablet_of
from tests.support.cast import Cast, Machine
from topline.access.hashing import Hasher
from topline.access.models import Pin
from topline.core.transaction import Database

#: Whom to trust over TLS, which is not spoken here: reading whom the world trusts takes longer than a request.
_NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PEOPLE: Final = 200
#: As TOPLINE_OPERATOR_TOKEN of the server.
OPERATOR: Final = "an operator's token of forty signs, kept"


@dataclass
class Day:
    """The house, its people and their PINs, and what the server answered."""

    database: Database
    pins: Sequence[str]
    answers: Path
    #: Where a PostgreSQL's superuser comes in.
    admin: str = ""
    url: str = ""
    cast: Cast = field(init=False)
    people: list[UUID] = field(init=False)
    first: Machine = field(init=False)
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cast = make_house(self.database)
        self.people = staff(self.database, self.cast, PEOPLE)
        self.first = tablet_of(self.database, self.cast, "First")
        self.answers.mkdir()

        self._prepare()

    def _prepare(self) -> None:
        """Everybody has a PIN. A quick hash: the server makes it slow when they sign in."""
        hasher = Hasher({1: PEPPER.encode()}, 1, QUICK_COST, 1)
        same = {"organization_id": self.cast.organization_id, "pepper_version": 1}
        with self.database.write() as tx:
            rows = [
                {**same, "person_id": who, "pin_hash": hasher.hash_pin(who, pin)[0], "set_at": tx.now}
                for who, pin in zip(self.people, self.pins, strict=True)
            ]
            tx.change(insert(Pin), rows)
        hasher.close()

    def begin(self, url: str) -> None:
        """The server is up."""
        self.url = url

    def lived(self) -> None:
        """All of it."""
        self.right(range(40))
        self.wrong(range(40, 100))
        self.mistaken(range(100, 119))
        self.changed(range(119, 129), range(129, 139))
        self.given(range(139, 160))
        self.imported(range(160, 180))
        self.broken(range(180, 200))
        self.looked_at()

    def ask(self, method: str, path: str, *tokens: str, keep: bool = True, **more: Any) -> httpx.Response:
        """One request; its answer is kept."""
        given = {**headers(*tokens), **more.pop("headers", {})}
        answer = httpx.request(method, self.url + path, headers=given, timeout=60, verify=_NOBODY, **more)
        self.statuses.append(answer.status_code)
        if keep:
            (self.answers / uuid4().hex).write_bytes(f"{answer.headers}\n".encode() + answer.content)
        return answer

    def sign_in(self, number: int, pin: str, tablet: Machine | None = None) -> httpx.Response:
        """Somebody types a PIN at a tablet."""
        asked = {"person_id": str(self.people[number]), "pin": pin}
        return self.ask("POST", "/api/auth/pin", (tablet or self.first).token, json=asked)

    def right(self, numbers: range) -> None:
        """They sign in."""
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda number: self.sign_in(number, self.pins[number]), numbers))
        assert {answer.status_code for answer in answers} == {200}

    def wrong(self, numbers: range) -> None:
        """Each types the PIN of the next, until the tablet may not try any more; one goes on until paused."""
        second, third = (tablet_of(self.database, self.cast, name) for name in ("Second", "Third"))
        answers = [self.sign_in(number, self.pins[number + 1], second) for number in numbers]
        answers += [self.sign_in(numbers[0], self.pins[numbers[1]], third) for _ in range(5)]
        codes = {answer.json()["code"] for answer in answers}
        assert codes == {"pin_wrong", "too_many_sign_ins", "pin_paused"}

    def mistaken(self, numbers: range) -> None:
        """PINs in the wrong field, of the wrong kind, at the wrong address, from the wrong place."""
        who, pins = str(self.people[numbers[0]]), iter([self.pins[number] for number in numbers])
        path, tablet = "/api/auth/pin", self.first.token
        pin = next(pins)
        for body in (
            {"person_id": who, "pin": int(pin)},
            {"person_id": who, "pin": next(pins) * 5},
            {"person_id": who, "pin": f"{next(pins)}x"},
            {"person_id": next(pins), "pin": next(pins)},
            {"person_id": who, "pin": next(pins), "again": next(pins)},
            {"person_id": str(uuid4()), "pin": next(pins)},
            [next(pins)],
        ):
            self.ask("POST", path, tablet, json=body)
        self.ask("POST", path, tablet, content=f'{{"person_id": "{who}", "pin": "{next(pins)}')
        self.ask("POST", path, tablet, data={"person_id": who, "pin": next(pins)})
        self.ask("POST", f"{path}?pin={next(pins)}", tablet)
        self.ask("GET", f"{path}?pin={next(pins)}", tablet)
        self.ask("POST", path, json={"person_id": who, "pin": next(pins)})
        elsewhere = {"Origin": "https://elsewhere.invalid", "Sec-Fetch-Site": "cross-site"}
        self.ask("POST", path, tablet, json={"person_id": who, "pin": next(pins)}, headers=elsewhere)
        office = {"email": self.cast.mina.email, "password": next(pins)}
        self.ask("POST", "/api/auth/login", json=office)
        self.ask("POST", "/sign-in", data={**office, "password": next(pins)}, headers=BROWSER)
        self.ask("POST", "/api/auth/login", json={"email": next(pins), "password": next(pins)})
        assert not list(pins)

    def changed(self, numbers: range, after: range) -> None:
        """They sign in and choose another; what is no good first."""
        for number, later in zip(numbers, after, strict=True):
            old, new = self.pins[number], self.pins[later]
            session = session_in(self.sign_in(number, old))
            tries = ((old, old), (new, old), (old, f"{new}9"), (old, new))
            answers = [
                self.ask(
                    "POST",
                    "/api/auth/pin/change",
                    session,
                    self.first.token,
                    json={"current_pin": current, "new_pin": chosen},
                )
                for current, chosen in tries
            ]
            assert [answer.status_code for answer in answers] == [400, 401, 400, 204], answers[-1].text

    def given(self, numbers: range) -> None:
        """A manager gives PINs, and tries to give some that may not be given."""
        session = session_of(self.database, self.cast.mina)
        for number in numbers:
            pin, path = self.pins[number], f"/api/users/{self.people[number]}/pin"
            shown = self.ask("POST", path, session, json={"pin": pin}, keep=False)
            assert shown.json() == {"pin": pin}
            refused = [
                self.ask("POST", path, session, json={"pin": f"{pin}9"}),
                self.ask("POST", path, session, json={"pin": int(pin)}),
                self.ask("POST", f"/api/users/{self.cast.olga.id}/pin", session, json={"pin": pin}),
            ]
            assert [answer.status_code for answer in refused] == [400, 400, 403]
            self.ask(
                "POST", f"/people/{self.people[number]}/pin", session, headers=BROWSER, data={"pin": pin}
            )
            assert self.statuses[-1] == 200

    def imported(self, numbers: range) -> None:
        """A roster with a column of PINs, from a house that wrote them down."""
        session = session_of(self.database, self.cast.olga)
        rows = [f"N-{number},New {number},Bartender,Bar,{self.pins[number]}" for number in numbers]
        file = "\n".join(["staff_number,name,role,department,PIN", *rows])
        sent = {"files": {"file": ("roster.csv", file)}, "data": {"kind": "roster"}}
        # The preview shows the manager the first rows of the file they sent.
        preview = self.ask("POST", "/api/imports", session, keep=False, **sent)
        path = f"/api/imports/{preview.json()['id']}"
        done = self.ask("POST", f"{path}/commit", session)
        assert (done.status_code, done.json()["counts"]["new"]) == (200, len(numbers))
        self.ask("GET", path, session)

    def broken(self, numbers: range) -> None:
        """People sign in while something is broken inside."""
        tablet = tablet_of(self.database, self.cast, "Fourth")
        for table in ("pins", "sign_ins"):
            with self.away(table):
                for number in numbers:
                    assert self.sign_in(number, self.pins[number], tablet).status_code >= 500
        self.change_rows("UPDATE pins SET pepper_version = 7 WHERE pepper_version = 1")
        for number in numbers:
            assert self.sign_in(number, self.pins[number], tablet).status_code >= 500
        self.change_rows("UPDATE pins SET pepper_version = 1 WHERE pepper_version = 7")

    def looked_at(self) -> None:
        """What operators, managers and owners can see of the day."""
        owner = session_of(self.database, self.cast.olga)
        key = key_of(self.database, self.cast.olga)
        for path in ("/health", "/health/ready", "/health/version", "/api/health", "/metrics"):
            self.ask("GET", path)
            self.ask("GET", path, headers={"Authorization": f"Bearer {OPERATOR}"})
        after: str | None = ""
        while after is not None:
            trail = self.ask("GET", f"/api/audit-events?limit=100{after}", owner).json()
            after = f"&cursor={trail['next_cursor']}" if trail["next_cursor"] else None
        self.ask("GET", "/api/auth/locks", owner)
        self.ask("GET", "/api/users?limit=100", key)
        for who in self.people[:100:5]:
            self.ask("GET", f"/api/users/{who}/sign-ins", owner)
        for page in (
            "/audit",
            "/account",
            "/account/history",
            "/people",
            f"/people/{self.people[0]}",
            "/devices",
        ):
            self.ask("GET", page, owner, headers=BROWSER)

    @contextmanager
    def away(self, table: str) -> Iterator[None]:
        """Without this table."""
        self.change_rows(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            self.change_rows(f"ALTER TABLE {table}_away RENAME TO {table}")

    def change_rows(self, statement: str) -> None:
        """As an operator does at the shell of the database."""
        if self.database.url.startswith("sqlite"):
            with closing(
                sqlite3.connect(str(make_url(self.database.url).database), timeout=30)
            ) as connection:
                connection.execute(statement)
                connection.commit()
        else:
            with psycopg.connect(self.admin) as connection:
                connection.execute(statement)
