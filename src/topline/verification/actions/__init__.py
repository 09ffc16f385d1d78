"""Decide about logs: one file per act."""

from topline.verification.actions.bulk import Asked, BulkResult, decide_ids, decide_matching
from topline.verification.actions.deciding import Decision, decision
from topline.verification.actions.expire import expire
from topline.verification.actions.one import decide_one, reopen
from topline.verification.actions.rule import verify_by_rule
from topline.verification.actions.undo import undo_batch

__all__ = [
    "Asked",
    "BulkResult",
    "Decision",
    "decide_ids",
    "decide_matching",
    "decide_one",
    "decision",
    "expire",
    "reopen",
    "undo_batch",
    "verify_by_rule",
]
