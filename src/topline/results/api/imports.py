"""JSON routes of imports: upload, look, decide, do, undo."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from topline.core.permissions import P
from topline.core.tabular import RowProblem
from topline.results import actions, queries
from topline.results.asking import import_place, number_place
from topline.results.downloads import problems, template
from topline.results.queries import ImportView, PlannedDay, PlannedPerson, Preview
from topline.results.schemas import (
    ColumnOut,
    DecisionOut,
    FieldOut,
    ImportChoices,
    ImportOut,
    PlannedRowOut,
    PreviewOut,
    RowProblemOut,
)
from topline.results.uploading import UPLOAD_LIMIT, do, look, receive
from topline.web.paging import Cursor, Limit, Page, encode_cursor, page_of
from topline.web.request import Req, in_file_lane, read, services, write
from topline.web.routing import api

TAG = "Imports"
ONE = "/api/imports/{import_id:uuid}"
FILE_REFUSALS = ["too_large", "unsupported_media"]


@dataclass
class UploadForm:
    """A file with what it is about."""

    file: UploadFile
    kind: Literal["daily", "roster"]
    location_id: UUID | None = None


@api(
    "POST",
    "/api/imports",
    needs=P.IMPORTS_MANAGE,
    summary="Upload a file",
    tag=TAG,
    errors=FILE_REFUSALS,
    status=201,
    body_limit=UPLOAD_LIMIT,
    limit="uploads",
)
async def create_import(
    request: Req,
    data: Annotated[UploadForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> ImportOut:
    """Takes a CSV or XLSX file of at most 10 MB and answers with a preview; nothing of the house changes yet.

    Without `location_id` it is about the main house. A preview nobody commits is forgotten after a day.
    """
    content, name = await data.file.read(), data.file.filename
    return await in_file_lane(
        request,
        lambda: import_out(
            *look(request, receive(request, data.kind, name, content, data.location_id)), limit=50, offset=0
        ),
    )


@api("GET", "/api/imports", needs=P.IMPORTS_MANAGE, summary="List imports", tag=TAG)
def list_imports(
    request: Req,
    kind: Literal["daily", "roster"] | None = None,
    status: Literal["preview", "done", "undone"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ImportOut]:
    """Newest first, without their previews."""
    with read(request) as tx:
        found = queries.imports_page(
            tx, limit=limit + 1, kind=kind, status=status, after=import_place(cursor)
        )
    kept, following = page_of(found, limit, lambda view: (view.created_at.isoformat(), view.id))
    return Page(items=[import_out(view) for view in kept], next_cursor=following)


@api(
    "GET",
    "/api/imports/templates/{kind:str}",
    needs=P.IMPORTS_MANAGE,
    summary="Empty file",
    tag=TAG,
    media_type="text/csv",
)
def get_template(
    request: Req, kind: Annotated[str, Parameter(description="`daily` or `roster`")]
) -> Response[str]:
    """A CSV file with the header of a layout that is recognized by itself: `daily` or `roster`."""
    return template(kind)


@api("GET", ONE, needs=P.IMPORTS_MANAGE, summary="One import", tag=TAG)
async def get_import(request: Req, import_id: UUID, limit: Limit = 50, cursor: Cursor = None) -> ImportOut:
    """With its preview as long as it is not done. `limit` and `cursor` page the problems of its rows."""
    offset = number_place(cursor) or 0
    return await in_file_lane(
        request, lambda: import_out(*look(request, import_id), limit=limit, offset=offset)
    )


@api(
    "GET",
    f"{ONE}/problems",
    needs=P.IMPORTS_MANAGE,
    summary="Mistakes of a file as CSV",
    tag=TAG,
    media_type="text/csv",
)
async def get_problems(request: Req, import_id: UUID) -> Response[str]:
    """Every bad cell with its row, column and reason, to correct the file by."""
    return await in_file_lane(request, lambda: problems(request, import_id))


@api("PUT", ONE, needs=P.IMPORTS_MANAGE, summary="Decide about an import", tag=TAG, errors=["import_blocked"])
async def put_import(request: Req, import_id: UUID, data: ImportChoices) -> ImportOut:
    """Sets columns, ways of writing, and what happens to what is there already; answers with the new preview."""

    def work() -> ImportOut:
        with write(request) as tx:
            actions.choose(tx, import_id, data.options, data.location_id)
        return import_out(*look(request, import_id), limit=50, offset=0)

    return await in_file_lane(request, work)


@api(
    "POST",
    f"{ONE}/commit",
    needs=P.IMPORTS_MANAGE,
    summary="Do an import",
    tag=TAG,
    errors=["import_blocked", "conflict", "duplicate"],
    status=200,
)
async def commit_import(request: Req, import_id: UUID) -> ImportOut:
    """All of it or nothing. A 409 `import_blocked` names what is still to be decided."""
    return await in_file_lane(request, lambda: import_out(do(request, import_id)))


@api(
    "POST",
    f"{ONE}/undo",
    needs=P.IMPORTS_MANAGE,
    summary="Undo an import",
    tag=TAG,
    errors=["import_not_undoable"],
    status=200,
)
async def undo_import(request: Req, import_id: UUID) -> ImportOut:
    """Brings back what stood there before. Refused as a whole, naming the rows, when some were changed since.

    People whom a roster added are deactivated.
    """

    def work() -> ImportOut:
        with write(request) as tx:
            actions.undo(tx, import_id)
            return import_out(queries.import_of(tx, import_id))

    return await in_file_lane(request, work)


@api(
    "DELETE",
    ONE,
    needs=P.IMPORTS_MANAGE,
    summary="Discard a preview",
    tag=TAG,
    errors=["import_blocked"],
    status=204,
)
def delete_import(request: Req, import_id: UUID) -> None:
    """Forgets an upload that was not done, with its file."""
    with write(request) as tx:
        key = actions.discard(tx, import_id)
    if key is not None:
        services(request).files.delete(key)


def import_out(
    view: ImportView, found: Preview | None = None, *, limit: int = 50, offset: int = 0
) -> ImportOut:
    """An import as JSON."""
    counts = found.plan.counts if found is not None else view.summary.get("counts", {})
    return ImportOut(
        id=view.id,
        kind=view.kind,
        status=view.status,
        file_name=view.file_name,
        location_id=view.location_id,
        options=view.options,
        counts=counts,
        created_at=view.created_at,
        created_by_name=view.created_by_name,
        done_at=view.done_at,
        undone_at=view.undone_at,
        preview=None if found is None else _preview_out(found, limit, offset),
    )


def _preview_out(found: Preview, limit: int, offset: int) -> PreviewOut:
    plan = found.plan
    found_problems = plan.problems[offset : offset + limit]
    more = offset + limit < len(plan.problems)
    return PreviewOut(
        columns=[ColumnOut(index=c.index, header=c.header, examples=list(c.examples)) for c in found.columns],
        fields=[FieldOut(key=key, required=required) for key, required in found.fields],
        sheets=list(found.sheets),
        sheet=found.sheet,
        ready=plan.is_ready,
        decisions=[DecisionOut(field=b.field, code=b.code, message=b.message) for b in plan.blockers],
        rows=[_row_out(row) for row in plan.rows[:20]],
        problems=Page(
            items=[_problem_out(p) for p in found_problems],
            next_cursor=encode_cursor(offset + limit) if more else None,
        ),
        warnings=[_problem_out(p) for p in plan.warnings[:100]],
        new_roles=plan.extras.get("new_roles", []),
        new_departments=plan.extras.get("new_departments", []),
    )


def _row_out(row: Any) -> PlannedRowOut:
    if isinstance(row, PlannedDay):
        said = row.figures
        return PlannedRowOut(
            row=row.row,
            act=row.act,
            business_date=row.business_date,
            revenue_minor=said.revenue_minor,
            covers=said.covers,
            rooms_sold=said.rooms_sold,
        )
    assert isinstance(row, PlannedPerson)
    person = row.person
    return PlannedRowOut(
        row=row.row, act=row.act, name=person.name, role=person.role, department=person.department
    )


def _problem_out(problem: RowProblem) -> RowProblemOut:
    return RowProblemOut(
        row=problem.row,
        column=problem.column,
        field=problem.field,
        code=problem.code,
        message=problem.message,
        value=problem.value,
    )


ROUTES = [
    create_import,
    list_imports,
    get_template,
    get_import,
    get_problems,
    put_import,
    commit_import,
    undo_import,
    delete_import,
]
