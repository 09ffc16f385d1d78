"""Read imports: what was uploaded, decided and done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, select, tuple_

from topline.core.errors import not_found
from topline.core.transaction import Read
from topline.people.models import Person
from topline.results.models import Import, ImportChange
from topline.results.options import ImportOptions


@dataclass(frozen=True, slots=True)
class ImportView:
    """One upload. `summary` counts what it did, or would do."""

    id: UUID
    kind: str
    status: str
    file_name: str
    file_key: str | None
    location_id: UUID | None
    options: ImportOptions
    summary: dict[str, Any]
    created_at: datetime
    created_by: UUID | None
    created_by_name: str | None
    done_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportChangeView:
    """What an import did to one row."""

    row_number: int
    subject_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any]


def import_of(tx: Read, import_id: UUID, *, lock: bool = False) -> ImportView:
    """One import. Raises 404 for a foreign or unknown id."""
    query = _imports(tx).where(Import.id == import_id)
    row = tx.execute(query.with_for_update(of=Import) if lock else query).one_or_none()
    if row is None:
        raise not_found("import")
    return _view(row)


def imports_page(
    tx: Read,
    *,
    limit: int,
    kind: str | None = None,
    status: str | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[ImportView]:
    """Imports, newest first. `after` is the time and id of the last one of the page before."""
    query = _imports(tx).order_by(Import.created_at.desc(), Import.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(Import.kind == kind)
    if status is not None:
        query = query.where(Import.status == status)
    if after is not None:
        query = query.where(tuple_(Import.created_at, Import.id) < tuple_(*after))
    return [_view(row) for row in tx.execute(query)]


def import_changes(tx: Read, import_id: UUID) -> list[ImportChangeView]:
    """Everything an import did, in the order of the file; as many as a file may have rows."""
    query = (
        select(ImportChange.row_number, ImportChange.subject_id, ImportChange.before, ImportChange.after)
        .where(ImportChange.organization_id == tx.organization_id, ImportChange.import_id == import_id)
        .order_by(ImportChange.row_number)
    )
    return [ImportChangeView(*row) for row in tx.execute(query)]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A preview nobody finished."""

    id: UUID
    file_key: str | None


def forgotten_previews(tx: Read, before: datetime, limit: int = 100) -> list[Forgotten]:
    """Previews that were begun before a moment and never done, oldest first."""
    query = (
        select(Import.id, Import.file_key)
        .where(
            Import.organization_id == tx.organization_id,
            Import.status == "preview",
            Import.created_at < before,
        )
        .order_by(Import.created_at)
        .limit(limit)
    )
    return [Forgotten(*row) for row in tx.execute(query)]


def _imports(tx: Read) -> Any:
    return (
        select(
            Import.id,
            Import.kind,
            Import.status,
            Import.file_name,
            Import.file_key,
            Import.location_id,
            Import.options,
            Import.summary,
            Import.created_at,
            Import.created_by,
            Person.name.label("created_by_name"),
            Import.done_at,
            Import.undone_at,
        )
        .outerjoin(
            Person, and_(Person.organization_id == Import.organization_id, Person.id == Import.created_by)
        )
        .where(Import.organization_id == tx.organization_id)
    )


def _view(row: Any) -> ImportView:
    values = row._asdict()
    return ImportView(**(values | {"options": msgspec.convert(values["options"], ImportOptions)}))
