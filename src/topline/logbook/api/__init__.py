"""JSON routes of the logbook."""

from topline.logbook.api.batch import send_batch
from topline.logbook.api.evidence import get_evidence, put_evidence
from topline.logbook.api.logs import answer_log, get_log, list_logs, undo_log
from topline.logbook.api.record import create_log

ROUTES = [create_log, list_logs, get_log, undo_log, answer_log, put_evidence, get_evidence, send_batch]
