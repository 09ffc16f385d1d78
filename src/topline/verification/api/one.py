"""Decide about one log, and read what happened to it."""

from uuid import UUID

from topline.core.permissions import Permission as P
from topline.verification import actions, queries
from topline.verification.rules import Act
from topline.verification.schemas import DecidedOut, HistoryOut, RejectIn, history_out, item_out
from topline.web.request import Req, read, write
from topline.web.routing import api

TAG = "Verification"


@api(
    "POST",
    "/api/behavior-logs/{log_id:uuid}/verify",
    needs=P.LOGS_VERIFY,
    summary="Verify a log",
    tag=TAG,
    errors=["own_log", "already_decided", "evidence_missing"],
    status=200,
)
def verify_log(request: Req, log_id: UUID) -> DecidedOut:
    """Confirms somebody else's log; its points count double from now on. Sent twice it is done once."""
    with write(request) as tx:
        actions.decide_one(tx, log_id, actions.decision(Act.VERIFY))
        return DecidedOut(log=item_out(queries.item(tx, log_id)))


@api(
    "POST",
    "/api/behavior-logs/{log_id:uuid}/reject",
    needs=P.LOGS_VERIFY,
    summary="Reject a log",
    tag=TAG,
    errors=["own_log", "already_decided"],
    status=200,
)
def reject_log(request: Req, log_id: UUID, data: RejectIn) -> DecidedOut:
    """Its person sees the reason and the note, and can answer once. It counts nothing from now on."""
    with write(request) as tx:
        actions.decide_one(tx, log_id, actions.decision(Act.REJECT, data.reason, data.note))
        return DecidedOut(log=item_out(queries.item(tx, log_id)))


@api(
    "POST",
    "/api/behavior-logs/{log_id:uuid}/reopen",
    needs=P.LOGS_VERIFY,
    summary="Take a decision back",
    tag=TAG,
    errors=["own_log", "conflict"],
    status=200,
)
def reopen_log(request: Req, log_id: UUID) -> DecidedOut:
    """A verified or rejected log waits again, with a fresh grace period."""
    with write(request) as tx:
        actions.reopen(tx, log_id)
        return DecidedOut(log=item_out(queries.item(tx, log_id)))


@api(
    "GET",
    "/api/behavior-logs/{log_id:uuid}/history",
    needs=P.LOGS_VERIFY,
    summary="What happened to a log",
    tag=TAG,
)
def get_history(request: Req, log_id: UUID) -> HistoryOut:
    """Every act since it came in, oldest first, with who and why."""
    with read(request) as tx:
        queries.item(tx, log_id)
        return history_out(queries.history(tx, log_id))
