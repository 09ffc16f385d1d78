"""Enter, close and adjust a day's results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from topline.core.errors import FieldError, Problem, invalid, invalid_fields, not_found
from topline.core.permissions import P
from topline.core.text import TextError, clean_line, clean_note
from topline.core.transaction import Write
from topline.organizations.queries import LocationView, location, today
from topline.results import queries
from topline.results.actions.writing import Change, store
from topline.results.queries import EntryImage, EntryView
from topline.results.rules import (
    NOTES_LENGTH,
    REASON_LENGTH,
    EntryAct,
    EntryStatus,
    Figures,
    Finding,
    Severity,
    Share,
    check_date,
    check_figures,
    check_shares,
    has_errors,
    next_entry_status,
    usual,
)

#: Worth a look beside the figures, but nobody has to confirm them: not everybody has a till.
_ONLY_SHOWN: Final = {"people_sum_above_total", "people_sum_below_total"}
_AUDIT_ACTS: Final = {
    EntryAct.SAVE: "daily_entry.saved",
    EntryAct.CLOSE: "daily_entry.closed",
    EntryAct.ADJUST: "daily_entry.adjusted",
}


@dataclass(frozen=True, slots=True)
class DayValues:
    """What a person says about a day: all of its figures. `shares` None leaves those of persons as they are."""

    figures: Figures
    notes: str = ""
    shares: tuple[Share, ...] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The entry as it stands now, and what is odd about it."""

    entry: EntryView
    findings: tuple[Finding, ...]


def save(
    tx: Write, location_id: UUID, day: date, values: DayValues, *, version: int | None, confirm: bool = False
) -> Saved:
    """Set the figures of an open day. `version` is what the person saw, None or 0 when nothing was entered yet.

    Raises 400 for what cannot be, 409 `conflict` (with what stands there now), `entry_closed`, and
    `needs_confirmation` for what is odd unless `confirm`. Saving what stands there already changes nothing.
    """
    return _write(tx, EntryAct.SAVE, location_id, day, values, version, "", confirm)


def adjust(
    tx: Write,
    location_id: UUID,
    day: date,
    values: DayValues,
    *,
    version: int | None,
    reason: str,
    confirm: bool = False,
) -> Saved:
    """Correct a closed day. The reason stays with what it said before. Raises as `save`, and 409 `entry_open`."""
    try:
        reason = clean_line(reason, REASON_LENGTH)
    except TextError as error:
        raise invalid("reason", error.code, "Say why the closed day is changed.") from error
    return _write(tx, EntryAct.ADJUST, location_id, day, values, version, reason, confirm)


def close(tx: Write, location_id: UUID, day: date, *, version: int | None) -> Saved:
    """Call a day final. From then on it is only adjusted, with a reason.

    Raises 404 for a day without an entry, 400 for one without a figure, 409 as `save`.
    """
    tx.actor.must(P.RESULTS_WRITE)
    house = location(tx, location_id)
    before = queries.entry(tx, house.id, day, lock=True)
    if before is None:
        raise not_found("entry of that day")
    shares = tuple(view.share for view in queries.shares(tx, before.id))
    image = before.image(shares)
    _check_version(before, image, version)
    status = _next_status(before, EntryAct.CLOSE)
    if before.figures == Figures():
        raise invalid("revenue_minor", "nothing_entered", "Enter at least one figure before closing the day.")
    after = EntryImage(status, image.figures, image.notes, image.source, shares)
    store(tx, [Change(house.id, day, before, image, after)], _AUDIT_ACTS[EntryAct.CLOSE])
    return _saved(tx, house, day, after)


def _write(
    tx: Write,
    act: EntryAct,
    location_id: UUID,
    day: date,
    values: DayValues,
    version: int | None,
    reason: str,
    confirm: bool,
) -> Saved:
    tx.actor.must(P.RESULTS_WRITE)
    house = location(tx, location_id)
    _check_day(tx, house, day)
    before = queries.entry(tx, house.id, day, lock=True)
    old_shares = tuple(view.share for view in queries.shares(tx, before.id)) if before is not None else ()
    image = before.image(old_shares) if before is not None else None
    if act is EntryAct.ADJUST and before is None:
        raise not_found("entry of that day")
    _check_version(before, image, version)
    status = _next_status(before, act)
    figures, notes = values.figures, _notes(values.notes)
    shares = old_shares if values.shares is None else values.shares
    _check_people(tx, shares, old_shares)
    _check_findings(findings_of(tx, house.id, day, figures, shares), confirm)
    if image is None and figures == Figures() and not notes and not shares:
        raise invalid("revenue_minor", "nothing_entered", "Enter at least one figure.")
    after = EntryImage(status, figures, notes, "manual", tuple(sorted(shares, key=lambda s: s.person_id)))
    change = Change(house.id, day, before, _sorted(image), after)
    # Adjusting into the very same figures is no adjustment: the state alone does not move.
    if image is None or _says(image) != _says(after):
        store_one(tx, change, act, reason)
    return _saved(tx, house, day, after)


