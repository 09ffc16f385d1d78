"""Decide about many logs at once, and take that back."""

from uuid import UUID

from topline.core.errors import invalid
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.verification import actions, queries
from topline.verification.actions import BulkResult, Decision
from topline.verification.rules import Act
from topline.verification.sampling import sample_of
from topline.verification.schemas import (
    BatchOut,
    BulkOut,
    BulkRejectIn,
    BulkVerifyIn,
    batch_out,
    filter_of,
    skipped_out,
)
from topline.web.request import Req, read, services, write
from topline.web.routing import api

TAG = "Verification"


@api(
    "POST",
    "/api/behavior-logs/bulk-verify",
    needs=P.LOGS_VERIFY,
    summary="Verify many logs",
    tag=TAG,
    errors=["not_found", "conflict"],
    status=200,
)
def bulk_verify(request: Req, data: BulkVerifyIn) -> BulkOut:
    """In one transaction, at most 500 at once. What was decided already, is the caller's own or lacks its photo is
    skipped and listed; an id of nowhere refuses the whole request. Can be taken back for ten minutes."""
    return _decide(request, data, actions.decision(Act.VERIFY))


@api(
    "POST",
    "/api/behavior-logs/bulk-reject",
    needs=P.LOGS_VERIFY,
    summary="Reject many logs",
    tag=TAG,
    errors=["not_found", "conflict"],
    status=200,
)
def bulk_reject(request: Req, data: BulkRejectIn) -> BulkOut:
    """Like verifying many, with one reason and note for all of them."""
    return _decide(request, data, actions.decision(Act.REJECT, data.reason, data.note))


@api(
    "GET",
    "/api/behavior-logs/batches/{batch_id:uuid}",
    needs=P.LOGS_VERIFY,
    summary="A decision about many logs",
    tag=TAG,
)
def get_batch(request: Req, batch_id: UUID) -> BatchOut:
    """What was decided, when and by whom, and what was skipped."""
    with read(request) as tx:
        return batch_out(queries.batch(tx, batch_id))


@api(
    "POST",
    "/api/behavior-logs/batches/{batch_id:uuid}/undo",
    needs=P.LOGS_VERIFY,
    summary="Take a decision about many logs back",
    tag=TAG,
    errors=["batch_not_undoable"],
    status=200,
)
def undo_batch(request: Req, batch_id: UUID) -> BulkOut:
    """Within ten minutes. Logs that somebody decided about since then stay as they are, and are listed."""
    with write(request) as tx:
        return _out(actions.undo_batch(tx, batch_id))


def _decide(request: Req, data: BulkVerifyIn, made: Decision) -> BulkOut:
    if (data.ids is None) == (data.filter is None):
        raise invalid("ids", "ids_or_filter", "Send either ids or a filter.")
    with write(request) as tx:
        return _out(_carried_out(request, tx, data, made))


def _carried_out(request: Req, tx: Write, data: BulkVerifyIn, made: Decision) -> BulkResult:
    if data.filter is None:
        return actions.decide_ids(tx, made, data.ids or [], data.batch_id)
    sample = sample_of(tx, services(request)) if data.filter.sample else None
    return actions.decide_matching(tx, made, filter_of(data.filter), sample, data.batch_id)


def _out(result: BulkResult) -> BulkOut:
    return BulkOut(
        batch_id=result.batch_id,
        changed=result.changed,
        skipped=skipped_out(result.skipped),
        remaining=result.remaining,
    )
