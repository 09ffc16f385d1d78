"""Read what waits for a decision and what was decided."""

from topline.verification.queries.batches import BatchView, batch, batch_log_ids, find_batch, last_batches
from topline.verification.queries.choices import Choice, behavior_choices, person_choices
from topline.verification.queries.counts import Counts, counts, matching, pending_count, to_check
from topline.verification.queries.due import (
    RuleRow,
    day_counts,
    decided_counts,
    due,
    waiting_for_rule,
)
from topline.verification.queries.filters import MOST_COUNTED, Key, QueueFilter, Sample, keys
from topline.verification.queries.history import HistoryEntry, history
from topline.verification.queries.items import QueueItem, item, items, page

__all__ = [
    "MOST_COUNTED",
    "BatchView",
    "Choice",
    "Counts",
    "HistoryEntry",
    "Key",
    "QueueFilter",
    "QueueItem",
    "RuleRow",
    "Sample",
    "batch",
    "batch_log_ids",
    "behavior_choices",
    "counts",
    "day_counts",
    "decided_counts",
    "due",
    "find_batch",
    "history",
    "item",
    "items",
    "keys",
    "last_batches",
    "matching",
    "page",
    "pending_count",
    "person_choices",
    "to_check",
    "waiting_for_rule",
]