def store_one(tx: Write, change: Change, act: EntryAct, reason: str) -> None:
    """Store one change; a conflict tells what stands there now."""
    try:
        store(tx, [change], _AUDIT_ACTS[act], reason)
    except Problem as problem:
        if problem.code == "conflict":
            now = queries.entry(tx, change.location_id, change.business_date)
            if now is not None:
                raise _conflict(now, now.image([s.share for s in queries.shares(tx, now.id)])) from problem
        raise


def findings_of(
    tx: Write, location_id: UUID, day: date, figures: Figures, shares: Sequence[Share]
) -> list[Finding]:
    """Everything impossible or odd about a day, compared with what is usual at the house."""
    found = check_figures(figures, usual(queries.recent_revenue(tx, location_id, day)))
    return found + check_shares(figures, shares)


def _check_day(tx: Write, house: LocationView, day: date) -> None:
    finding = check_date(day, today(tx, house))
    if finding is not None:
        raise invalid(finding.field, finding.code, finding.message)


def _check_version(before: EntryView | None, image: EntryImage | None, version: int | None) -> None:
    """What the person saw must be what stands there; None and 0 say that nothing was."""
    if before is None or image is None:
        if version:
            raise Problem("conflict", "This entry was taken back in the meantime. Look at the day again.")
        return
    if (version or 0) != before.version:
        raise _conflict(before, image)


def _conflict(now: EntryView, image: EntryImage) -> Problem:
    who = now.updated_by_name or "Somebody else"
    current = {
        **image.data(),
        "version": now.version,
        "updated_at": now.updated_at.isoformat().replace("+00:00", "Z"),
        "updated_by_name": now.updated_by_name,
    }
    return Problem(
        "conflict", f"{who} changed this day in the meantime. Nothing was overwritten.", current=current
    )


def _next_status(before: EntryView | None, act: EntryAct) -> EntryStatus:
    if before is None:
        return EntryStatus.OPEN
    status = next_entry_status(EntryStatus(before.status), act)
    if status is not None:
        return status
    if act is EntryAct.ADJUST:
        raise Problem("entry_open", "This day is still open: simply save it.")
    raise Problem("entry_closed", "This day is closed. It can be adjusted, with a reason.")


def _check_findings(findings: Sequence[Finding], confirm: bool) -> None:
    if has_errors(findings):
        raise invalid_fields([_field(f) for f in findings if f.severity is Severity.ERROR])
    odd = tuple(_field(f) for f in findings if f.code not in _ONLY_SHOWN)
    if odd and not confirm:
        raise Problem("needs_confirmation", odd[0].message, fields=odd)


def _check_people(tx: Write, shares: Sequence[Share], known: Sequence[Share]) -> None:
    """Shares are those of people of this house, whether they still work here or not."""
    new = {share.person_id for share in shares} - {share.person_id for share in known}
    if len(shares) > queries.MOST_SHARES:
        raise invalid("people", "too_many", f"At most {queries.MOST_SHARES} people.")
    found = queries.known_people(tx, new) if new else set()
    wrong = [
        FieldError(f"people.{number}.person_id", "person_unknown", "There is no such person.")
        for number, share in enumerate(shares)
        if share.person_id in new - found
    ]
    if wrong:
        raise invalid_fields(wrong)


def _notes(text: str) -> str:
    try:
        return clean_note(text, NOTES_LENGTH, True)
    except TextError as error:
        raise invalid("notes", error.code, str(error)) from error


def _field(finding: Finding) -> FieldError:
    return FieldError(finding.field, finding.code, finding.message)


def _sorted(image: EntryImage | None) -> EntryImage | None:
    if image is None:
        return None
    shares = tuple(sorted(image.shares, key=lambda s: s.person_id))
    return EntryImage(image.status, image.figures, image.notes, image.source, shares)


def _says(image: EntryImage) -> tuple[Figures, str, tuple[Share, ...]]:
    return image.figures, image.notes, tuple(sorted(image.shares, key=lambda s: s.person_id))


def _saved(tx: Write, house: LocationView, day: date, after: EntryImage) -> Saved:
    entry = queries.entry(tx, house.id, day)
    assert entry is not None
    return Saved(entry, tuple(findings_of(tx, house.id, day, after.figures, after.shares)))
