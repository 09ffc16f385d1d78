"""Read daily entries, their versions and the shares of persons."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_

from topline.core.transaction import Read
from topline.people.models import Person
from topline.results.models import DailyEntry, DailyEntryVersion, PersonResult
from topline.results.rules import Figures, Share

FIGURES: Final = tuple(Figures.__dataclass_fields__)
#: At most so many days are read at once: a year and the comparison before it.
MOST_DAYS: Final = 800
#: How many earlier days say what is usual.
USUAL_DAYS: Final = 56
MOST_SHARES: Final = 500


@dataclass(frozen=True, slots=True)
class EntryImage:
    """Everything an entry says, apart from who said it when: what versions keep and an undo restores."""

    status: str
    figures: Figures
    notes: str
    source: str
    shares: tuple[Share, ...]

    def data(self) -> dict[str, Any]:
        """As JSON values, the shares in the order of their persons."""
        people = [
            {"person_id": str(s.person_id), "revenue_minor": s.revenue_minor, "covers": s.covers}
            for s in sorted(self.shares, key=lambda s: s.person_id)
        ]
        told = {"notes": self.notes, "status": self.status, "source": self.source, "people": people}
        return asdict(self.figures) | told


def image_from(data: dict[str, Any]) -> EntryImage:
    """The image in JSON values; figures that are missing are unknown."""
    shares = tuple(
        Share(UUID(item["person_id"]), item["revenue_minor"], item["covers"])
        for item in data.get("people", ())
    )
    figures = Figures(**{name: data.get(name) for name in FIGURES})
    return EntryImage(data["status"], figures, data.get("notes", ""), data.get("source", "manual"), shares)


@dataclass(frozen=True, slots=True)
class EntryView:
    """The results of one location on one business date."""

    id: UUID
    location_id: UUID
    business_date: date
    status: str
    figures: Figures
    notes: str
    source: str
    version: int
    updated_at: datetime
    updated_by: UUID | None
    updated_by_name: str | None

    def image(self, shares: Sequence[Share]) -> EntryImage:
        """What the entry says, together with its shares."""
        return EntryImage(self.status, self.figures, self.notes, self.source, tuple(shares))


@dataclass(frozen=True, slots=True)
class ShareView:
    """One person's part of a day, with the name to show."""

    person_id: UUID
    name: str
    revenue_minor: int
    covers: int

    @property
    def share(self) -> Share:
        """The plain figures."""
        return Share(self.person_id, self.revenue_minor, self.covers)


@dataclass(frozen=True, slots=True)
class VersionView:
    """An entry as it stood after one change."""

    version: int
    values: dict[str, Any]
    reason: str
    at: datetime
    by: UUID | None
    by_label: str


def entry(tx: Read, location_id: UUID, day: date, *, lock: bool = False) -> EntryView | None:
    """The entry of a day, None when nothing was entered. `lock` holds it against other writers."""
    found = entries_on(tx, location_id, [day], lock=lock)
    return found.get(day)


def entries_on(
    tx: Read, location_id: UUID, days: Collection[date], *, lock: bool = False
) -> dict[date, EntryView]:
    """The entries of these days by date."""
    found: dict[date, EntryView] = {}
    wanted = sorted(days)
    for start in range(0, len(wanted), 500):
        query = _entries(tx).where(
            DailyEntry.location_id == location_id, DailyEntry.business_date.in_(wanted[start : start + 500])
        )
        query = query.order_by(DailyEntry.business_date)
        rows = tx.execute(query.with_for_update(of=DailyEntry) if lock else query)
        found |= {view.business_date: view for view in map(_view, rows)}
    return found


def entries_by_id(tx: Read, ids: Collection[UUID], *, lock: bool = False) -> dict[UUID, EntryView]:
    """These entries by their id; a foreign or deleted one is not among them."""
    found: dict[UUID, EntryView] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        query = _entries(tx).where(DailyEntry.id.in_(wanted[start : start + 500])).order_by(DailyEntry.id)
        rows = tx.execute(query.with_for_update(of=DailyEntry) if lock else query)
        found |= {view.id: view for view in map(_view, rows)}
    return found


def entries_between(tx: Read, location_id: UUID, first: date, last: date) -> list[EntryView]:
    """The entries from `first` to `last`, both included, oldest first; at most `MOST_DAYS`, the newest ones."""
    query = (
        _entries(tx)
        .where(DailyEntry.location_id == location_id, DailyEntry.business_date.between(first, last))
        .order_by(DailyEntry.business_date.desc())
        .limit(MOST_DAYS)
    )
    return [_view(row) for row in tx.execute(query)][::-1]


