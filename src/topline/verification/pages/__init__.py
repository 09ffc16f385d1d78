"""Pages of verification."""

from topline.verification.pages.decide import bulk, reject, reopen_one, undo, verify_one
from topline.verification.pages.queue import log_detail, news, queue_page, thumbnail

ROUTES = [queue_page, news, log_detail, thumbnail, verify_one, reject, reopen_one, bulk, undo]
