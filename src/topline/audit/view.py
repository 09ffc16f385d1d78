"""What the trail's page shows: its filters as the address carries them, and its rows in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from topline.audit.queries import AuditRow, Wanted
from topline.audit.surroundings import Surroundings
from topline.audit.words import ACTS, act_in_words
from topline.core.ids import parse_id
from topline.core.transaction import Read

#: Ways to say which days: how many days before today they begin.
DAYS: Final[dict[str, int]] = {"today": 0, "week": 6, "month": 29}
#: Longer values are cut: a note is read where it was written.
_LONGEST: Final = 80
#: A word of the program, such as `amount_mismatch`.
_CODE: Final = re.compile(r"[a-z]+(_[a-z]+)+")


@dataclass(frozen=True, slots=True)
class View:
    """The page's filters. `about` is an id of whatever kind, `first` and `last` are dates, both included."""

    by: UUID | None = None
    about: UUID | None = None
    act: str = ""
    day: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether less is shown than there is."""
        return self != View()

    def wanted(self, now: datetime, zone: str) -> Wanted:
        """The same as the queries understand it."""
        local = ZoneInfo(zone)
        today = now.astimezone(local).date()
        first, last = self.first, self.last
        if self.day:
            first, last = today - timedelta(days=DAYS[self.day]), today
        return Wanted(
            actor_id=self.by,
            subject_id=self.about,
            act=self.act or None,
            since=datetime.combine(first, time(), local) if first else None,
            until=datetime.combine(last + timedelta(days=1), time(), local) if last else None,
        )

    def url(self, **changes: Any) -> str:
        """The address of this view with some filters changed."""
        cursor = changes.pop("cursor", None)
        other = replace(self, **changes)
        values = {name: getattr(other, name) for name in View.__dataclass_fields__} | {"cursor": cursor}
        query = urlencode({name: str(value) for name, value in values.items() if value})
        return f"/audit?{query}" if query else "/audit"


def view_of(given: Mapping[str, Any]) -> View:
    """The view an address asks for. What is not understood is left open."""
    first, last = _day(given.get("first")), _day(given.get("last"))
    day, act = str(given.get("day")), str(given.get("act"))
    return View(
        by=parse_id(str(given.get("by"))),
        about=parse_id(str(given.get("about"))),
        act=act if act in ACTS else "",
        day=day if day in DAYS and not (first or last) else "",
        first=first,
        last=last,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed. None: it was not there, or is not any more."""

    field: str
    before: Any
    after: Any
    is_money: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the page shows it."""

    row: AuditRow
    what: str
    subject: str
    changes: tuple[Change, ...]


def lines_of(tx: Read, rows: Sequence[AuditRow], around: Surroundings) -> list[Line]:
    """Rows in words. Asks once for each kind of thing that is named, however many rows there are."""
    named: dict[str, set[UUID]] = {}
    for row in rows:
        if row.subject_id is not None:
            named.setdefault(row.subject_type, set()).add(row.subject_id)
        for document in (row.before, row.after):
            for key, value in (document or {}).items():
                if (kind := _kind(key)) and (one := parse_id(str(value))):
                    named.setdefault(kind, set()).add(one)
    names = {kind: around.names(tx, kind, ids) for kind, ids in named.items()}
    return [
        Line(
            row,
            act_in_words(row.act),
            _named(row, names),
            tuple(_changes(row.before or {}, row.after or {}, names)),
        )
        for row in rows
    ]


def _named(row: AuditRow, names: Mapping[str, Mapping[UUID, str]]) -> str:
    """What the act was about; empty where it has no name, or was about whoever did it."""
    if row.subject_id is None or row.subject_id == row.actor_id:
        return ""
    return names.get(row.subject_type, {}).get(row.subject_id, "")


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, Mapping[UUID, str]]
) -> list[Change]:
    found = []
    for key, was, became in _pairs(before, after):
        known = names.get(_kind(key), {})
        old, new = _shown(was, known), _shown(became, known)
        if old is not None or new is not None:
            field = key.removesuffix("_id").removesuffix("_minor").replace("_", " ")
            found.append(Change(field, old, new, key.endswith("_minor")))
    return list(dict.fromkeys(found))  # a role told by id and by name is one


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each field with what it was and became; of a group of settings only those that differ."""
    for key in dict.fromkeys([*before, *after]):
        was, became = before.get(key), after.get(key)
        if isinstance(was, dict) and isinstance(became, dict):
            for inner, one, other in _pairs(was, became):
                if one != other:
                    yield f"{key} {inner}", one, other
        else:
            yield key, was, became


def _shown(value: Any, names: Mapping[UUID, str]) -> Any:
    if isinstance(value, str):
        found = names.get(parse_id(value) or UUID(int=0), value)
        if _CODE.fullmatch(found):
            found = found.replace("_", " ")
        return found if len(found) <= _LONGEST else found[:_LONGEST] + "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(_shown(one, names)) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')} {_shown(one, names)}" for key, one in value.items())
    return value


def _kind(key: str) -> str:
    """`role_id` → `role`; empty for a key that names nothing."""
    return key.removesuffix("_id") if key.endswith("_id") else ""


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
