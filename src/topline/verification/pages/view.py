"""What a manager looks at: the filters of the page as its address carries them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from topline.core.ids import parse_id
from topline.verification.queries import QueueFilter

SEARCH_LENGTH: Final = 100
#: Ways to say which days: how many days back the first and the last lie.
DAYS: Final[dict[str, tuple[int, int]]] = {
    "today": (0, 0),
    "yesterday": (1, 1),
    "two": (1, 0),
    "week": (6, 0),
}
STATUSES: Final = ("pending", "decided", "verified", "rejected", "expired")
FLAGS: Final = ("unusual", "offline", "clock_ahead", "burst", "photo_missing", "answered")


@dataclass(frozen=True, slots=True)
class View:
    """The page's filters. `as_of` is when the manager looked: the list ends there until it is read anew."""

    as_of: datetime
    status: str = "pending"
    department: UUID | None = None
    behavior: UUID | None = None
    person: UUID | None = None
    day: str = ""
    first: date | None = None
    last: date | None = None
    flag: str = ""
    search: str = ""
    everything: bool = False

    @property
    def waits(self) -> bool:
        """Whether this is the queue itself, not what was decided."""
        return self.status == "pending"

    @property
    def is_filtered(self) -> bool:
        """Whether less is shown than there is."""
        return self != View(self.as_of, status=self.status, everything=self.everything)

    def wanted(self, today: date) -> QueueFilter:
        """The same as the queries understand it. `today` is the business date."""
        first, last = self.first, self.last
        if self.day in DAYS:
            back, until = DAYS[self.day]
            first, last = today - timedelta(days=back), today - timedelta(days=until)
        return QueueFilter(
            status=self.status,
            person_id=self.person,
            behavior_id=self.behavior,
            department_id=self.department,
            first=first,
            last=last,
            flag=self.flag or None,
            search=self.search or None,
            received_until=self.as_of if self.waits else None,
        )

    def url(self, path: str = "/verify", **changes: Any) -> str:
        """The address of this view with some filters changed; `as_of` and `cursor` only when they are named."""
        cursor, as_of = changes.pop("cursor", None), changes.pop("as_of", None)
        other = replace(self, **changes)
        values = {
            "status": "" if other.waits else other.status,
            "department": other.department,
            "behavior": other.behavior,
            "person": other.person,
            "day": other.day,
            "first": other.first,
            "last": other.last,
            "flag": other.flag,
            "search": other.search,
            "view": "all" if other.everything else "",
            "as_of": as_of.isoformat() if as_of else None,
            "cursor": cursor,
        }
        query = urlencode({name: str(value) for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def packed(self) -> str:
        """Everything a form must send along to mean the same logs."""
        return self.url("", as_of=self.as_of).removeprefix("?")


def view_of(given: Mapping[str, Any], now: datetime) -> View:
    """The view an address asks for. What is not understood is left open: an old bookmark still opens the queue."""
    status, flag, day = given.get("status"), given.get("flag"), given.get("day")
    first, last = _day(given.get("first")), _day(given.get("last"))
    return View(
        as_of=_instant(given.get("as_of"), now),
        status=status if status in STATUSES else "pending",
        department=parse_id(str(given.get("department"))),
        behavior=parse_id(str(given.get("behavior"))),
        person=parse_id(str(given.get("person"))),
        day=day if day in DAYS and not (first or last) else "",
        first=first,
        last=last,
        flag=flag if flag in FLAGS else "",
        search=str(given.get("search") or "").strip()[:SEARCH_LENGTH],
        everything=given.get("view") == "all",
    )


def unpacked(packed: object, now: datetime) -> View:
    """The view a form sent along."""
    return view_of(dict(parse_qsl(str(packed or ""))), now)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _instant(text: object, now: datetime) -> datetime:
    """When the manager looked. Never later than now, and never a moment without a zone."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return now if found.tzinfo is None else min(found, now)