def entries_page(
    tx: Read,
    *,
    limit: int,
    location_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    status: str | None = None,
    after: tuple[date, UUID] | None = None,
) -> list[EntryView]:
    """Entries, newest day first. `after` is the date and id of the last one of the page before."""
    query = _entries(tx).order_by(DailyEntry.business_date.desc(), DailyEntry.id.desc()).limit(limit)
    if location_id is not None:
        query = query.where(DailyEntry.location_id == location_id)
    if first is not None:
        query = query.where(DailyEntry.business_date >= first)
    if last is not None:
        query = query.where(DailyEntry.business_date <= last)
    if status is not None:
        query = query.where(DailyEntry.status == status)
    if after is not None:
        query = query.where(tuple_(DailyEntry.business_date, DailyEntry.id) < tuple_(*after))
    return [_view(row) for row in tx.execute(query)]


def first_day(tx: Read, location_id: UUID) -> date | None:
    """The earliest day with an entry: before it nothing is missing, because nobody had begun."""
    query = select(func.min(DailyEntry.business_date)).where(
        DailyEntry.organization_id == tx.organization_id, DailyEntry.location_id == location_id
    )
    found: date | None = tx.execute(query).scalar_one()
    return found


def weekday_before(tx: Read, location_id: UUID, day: date) -> EntryView | None:
    """The last entry of the same weekday within four weeks, to compare with."""
    found = entries_on(tx, location_id, [day - timedelta(weeks=weeks) for weeks in range(1, 5)])
    return found[max(found)] if found else None


def recent_revenue(tx: Read, location_id: UUID, before: date) -> list[int]:
    """The known revenue of the last days before a date, for what is usual; minor units."""
    query = (
        select(DailyEntry.revenue_minor)
        .where(
            DailyEntry.organization_id == tx.organization_id,
            DailyEntry.location_id == location_id,
            DailyEntry.business_date < before,
            DailyEntry.revenue_minor.is_not(None),
        )
        .order_by(DailyEntry.business_date.desc())
        .limit(USUAL_DAYS)
    )
    return list(tx.execute(query).scalars())


def shares(tx: Read, entry_id: UUID) -> list[ShareView]:
    """The persons' parts of one entry, by name."""
    return shares_of(tx, [entry_id]).get(entry_id, [])


def shares_of(tx: Read, entry_ids: Collection[UUID]) -> dict[UUID, list[ShareView]]:
    """The persons' parts of several entries."""
    found: dict[UUID, list[ShareView]] = {}
    wanted = sorted(entry_ids)
    for start in range(0, len(wanted), 500):
        query = (
            select(
                PersonResult.entry_id,
                PersonResult.person_id,
                Person.name,
                PersonResult.revenue_minor,
                PersonResult.covers,
            )
            .join(
                Person,
                and_(
                    Person.organization_id == PersonResult.organization_id,
                    Person.id == PersonResult.person_id,
                ),
            )
            .where(
                PersonResult.organization_id == tx.organization_id,
                PersonResult.entry_id.in_(wanted[start : start + 500]),
            )
            .order_by(Person.name, Person.id)
        )
        for entry_id, *share in tx.execute(query):
            found.setdefault(entry_id, []).append(ShareView(*share))
    return found


def versions(tx: Read, entry_id: UUID, *, limit: int, before: int | None = None) -> list[VersionView]:
    """What an entry said after each change, newest first; `before` continues a list."""
    query = (
        select(
            DailyEntryVersion.version,
            DailyEntryVersion.values,
            DailyEntryVersion.reason,
            DailyEntryVersion.at,
            DailyEntryVersion.by,
            DailyEntryVersion.by_label,
        )
        .where(
            DailyEntryVersion.organization_id == tx.organization_id, DailyEntryVersion.entry_id == entry_id
        )
        .order_by(DailyEntryVersion.version.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(DailyEntryVersion.version < before)
    return [VersionView(*row) for row in tx.execute(query)]


def _entries(tx: Read) -> Any:
    person = and_(Person.organization_id == DailyEntry.organization_id, Person.id == DailyEntry.updated_by)
    return (
        select(
            DailyEntry.id,
            DailyEntry.location_id,
            DailyEntry.business_date,
            DailyEntry.status,
            *(getattr(DailyEntry, name) for name in FIGURES),
            DailyEntry.notes,
            DailyEntry.source,
            DailyEntry.version,
            DailyEntry.updated_at,
            DailyEntry.updated_by,
            Person.name.label("updated_by_name"),
        )
        .outerjoin(Person, person)
        .where(DailyEntry.organization_id == tx.organization_id)
    )


def _view(row: Any) -> EntryView:
    figures = Figures(**{name: getattr(row, name) for name in FIGURES})
    return EntryView(
        id=row.id,
        location_id=row.location_id,
        business_date=row.business_date,
        status=row.status,
        figures=figures,
        notes=row.notes,
        source=row.source,
        version=row.version,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        updated_by_name=row.updated_by_name,
    )
