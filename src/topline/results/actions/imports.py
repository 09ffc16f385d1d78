"""Upload a file, decide about it, do it as a whole, and take it back as a whole."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, update

from topline.audit.actions import record
from topline.core.actor import system
from topline.core.errors import FieldError, Problem, invalid
from topline.core.permissions import P
from topline.core.text import TextError, clean_line
from topline.core.transaction import Database, Write
from topline.infra.files import FileStore
from topline.organizations.queries import location, organization_ids
from topline.results import queries
from topline.results.actions.import_daily import apply_days, undo_days
from topline.results.actions.import_roster import apply_people, undo_people
from topline.results.models import Import, ImportChange
from topline.results.options import DAILY, KINDS, ROSTER, ImportOptions
from topline.results.queries import ImportView, Plan, Prepared
from topline.results.rules import REASON_LENGTH

NAME_LENGTH: Final = 120
#: A preview nobody finished is forgotten after a day, together with its file.
KEEP_PREVIEWS: Final = timedelta(days=1)


def file_key(import_id: UUID) -> str:
    """Where the uploaded file of an import is kept."""
    return f"imports/{import_id.hex}"


def begin(
    tx: Write, import_id: UUID, kind: str, file_name: str, options: ImportOptions, location_id: UUID | None
) -> None:
    """Keep an upload as a preview. Nothing of the house changes."""
    tx.actor.must(P.IMPORTS_MANAGE)
    _check_kind(tx, kind, options, location_id)
    tx.change(
        insert(Import).values(
            organization_id=tx.organization_id,
            id=import_id,
            kind=kind,
            status="preview",
            file_name=shown_name(file_name),
            file_key=file_key(import_id),
            location_id=location_id,
            options=msgspec.to_builtins(options),
            summary={},
            created_at=tx.now,
            created_by=tx.actor.person_id,
        )
    )


def choose(tx: Write, import_id: UUID, options: ImportOptions, location_id: UUID | None) -> None:
    """Change how a previewed file is read and what happens to what is there already."""
    tx.actor.must(P.IMPORTS_MANAGE)
    view = _previewed(tx, import_id)
    _check_kind(tx, view.kind, options, location_id)
    try:
        reason = clean_line(options.reason, REASON_LENGTH, allow_empty=True)
    except TextError as error:
        raise invalid("reason", error.code, str(error)) from error
    chosen = msgspec.structs.replace(options, reason=reason)
    _set(tx, import_id, options=msgspec.to_builtins(chosen), location_id=location_id)


def perform(tx: Write, prepared: Prepared) -> dict[str, int]:
    """Do the import: every row that was previewed, or none. Tells the counts.

    Raises 409 `import_blocked` with what is still to be decided, and `conflict` when the choices or the rows that are
    there changed since the file was read.
    """
    tx.actor.must(P.IMPORTS_MANAGE)
    view = _previewed(tx, prepared.import_id)
    if (view.options, view.location_id) != (prepared.options, prepared.location_id):
        raise Problem("conflict", "Somebody changed the choices of this import just now. Look at it again.")
    plan: Plan[Any] = queries.plan_import(tx, view, prepared.reading, lock=True)
    if not plan.is_ready:
        raise Problem("import_blocked", plan.blockers[0].message, fields=plan.blockers)
    changes, told = apply_days(tx, view, plan) if view.kind == DAILY else apply_people(tx, view, plan)
    own = {"organization_id": tx.organization_id, "import_id": view.id}
    if changes:
        tx.change(insert(ImportChange), [{**own, **change} for change in changes])
    summary = {"counts": plan.counts, **told}
    _set(tx, view.id, status="done", done_at=tx.now, file_key=None, summary=summary)
    after = {"kind": view.kind, "file_name": view.file_name, **plan.counts}
    record(tx, "import.done", "import", view.id, after=after)
    return plan.counts


def undo(tx: Write, import_id: UUID) -> int:
    """Bring back what stood there before the import, all of it, and tell how many rows that were.

    Raises 409 `import_not_undoable` naming every row that was changed since.
    """
    tx.actor.must(P.IMPORTS_MANAGE)
    view = queries.import_of(tx, import_id, lock=True)
    if view.status != "done":
        raise Problem(
            "import_not_undoable", "Only an import that was done, and not undone yet, can be undone."
        )
    changes = queries.import_changes(tx, import_id)
    (undo_days if view.kind == DAILY else undo_people)(tx, view, changes)
    _set(tx, import_id, status="undone", undone_at=tx.now)
    after = {"kind": view.kind, "file_name": view.file_name, "rows": len(changes)}
    record(tx, "import.undone", "import", import_id, after=after)
    return len(changes)


def discard(tx: Write, import_id: UUID) -> str | None:
    """Forget a preview; tells the key of its file, which the caller removes after the commit."""
    tx.actor.must(P.IMPORTS_MANAGE)
    view = _previewed(tx, import_id)
    tx.change(delete(Import).where(Import.organization_id == tx.organization_id, Import.id == import_id))
    return view.file_key


def forget_old_previews(db: Database, files: FileStore, now: datetime) -> int:
    """Remove previews that nobody finished within a day, with their files; tells how many."""
    with db.read() as tx:
        houses = organization_ids(tx)
    total = 0
    for house in houses:
        with db.write(system(house, "tidying")) as write:
            found = queries.forgotten_previews(write, now - KEEP_PREVIEWS)
            write.change(
                delete(Import).where(
                    Import.organization_id == house,
                    Import.id.in_([preview.id for preview in found]),
                    Import.status == "preview",
                )
            )
        for preview in found:
            if preview.file_key is not None:
                files.delete(preview.file_key)
        total += len(found)
    return total


def shown_name(name: str) -> str:
    """The file's own name without its folder and without anything that cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in last).split())
    return plain[:NAME_LENGTH] or "file"


def _previewed(tx: Write, import_id: UUID) -> ImportView:
    view = queries.import_of(tx, import_id, lock=True)
    if view.status != "preview":
        raise Problem("import_blocked", "This import was done already.")
    return view


def _check_kind(tx: Write, kind: str, options: ImportOptions, location_id: UUID | None) -> None:
    if kind not in KINDS:
        raise invalid("kind", "unknown", "An import is of kind daily or roster.")
    if location_id is None:
        raise invalid("location_id", "missing", "Choose the house this file is about.")
    try:
        location(tx, location_id)
    except Problem:
        raise invalid("location_id", "unknown", "There is no such location.") from None
    if kind == ROSTER:
        tx.actor.must(P.PEOPLE_MANAGE)
        wanted: Mapping[str, tuple[bool, P]] = {
            "create_roles": (options.create_roles, P.ROLES_MANAGE),
            "create_departments": (options.create_departments, P.ORGANIZATION_MANAGE),
        }
        missing = [
            FieldError(name, "forbidden", "Only an owner may add these.")
            for name, (is_wanted, permission) in wanted.items()
            if is_wanted and not tx.actor.may(permission)
        ]
        if missing:
            raise Problem("forbidden", missing[0].message, fields=tuple(missing))


def _set(tx: Write, import_id: UUID, **values: Any) -> None:
    tx.change(
        update(Import)
        .where(Import.organization_id == tx.organization_id, Import.id == import_id)
        .values(**values)
    )
