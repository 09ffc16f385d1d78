"""What an import of daily results would do with each day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from topline.core.errors import FieldError
from topline.core.tabular import RowProblem, Table, column_name
from topline.core.transaction import Read
from topline.organizations.queries import LocationView, location, organization, today
from topline.results.importing import DailyRow, check_daily_mapping, propose, read_daily
from topline.results.options import ImportOptions
from topline.results.queries.entries import (
    FIGURES,
    EntryImage,
    EntryView,
    entries_on,
    recent_revenue,
    shares_of,
)
from topline.results.queries.imports import ImportView
from topline.results.queries.plan import (
    ADJUSTED,
    CHANGED,
    NEW,
    SKIPPED,
    UNCHANGED,
    UNDECIDED,
    Plan,
    Reading,
    counted,
    mapping_of,
    plan_of,
    reading_of,
    turned,
    unreadable,
)
from topline.results.rules import EntryStatus, Figures, Severity, check_figures, usual

Day = tuple[EntryView | None, EntryImage | None]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of the file, what stands there, and what it will say. `after` is None where nothing is written."""

    row: int
    business_date: date
    act: str
    figures: Figures
    notes: str
    before: EntryView | None
    before_image: EntryImage | None
    after: EntryImage | None


def propose_daily(tx: Read, table: Table) -> tuple[ImportOptions, str | None]:
    """How the file seems to be meant, and the key of the known layout it is; None where only a person knows."""
    found = propose(table, organization(tx).currency)
    mapping = found.mapping
    options = ImportOptions(
        columns=mapping.columns,
        date_order=None if found.unclear_dates else mapping.date_order.value,
        decimal_sign=None if found.unclear_amounts else mapping.decimal_sign.value,
    )
    return options, found.preset


def read_days(tx: Read, view: ImportView, table: Table) -> Reading[DailyRow]:
    """Every row of the file as a day, or why it is none."""
    mapping = mapping_of(view.options)
    errors = check_daily_mapping(mapping, table)
    if errors:
        return unreadable(table, errors)
    house = _house(tx, view)
    now = today(tx, house)
    outcome = read_daily(
        turned(table, view.options),
        mapping,
        currency=organization(tx).currency,
        today=now,
        usual_revenue_minor=usual(recent_revenue(tx, house.id, now + timedelta(days=1))),
    )
    reading = reading_of(table, outcome, view.options)
    open_questions = _open_questions(view.options)
    return replace(reading, blockers=(*open_questions, *reading.blockers))


def plan_days(
    tx: Read, view: ImportView, reading: Reading[DailyRow], *, lock: bool = False
) -> Plan[PlannedDay]:
    """What would be done with each day. `lock` holds the days that are there, for doing it."""
    house = _house(tx, view)
    existing = entries_on(tx, house.id, [item.business_date for item in reading.items], lock=lock)
    parts = shares_of(tx, [entry.id for entry in existing.values()])
    now = today(tx, house)
    rows: list[tuple[str, PlannedDay]] = []
    problems: list[RowProblem] = []
    for item in reading.items:
        before = existing.get(item.business_date)
        shares = [part.share for part in parts.get(before.id, ())] if before is not None else []
        image = before.image(shares) if before is not None else None
        planned = _planned(item, (before, image), view.options, is_over=item.business_date < now)
        found = _contradictions(item, planned, view.options)
        problems += found
        if not found:
            rows.append((planned.act, planned))
    return plan_of(reading, rows, problems, _decisions(rows, view.options))


def _planned(item: DailyRow, day: Day, options: ImportOptions, *, is_over: bool) -> PlannedDay:
    before, image = day
    figures, notes = item.figures, item.notes or ""
    if image is not None:
        # A cell that is empty or a column that is missing says nothing: what stands there stays.
        told = {name: value for name in FIGURES if (value := getattr(figures, name)) is not None}
        figures, notes = replace(image.figures, **told), item.notes or image.notes
    act = _act(image, figures, notes, options)
    after = None
    if act in (NEW, CHANGED):
        status = EntryStatus.CLOSED if options.close_days and is_over else EntryStatus.OPEN
        after = EntryImage(status, figures, notes, "import", image.shares if image is not None else ())
    elif act == ADJUSTED and image is not None:
        after = EntryImage(EntryStatus.ADJUSTED, figures, notes, "import", image.shares)
    return PlannedDay(item.row, item.business_date, act, figures, notes, before, image, after)


def _act(image: EntryImage | None, figures: Figures, notes: str, options: ImportOptions) -> str:
    if image is None:
        return NEW
    if (image.figures, image.notes) == (figures, notes):
        return UNCHANGED
    if image.status == EntryStatus.OPEN:
        return {"skip": SKIPPED, "overwrite": CHANGED}.get(options.existing, UNDECIDED)
    return {"skip": SKIPPED, "adjust": ADJUSTED}.get(options.closed, UNDECIDED)


def _contradictions(item: DailyRow, planned: PlannedDay, options: ImportOptions) -> list[RowProblem]:
    """What cannot be once the file's figures stand beside those that are there already."""
    if planned.before is None or planned.act in (UNCHANGED, SKIPPED):
        return []
    return [
        RowProblem(
            item.row,
            column_name(index) if (index := options.columns.get(_key(finding.field))) is not None else "",
            _key(finding.field),
            finding.code,
            finding.message.rstrip(".") + ", beside what was entered before.",
        )
        for finding in check_figures(planned.figures)
        if finding.severity is Severity.ERROR
    ]


def _decisions(rows: list[tuple[str, PlannedDay]], options: ImportOptions) -> list[FieldError]:
    waiting = [planned for act, planned in rows if act == UNDECIDED]
    still_open = sum(1 for day in waiting if day.before and day.before.status == EntryStatus.OPEN)
    is_closed = len(waiting) - still_open
    found = []
    if still_open:
        message = f"{counted(still_open, 'open day differs', 'open days differ')}. Overwrite or skip?"
        found.append(FieldError("existing", "undecided", message))
    if is_closed:
        message = f"{counted(is_closed, 'closed day differs', 'closed days differ')}. Adjust or skip?"
        found.append(FieldError("closed", "undecided", message))
    if any(act == ADJUSTED for act, _ in rows) and not options.reason.strip():
        found.append(FieldError("reason", "missing", "Say why closed days are adjusted."))
    return found


def _open_questions(options: ImportOptions) -> list[FieldError]:
    found = []
    if options.date_order is None:
        message = "The dates can be read in two ways. Choose which number is the day."
        found.append(FieldError("date_order", "undecided", message))
    if options.decimal_sign is None:
        message = "The amounts can be read in two ways. Choose the sign before the cents."
        found.append(FieldError("decimal_sign", "undecided", message))
    return found


def _key(field: str) -> str:
    return field.removesuffix("_minor")


def _house(tx: Read, view: ImportView) -> LocationView:
    assert view.location_id is not None, "an import of daily results has a location"
    return location(tx, view.location_id)
