"""What tests of results need beyond the cast: figures, days written and read, uploads and files."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from openpyxl import Workbook

from tests.factories import headers, make_house, session_of
from tests.support.cast import Cast, Who
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.results import actions, queries
from topline.results.actions import DayValues
from topline.results.rules import Figures
from topline.web.services import Services

TODAY = date(2026, 3, 4)
YESTERDAY = date(2026, 3, 3)
DAILY = ("business_date", "revenue", "covers", "rooms_sold", "rooms_available", "notes")


def values(revenue_minor: int | None = 100_000, covers: int | None = 40, **more: Any) -> DayValues:
    """A plain day."""
    notes, shares = more.pop("notes", ""), more.pop("shares", None)
    return DayValues(Figures(revenue_minor, covers=covers, **more), notes, shares)


def csv_of(rows: Iterable[Sequence[Any]], header: Sequence[str] = DAILY) -> bytes:
    """A CSV file; None is an empty cell."""
    lines = [header, *rows]
    return "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines).encode()


def xlsx_of(rows: Iterable[Sequence[Any]], header: Sequence[str] = DAILY) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [header, *rows]:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def days_of(count: int, last: date = YESTERDAY) -> list[list[Any]]:
    """So many plain days up to `last`, each with figures of its own."""
    first = last - timedelta(days=count - 1)
    return [
        [(first + timedelta(days=n)).isoformat(), f"{5000 + n}.50", 100 + n, 40, 50, ""] for n in range(count)
    ]


class House:
    """The cast with a client that speaks for any of them."""

    def __init__(self, client: TestClient[Any], database: Database, parts: Services) -> None:
        self.client = client
        self.parts = parts
        self.database = database
        self.cast: Cast = make_house(database)
        self._tokens: dict[Any, str] = {}

    def headers(self, who: Who) -> dict[str, str]:
        """The headers of a request by somebody."""
        if who.id not in self._tokens:
            self._tokens[who.id] = session_of(self.database, who)
        return headers(self._tokens[who.id])

    def call(self, who: Who, method: str, path: str, **more: Any) -> Any:
        """A request by somebody; the answer."""
        extra = more.pop("headers", {})
        return self.client.request(method, path, headers={**self.headers(who), **extra}, **more)

    def day(self, day: date = YESTERDAY, tail: str = "") -> str:
        """The address of a day of the house."""
        return f"/api/daily-entries/{self.cast.location_id}/{day.isoformat()}{tail}"

    def upload(
        self, content: bytes, kind: str = "daily", who: Who | None = None, name: str = "days.csv"
    ) -> Any:
        """Send a file; the answer."""
        return self.call(
            who or self.cast.mina,
            "POST",
            "/api/imports",
            data={"kind": kind},
            files={"file": (name, content, "application/octet-stream")},
        )

    def choose(self, found: dict[str, Any], who: Who | None = None, **options: Any) -> Any:
        """Change options of a previewed import; the answer."""
        body = {"options": found["options"] | options, "location_id": found["location_id"]}
        return self.call(who or self.cast.mina, "PUT", f"/api/imports/{found['id']}", json=body)

    def commit(self, found: dict[str, Any], who: Who | None = None) -> Any:
        """Do a previewed import; the answer."""
        return self.call(who or self.cast.mina, "POST", f"/api/imports/{found['id']}/commit")

    def undo(self, found: dict[str, Any], who: Who | None = None) -> Any:
        """Take an import back; the answer."""
        return self.call(who or self.cast.mina, "POST", f"/api/imports/{found['id']}/undo")


def refused(code: str, work: Callable[[], Any]) -> Problem:
    """The problem that refuses the work, which must have this code."""
    with pytest.raises(Problem) as caught:
        work()
    assert caught.value.code == code
    return caught.value


def save(database: Database, cast: Cast, version: int | None = None, **more: Any) -> actions.Saved:
    """Save a day as Mina, or as `who`."""
    day, confirm = more.pop("day", YESTERDAY), more.pop("confirm", False)
    with database.write(more.pop("who", cast.mina).actor) as tx:
        return actions.save(tx, cast.location_id, day, values(**more), version=version, confirm=confirm)


def close(database: Database, cast: Cast, version: int, day: date = YESTERDAY) -> actions.Saved:
    """Close a day as Mina."""
    with database.write(cast.mina.actor) as tx:
        return actions.close(tx, cast.location_id, day, version=version)


def adjust(
    database: Database, cast: Cast, version: int, reason: str = "Late bill", **more: Any
) -> actions.Saved:
    """Adjust yesterday as Milo."""
    with database.write(cast.milo.actor) as tx:
        return actions.adjust(tx, cast.location_id, YESTERDAY, values(**more), version=version, reason=reason)


def stored(database: Database, cast: Cast, day: date = YESTERDAY) -> queries.EntryView | None:
    """The entry of a day, if there is one."""
    with database.read(cast.mina.actor) as tx:
        return queries.entry(tx, cast.location_id, day)


def versions(database: Database, cast: Cast) -> list[queries.VersionView]:
    """Every kept state of yesterday, the newest first."""
    found = stored(database, cast)
    assert found is not None
    with database.read(cast.mina.actor) as tx:
        return queries.versions(tx, found.id, limit=100)


def everything(house: House) -> list[Any]:
    """What all entries of the house say, in the order of days."""
    with house.database.read(house.cast.mina.actor) as tx:
        found = queries.entries_page(tx, limit=500)
        parts = queries.shares_of(tx, [entry.id for entry in found])
        return [
            (entry.id, entry.business_date, entry.image([s.share for s in parts.get(entry.id, ())]).data())
            for entry in found
        ]


def files(house: House) -> list[Path]:
    """The uploads that are kept."""
    folder = house.parts.settings.data / "files" / "imports"
    return sorted(folder.glob("*"))
