"""Decide on the page: one log, chosen ones, or all that match; with Undo in the toast."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from anyio import to_thread
from litestar import Response

from topline.core.errors import Problem
from topline.core.ids import parse_id
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.organizations import queries as organizations
from topline.verification import actions, queries
from topline.verification.actions import BulkResult, Decision
from topline.verification.pages.parts import REASONS, listed, named, numbers, row_gone, show_list
from topline.verification.pages.view import View, unpacked
from topline.verification.queries import QueueItem
from topline.verification.rules import Act
from topline.verification.sampling import sample_of
from topline.web.forms import errors_by_field, fields_of
from topline.web.pages import is_fragment, redirect, show, toast_header
from topline.web.request import Req, read, services, write
from topline.web.routing import page

_WORDS = {
    "verified": "verified",
    "rejected": "rejected",
    "expired": "expired",
    "undone": "undone by the person",
}


@page("POST", "/verify/{log_id:uuid}/verify", needs=P.LOGS_VERIFY)
async def verify_one(request: Req, log_id: UUID) -> Response[str]:
    """The quick ✓ of a row."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _one(request, log_id, fields, actions.decision(Act.VERIFY)))


@page("POST", "/verify/reject", needs=P.LOGS_VERIFY)
async def reject(request: Req) -> Response[str]:
    """The dialog with reason and note, for the log it was opened on or for those that are chosen."""
    fields = await fields_of(request)
    log_id = parse_id(str(fields.get("log_id")))

    def work() -> Response[str]:
        try:
            made = actions.decision(Act.REJECT, fields.get("reason"), fields.get("note"))
        except Problem as problem:
            return show(
                request,
                "verification/_reject_fields.html",
                status=422,
                headers={"HX-Retarget": "#reject-fields", "HX-Reswap": "outerHTML"},
                reasons=[(reason.value, *words) for reason, words in REASONS.items()],
                values=fields,
                errors=errors_by_field(problem),
            )
        return _one(request, log_id, fields, made) if log_id else _many(request, fields, made)

    return await to_thread.run_sync(work)


@page("POST", "/verify/{log_id:uuid}/reopen", needs=P.LOGS_VERIFY)
async def reopen_one(request: Req, log_id: UUID) -> Response[str]:
    """Take one decision back: from the list of what was decided, or with the toast's Undo."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _one(request, log_id, fields, None))


@page("POST", "/verify/bulk", needs=P.LOGS_VERIFY)
async def bulk(request: Req) -> Response[str]:
    """Verify what is chosen, or all that match."""
    fields = await fields_of(request)
    return await to_thread.run_sync(lambda: _many(request, fields, actions.decision(Act.VERIFY)))


@page("POST", "/verify/batches/{batch_id:uuid}/undo", needs=P.LOGS_VERIFY)
def undo(request: Req, batch_id: UUID) -> Response[str]:
    """The toast's Undo after a decision about many."""
    with write(request) as tx:
        result = actions.undo_batch(tx, batch_id)
    words = f"{result.changed} logs wait again."
    if result.skipped:
        words += f" {len(result.skipped)} stay as they are: they were decided anew."
    if not is_fragment(request):
        return redirect(request, "/verify", toast={"message": words})
    return Response("", headers=toast_header(words))


def _one(request: Req, log_id: UUID, fields: dict[str, Any], made: Decision | None) -> Response[str]:
    """Decide, or reopen where nothing is `made`. Somebody else was quicker: the row goes all the same."""
    view = unpacked(fields.get("view"), services(request).clock.now())
    late = False
    try:
        with write(request) as tx:
            if made is None:
                actions.reopen(tx, log_id)
            else:
                actions.decide_one(tx, log_id, made)
    except Problem as problem:
        if problem.code not in ("already_decided", "conflict"):
            raise
        late = True
    with read(request) as tx:
        item = queries.item(tx, log_id)
        found = numbers(tx, request, view)
    toast = _late(item) if late else _done(item, made)
    if not is_fragment(request):
        return redirect(request, view.url(), toast=toast)
    return row_gone(item, toast, found)


def _many(request: Req, fields: dict[str, Any], made: Decision) -> Response[str]:
    view = unpacked(fields.get("view"), services(request).clock.now())
    with write(request) as tx:
        result = _carried_out(tx, request, fields, view, made)
    if not result.remaining:
        view = replace(view, as_of=services(request).clock.now())
    with read(request) as tx:
        found = listed(tx, request, view)
        skipped = named(tx, result.skipped)
    toast = _toast_of(result, made)
    if not is_fragment(request):
        return redirect(request, view.url(), toast=toast)
    return show_list(
        request,
        "verification/_list.html",
        found,
        headers=toast_header(toast["message"], undo_url=toast["undo_url"], tone=toast["tone"]),
        remaining=result.remaining if made.act is Act.VERIFY else 0,
        changed=result.changed,
        **skipped,
    )


def _carried_out(tx: Write, request: Req, fields: dict[str, Any], view: View, made: Decision) -> BulkResult:
    batch_id = parse_id(str(fields.get("batch_id")))
    if fields.get("scope") != "filter":
        chosen = fields.get("ids") or []
        ids = [parse_id(str(one)) for one in (chosen if isinstance(chosen, list) else [chosen])]
        return actions.decide_ids(tx, made, [one for one in ids if one is not None], batch_id)
    wanted = view.wanted(organizations.today(tx, organizations.main_location(tx)))
    sample = None if view.everything else sample_of(tx, services(request))
    return actions.decide_matching(tx, made, wanted, sample, batch_id)


def _done(item: QueueItem, made: Decision | None) -> dict[str, Any]:
    what = f"{item.behavior_name}, {item.person_name}"
    if made is None:
        return {"message": f"Waits again: {what}", "key": "decided"}
    word = "Verified" if made.act is Act.VERIFY else "Rejected"
    undo_url = f"/verify/{item.id}/reopen"
    return {"message": f"{word}: {what}", "undo_url": undo_url, "tone": "info", "key": "decided"}


def _late(item: QueueItem) -> dict[str, Any]:
    by = f" by {item.decided_by_name}" if item.decided_by_name else ""
    return {
        "message": f"This log was {_WORDS.get(item.status, item.status)}{by} in the meantime.",
        "key": "decided",
    }


def _toast_of(result: BulkResult, made: Decision) -> dict[str, Any]:
    word = "verified" if made.act is Act.VERIFY else "rejected"
    undo_url = f"/verify/batches/{result.batch_id}/undo" if result.changed else None
    message = _logs(result.changed) + f" {word}."
    if result.skipped:
        message += (
            " 1 left as it was." if len(result.skipped) == 1 else f" {len(result.skipped)} left as they were."
        )
    return {"message": message, "undo_url": undo_url, "tone": "info"}


def _logs(count: int) -> str:
    return "1 log" if count == 1 else f"{count:,} logs"
