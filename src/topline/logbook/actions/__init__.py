"""Change the logbook: one file per act."""

from topline.logbook.actions.answer import answer
from topline.logbook.actions.batch import LateLog, LateUndo, log_batch
from topline.logbook.actions.decide import LockedLog, Ruling, lock_logs, rule_on
from topline.logbook.actions.evidence import add_evidence, check_evidence, keep_photo, read_evidence
from topline.logbook.actions.record import (
    Asked,
    Entry,
    Logger,
    Recorded,
    logger_of,
    prepare,
    recount,
    seen_before,
)
from topline.logbook.actions.store import store, store_all
from topline.logbook.actions.undo import undo

__all__ = [
    "Asked",
    "Entry",
    "LateLog",
    "LateUndo",
    "LockedLog",
    "Logger",
    "Recorded",
    "Ruling",
    "add_evidence",
    "answer",
    "check_evidence",
    "keep_photo",
    "lock_logs",
    "log_batch",
    "logger_of",
    "prepare",
    "read_evidence",
    "recount",
    "rule_on",
    "seen_before",
    "store",
    "store_all",
    "undo",
]
