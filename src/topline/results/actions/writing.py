"""Store entries: the row, the shares of persons, the version that stays, the audit row and the event, together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from topline.audit.actions import record
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Write
from topline.results.events import DailyEntryChanged
from topline.results.models import DailyEntry, DailyEntryVersion, PersonResult
from topline.results.queries import EntryImage, EntryView


@dataclass(frozen=True, slots=True)
class Change:
    """One entry on its way: from what stood there (None: nothing) to what it says now."""

    location_id: UUID
    business_date: date
    before: EntryView | None
    before_image: EntryImage | None
    after: EntryImage

    @property
    def is_needed(self) -> bool:
        """Whether anything is different afterwards. Who wrote it last (`source`) alone is no difference."""
        if self.before_image is None:
            return True
        return without_source(self.before_image) != without_source(self.after)


def without_source(image: EntryImage) -> dict[str, Any]:
    """What an entry says, as JSON values, without the way it came in."""
    data = image.data()
    del data["source"]
    return data


def store(tx: Write, changes: Sequence[Change], act: str, reason: str = "", **told: Any) -> list[UUID]:
    """Write the changes and tell the entries' ids in the same order. Each gets a new version and an audit row.

    The entries must be locked and decided about; `told` is added to each audit row. Raises 409 `conflict` when
    somebody else began one of these days in the meantime.
    """
    inserts, shares, versions, ids = [], [], [], []
    for change in changes:
        entry_id = change.before.id if change.before is not None else new_id()
        version = change.before.version + 1 if change.before is not None else 1
        ids.append(entry_id)
        values = {
            "status": change.after.status,
            **asdict(change.after.figures),
            "notes": change.after.notes,
            "source": change.after.source,
            "version": version,
            "updated_at": tx.now,
            "updated_by": tx.actor.person_id,
        }
        if change.before is None:
            place = {"location_id": change.location_id, "business_date": change.business_date}
            inserts.append({"organization_id": tx.organization_id, "id": entry_id, **place, **values})
        else:
            _update(tx, entry_id, values)
        if change.before_image is None or change.before_image.shares != change.after.shares:
            if change.before is not None:
                _remove_shares(tx, [entry_id])
            shares += [_share_row(tx, entry_id, change.business_date, share) for share in change.after.shares]
        versions.append(_version_row(tx, entry_id, version, change.after, reason))
        _audit(tx, entry_id, change, act, reason, told)
        tx.after_commit(DailyEntryChanged(tx.organization_id, change.location_id, change.business_date))
    _insert_entries(tx, inserts)
    for table, rows in ((PersonResult, shares), (DailyEntryVersion, versions)):
        if rows:
            tx.change(insert(table), rows)
    return ids


def remove(tx: Write, entries: Sequence[EntryView], act: str, **told: Any) -> None:
    """Take entries back as if they had never been, versions and all: only the undo of an import does this."""
    for start in range(0, len(entries), 500):
        ids = [entry.id for entry in entries[start : start + 500]]
        _remove_shares(tx, ids)
        own = DailyEntryVersion.organization_id == tx.organization_id
        tx.change(delete(DailyEntryVersion).where(own, DailyEntryVersion.entry_id.in_(ids)))
        mine = DailyEntry.organization_id == tx.organization_id
        tx.change(delete(DailyEntry).where(mine, DailyEntry.id.in_(ids)))
    for entry in entries:
        before = {**asdict(entry.figures), "status": entry.status, "notes": entry.notes}
        place = {"location_id": str(entry.location_id), "business_date": entry.business_date.isoformat()}
        record(tx, act, "daily_entry", entry.id, before=before, after={**place, **told})
        tx.after_commit(DailyEntryChanged(tx.organization_id, entry.location_id, entry.business_date))


def _insert_entries(tx: Write, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    try:
        # In a savepoint, because PostgreSQL answers nothing more in a transaction whose statement failed.
        with tx.savepoint():
            tx.change(insert(DailyEntry), rows)
    except IntegrityError as error:
        raise Problem("conflict", "Somebody else entered this day just now. Look at it again.") from error


def _update(tx: Write, entry_id: UUID, values: dict[str, Any]) -> None:
    mine = (DailyEntry.organization_id == tx.organization_id, DailyEntry.id == entry_id)
    touched = tx.change(
        update(DailyEntry).where(*mine, DailyEntry.version == values["version"] - 1).values(**values)
    )
    if touched != 1:
        raise Problem("conflict", "Somebody else changed this day just now. Look at it again.")


def _remove_shares(tx: Write, entry_ids: list[UUID]) -> None:
    mine = PersonResult.organization_id == tx.organization_id
    tx.change(delete(PersonResult).where(mine, PersonResult.entry_id.in_(entry_ids)))


def _share_row(tx: Write, entry_id: UUID, day: date, share: Any) -> dict[str, Any]:
    return {
        "organization_id": tx.organization_id,
        "entry_id": entry_id,
        "person_id": share.person_id,
        "business_date": day,
        "revenue_minor": share.revenue_minor,
        "covers": share.covers,
    }


def _version_row(tx: Write, entry_id: UUID, version: int, image: EntryImage, reason: str) -> dict[str, Any]:
    return {
        "organization_id": tx.organization_id,
        "entry_id": entry_id,
        "version": version,
        "values": image.data(),
        "reason": reason,
        "at": tx.now,
        "by": tx.actor.person_id,
        "by_label": tx.actor.label[:120],
    }


def _audit(tx: Write, entry_id: UUID, change: Change, act: str, reason: str, told: dict[str, Any]) -> None:
    after = change.after.data()
    before = change.before_image.data() if change.before_image is not None else None
    if before is not None:
        changed = {name for name, value in after.items() if before.get(name) != value}
        after = {name: after[name] for name in after if name in changed}
        before = {name: before.get(name) for name in after}
    place = {"location_id": str(change.location_id), "business_date": change.business_date.isoformat()}
    extra = {**place, **told, **({"reason": reason} if reason else {})}
    record(tx, act, "daily_entry", entry_id, before=before, after={**after, **extra})
