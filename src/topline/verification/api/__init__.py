"""JSON routes of verification."""

from topline.verification.api.bulk import bulk_reject, bulk_verify, get_batch, undo_batch
from topline.verification.api.one import get_history, reject_log, reopen_log, verify_log
from topline.verification.api.queue import get_counts, get_queue

ROUTES = [
    get_queue,
    get_counts,
    bulk_verify,
    bulk_reject,
    get_batch,
    undo_batch,
    verify_log,
    reject_log,
    reopen_log,
    get_history,
]
