"""Pages of imports: upload, look and decide, do, undo."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile

from topline.core.errors import Problem, invalid
from topline.core.ids import parse_id
from topline.core.permissions import P
from topline.core.transaction import Read
from topline.organizations.queries import locations
from topline.results import actions, queries
from topline.results.asking import import_place
from topline.results.downloads import problems, template
from topline.results.options import ImportOptions
from topline.results.queries import ImportView, Preview
from topline.results.uploading import UPLOAD_LIMIT, do, look, proposed_for, receive
from topline.web.forms import fields_of
from topline.web.pages import is_fragment, redirect, show
from topline.web.paging import page_of
from topline.web.request import Req, actor, in_file_lane, read, services, write
from topline.web.routing import page

ONE: Final = "/results/imports/{import_id:uuid}"
PAGE_SIZE: Final = 20
SHOWN_PROBLEMS: Final = 50
SHOWN_ROWS: Final = 20
_SWITCHES: Final = ("close_days", "create_roles", "create_departments")
_CHOICES: Final = (
    *("date_order", "decimal_sign", "sheet", "repeated", "existing", "closed", "reason", "bad_rows"),
)


@page("GET", "/results/imports", needs=P.IMPORTS_MANAGE)
def imports_page(request: Req, kind: str | None = None, cursor: str | None = None) -> Response[str]:
    """What was imported, newest first, and the place to drop a file."""
    return _list(request, kind, cursor)


@page("POST", "/results/imports", needs=P.IMPORTS_MANAGE, body_limit=UPLOAD_LIMIT, limit="uploads")
async def upload(request: Req) -> Response[str]:
    """Take a file and go on to its preview; a refused one is said above the list."""
    form = await request.form()
    file, kind = form.get("file"), str(form.get("kind") or "daily")
    location_id = parse_id(str(form.get("location_id") or ""))
    content = await file.read() if isinstance(file, UploadFile) else b""
    name = file.filename if isinstance(file, UploadFile) else ""

    def work() -> Response[str]:
        try:
            if not name:
                raise invalid("file", "missing", "Choose a file first.")
            import_id = receive(request, kind, name, content, location_id)
        except Problem as problem:
            if problem.status >= 500 or problem.code in ("forbidden", "unauthenticated"):
                raise
            return _list(request, kind, None, problem=problem, file_name=name)
        return redirect(request, f"/results/imports/{import_id}")

    return await in_file_lane(request, work)


@page("GET", "/results/imports/templates/{kind:str}", needs=P.IMPORTS_MANAGE)
def download_template(request: Req, kind: str) -> Response[str]:
    """An empty file of the right layout."""
    return template(kind)


@page("GET", ONE, needs=P.IMPORTS_MANAGE)
async def import_page(request: Req, import_id: UUID, problems_from: int = 0) -> Response[str]:
    """One import: to look at and decide, or what it did."""
    return await in_file_lane(
        request, lambda: _one(request, import_id, start=min(max(problems_from, 0), 1_000_000))
    )


@page("GET", f"{ONE}/problems", needs=P.IMPORTS_MANAGE)
async def download_problems(request: Req, import_id: UUID) -> Response[str]:
    """Every mistake of the file, to correct it by."""
    return await in_file_lane(request, lambda: problems(request, import_id))


@page("POST", ONE, needs=P.IMPORTS_MANAGE)
async def choose(request: Req, import_id: UUID) -> Response[str]:
    """Change the choices; htmx gets the new preview in place."""
    fields = await fields_of(request)

    def work() -> Response[str]:
        try:
            with read(request) as reading:
                view = queries.import_of(reading, import_id)
            options = _options(view, fields)
            if options.sheet is not None and options.sheet != view.options.sheet:
                options = proposed_for(request, view, options.sheet)
            location_id = parse_id(str(fields.get("location_id") or "")) or view.location_id
            with write(request) as tx:
                actions.choose(tx, import_id, options, location_id)
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            return _one(request, import_id, problem=problem)
        return _one(request, import_id)

    return await in_file_lane(request, work)


@page("POST", f"{ONE}/commit", needs=P.IMPORTS_MANAGE)
async def commit(request: Req, import_id: UUID) -> Response[str]:
    """Do it, all or nothing; what stops it is shown with the newest preview."""

    def work() -> Response[str]:
        try:
            done = do(request, import_id)
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            return _one(request, import_id, problem=problem)
        counts = done.summary["counts"]
        written = counts["new"] + counts["changed"] + counts["adjusted"]
        undo_url = f"/results/imports/{import_id}/undo"
        toast = {"message": f"{written} rows imported.", "undo_url": undo_url, "tone": "winning"}
        return redirect(request, f"/results/imports/{import_id}", toast=toast)

    return await in_file_lane(request, work)


@page("POST", f"{ONE}/undo", needs=P.IMPORTS_MANAGE)
async def undo(request: Req, import_id: UUID) -> Response[str]:
    """Take it back, all or nothing; rows that were changed since are named."""

    def work() -> Response[str]:
        try:
            with write(request) as tx:
                count = actions.undo(tx, import_id)
        except Problem as problem:
            if problem.status >= 500 or problem.code == "not_found":
                raise
            return _one(request, import_id, problem=problem)
        toast = {"message": f"Import undone: {count} rows are as before.", "tone": "winning"}
        return redirect(request, f"/results/imports/{import_id}", toast=toast)

    return await in_file_lane(request, work)


@page("POST", f"{ONE}/discard", needs=P.IMPORTS_MANAGE)
def discard(request: Req, import_id: UUID) -> Response[str]:
    """Forget a preview with its file."""
    with write(request) as tx:
        key = actions.discard(tx, import_id)
    if key is not None:
        services(request).files.delete(key)
    return redirect(request, "/results/imports", toast={"message": "The file is forgotten."})


def _list(
    request: Req,
    kind: str | None,
    cursor: str | None,
    *,
    problem: Problem | None = None,
    file_name: str = "",
) -> Response[str]:
    with read(request) as tx:
        found = queries.imports_page(tx, limit=PAGE_SIZE + 1, after=import_place(cursor))
        houses = locations(tx)
    kept, following = page_of(found, PAGE_SIZE, lambda view: (view.created_at.isoformat(), view.id))
    return show(
        request,
        "results/imports.html",
        status=422 if problem is not None else 200,
        imports=kept,
        next_cursor=following,
        kind=kind if kind in ("daily", "roster") else "daily",
        house_options=[(house.id, house.name) for house in houses],
        problem=problem,
        file_name=file_name,
        may_import_people=actor(request).may(P.PEOPLE_MANAGE),
    )


def _one(request: Req, import_id: UUID, *, start: int = 0, problem: Problem | None = None) -> Response[str]:
    gone: Problem | None = None
    try:
        view, found = look(request, import_id)
    except Problem as refused:
        # The chosen sheet may hold no table, or the file may be gone: the choices are still shown.
        with read(request) as tx:
            view, found = queries.import_of(tx, import_id), None
        gone = refused
    with read(request) as tx:
        context = _context(tx, view, found, start)
    who = actor(request)
    part = is_fragment(request) and request.method == "POST" and view.status == "preview"
    return show(
        request,
        "results/_import.html" if part else "results/import.html",
        status=422 if problem is not None else 200,
        item=view,
        problem=problem or gone,
        may_add_roles=who.may(P.ROLES_MANAGE),
        may_add_departments=who.may(P.ORGANIZATION_MANAGE),
        **context,
    )


def _context(tx: Read, view: ImportView, found: Preview | None, start: int) -> dict[str, Any]:
    problems_found = found.plan.problems if found is not None else ()
    following = start + SHOWN_PROBLEMS
    return {
        "found": found,
        "counts": found.plan.counts if found is not None else view.summary.get("counts", {}),
        "rows": found.plan.rows[:SHOWN_ROWS] if found is not None else (),
        "problems": problems_found[start:following],
        "problems_from": start,
        "problems_next": following if following < len(problems_found) else None,
        "problems_total": len(problems_found),
        "warnings": found.plan.warnings[:20] if found is not None else (),
        "house_options": [(house.id, house.name) for house in locations(tx)],
        "sheet_options": [(name, name) for name in (found.sheets if found is not None else ())],
        "column_options": [
            (
                c.index,
                " · ".join(filter(None, (c.header or f"column {c.index + 1}", ", ".join(c.examples[:2])))),
            )
            for c in (found.columns if found is not None else ())
        ],
    }


def _options(view: ImportView, fields: dict[str, Any]) -> ImportOptions:
    """The choices of the form; a column that is not chosen is none, a switch that is off is not sent."""
    values = msgspec.to_builtins(view.options)
    columns = {
        name.removeprefix("column_"): str(value)
        for name, value in fields.items()
        if name.startswith("column_") and value is not None
    }
    values["columns"] = {
        name: int(text) for name, text in columns.items() if text.isdecimal() and len(text) < 5
    }
    for name in _CHOICES:
        if name in fields:
            values[name] = fields[name] if fields[name] is not None or name != "reason" else ""
    values |= {name: bool(fields.get(name)) for name in _SWITCHES}
    try:
        return msgspec.convert(values, ImportOptions)
    except msgspec.ValidationError as error:
        raise invalid("options", "invalid", "Choose one of the offered values.") from error


ROUTES = [
    imports_page,
    upload,
    download_template,
    import_page,
    download_problems,
    choose,
    commit,
    undo,
    discard,
]
