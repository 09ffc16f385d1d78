"""Do and undo an import of daily results."""

from collections.abc import Sequence
from typing import Any

from topline.core.errors import FieldError, Problem
from topline.core.permissions import P
from topline.core.transaction import Write
from topline.results import queries
from topline.results.actions.writing import Change, remove, store, without_source
from topline.results.queries import (
    WRITTEN,
    EntryView,
    ImportChangeView,
    ImportView,
    Plan,
    PlannedDay,
    image_from,
)


def apply_days(
    tx: Write, view: ImportView, plan: Plan[PlannedDay]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Write the planned days; tells the changes to keep for an undo, and the span of dates."""
    tx.actor.must(P.RESULTS_WRITE)
    assert view.location_id is not None
    written = [day for day in plan.rows if day.act in WRITTEN and day.after is not None]
    changes = [
        Change(view.location_id, day.business_date, day.before, day.before_image, day.after)
        for day in written
        if day.after is not None
    ]
    ids = store(tx, changes, "daily_entry.imported", view.options.reason, import_id=str(view.id))
    kept = [
        {
            "row_number": day.row,
            "subject_id": entry_id,
            "before": day.before_image.data() if day.before_image is not None else None,
            "after": change.after.data(),
        }
        for day, change, entry_id in zip(written, changes, ids, strict=True)
    ]
    dates = sorted(day.business_date.isoformat() for day in written)
    return kept, {"first": dates[0], "last": dates[-1]}


def undo_days(tx: Write, view: ImportView, changes: Sequence[ImportChangeView]) -> None:
    """Bring each day back to what it said, or away if there was none. Refuses all if one was changed since."""
    tx.actor.must(P.RESULTS_WRITE)
    now = queries.entries_by_id(tx, [change.subject_id for change in changes], lock=True)
    parts = queries.shares_of(tx, list(now))
    added: list[EntryView] = []
    restored: list[Change] = []
    stale: list[FieldError] = []
    for change in changes:
        entry = now.get(change.subject_id)
        image = entry.image([s.share for s in parts.get(entry.id, ())]) if entry is not None else None
        imported = image_from(change.after)
        if entry is None or image is None or without_source(image) != without_source(imported):
            stale.append(_stale(change, entry))
        elif change.before is None:
            added.append(entry)
        else:
            before = image_from(change.before)
            restored.append(Change(entry.location_id, entry.business_date, entry, image, before))
    if stale:
        message = f"{len(stale)} of these days were changed since. Nothing was undone."
        raise Problem("import_not_undoable", message, fields=tuple(stale[:100]))
    remove(tx, added, "daily_entry.removed", import_id=str(view.id))
    store(tx, restored, "daily_entry.restored", "Import undone", import_id=str(view.id))


def _stale(change: ImportChangeView, entry: EntryView | None) -> FieldError:
    field = f"rows.{change.row_number}"
    if entry is None:
        return FieldError(field, "removed_since", "This day was taken away by the undo of another import.")
    who = entry.updated_by_name or "somebody"
    message = f"{entry.business_date.isoformat()} was changed by {who} after the import."
    return FieldError(field, "changed_since", message)
