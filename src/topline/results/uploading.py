"""From an uploaded file to its preview: what the API and the pages share. Slow: for the lane of files only."""

from uuid import UUID

import msgspec

from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.permissions import P
from topline.core.tabular import Table
from topline.organizations.queries import location, main_location
from topline.results import actions, queries
from topline.results.options import ImportOptions
from topline.results.queries import ImportView, Preview
from topline.web.request import Req, actor, read, services, write

#: The file's own limit and the form around it.
UPLOAD_LIMIT = 10 * 1024 * 1024 + 64 * 1024


def receive(request: Req, kind: str, file_name: str, content: bytes, location_id: UUID | None) -> UUID:
    """Keep an upload and guess how it is meant. Refuses what is no table."""
    actor(request).must(P.IMPORTS_MANAGE)
    parts = services(request)
    table = queries.open_file(content)
    with read(request) as tx:
        house = main_location(tx) if location_id is None else location(tx, location_id)
        options, _ = queries.propose_options(tx, kind, table)
    import_id = new_id()
    key = actions.file_key(import_id)
    parts.files.put(key, content)
    try:
        with write(request) as tx:
            actions.begin(tx, import_id, kind, file_name, options, house.id)
    except BaseException:
        parts.files.delete(key)
        raise
    return import_id


def look(request: Req, import_id: UUID) -> tuple[ImportView, Preview | None]:
    """An import, with its preview as long as it is not done."""
    with read(request) as tx:
        view = queries.import_of(tx, import_id)
        if view.status != "preview":
            return view, None
        return view, queries.preview(tx, view, _table(request, view))


def proposed_for(request: Req, view: ImportView, sheet: str) -> ImportOptions:
    """How another sheet of the same workbook seems to be meant; its columns are others."""
    content = services(request).files.get(view.file_key) if view.file_key is not None else None
    table = queries.open_file(content, sheet)
    with read(request) as tx:
        options, _ = queries.propose_options(tx, view.kind, table)
    return msgspec.structs.replace(options, sheet=sheet)


def do(request: Req, import_id: UUID) -> ImportView:
    """Commit an import. The file is read before the transaction begins, so that nobody waits for that."""
    with read(request) as tx:
        view = queries.import_of(tx, import_id)
        if view.status != "preview":
            raise Problem("import_blocked", "This import was done already.")
        prepared = queries.prepare(tx, view, _table(request, view))
    with write(request) as tx:
        actions.perform(tx, prepared)
        done = queries.import_of(tx, import_id)
    if view.file_key is not None:
        services(request).files.delete(view.file_key)
    return done


def _table(request: Req, view: ImportView) -> Table:
    content = services(request).files.get(view.file_key) if view.file_key is not None else None
    return queries.open_file(content, view.options.sheet)
