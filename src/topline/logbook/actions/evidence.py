"""Add a photo to an own log that nobody has decided about, and read it again."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import update

from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, not_found
from topline.core.permissions import Permission as P
from topline.core.transaction import Read, Write
from topline.infra.files import FileStore
from topline.logbook import queries
from topline.logbook.actions.trail import locked_own, note_event
from topline.logbook.events import EvidenceAdded
from topline.logbook.images import CONTENT_TYPE
from topline.logbook.models import BehaviorLog, Evidence
from topline.logbook.queries import LogView
from topline.logbook.rules import REFUSALS, LogStatus

_DECIDED: Final = {LogStatus.UNDONE: "already_undone"}


@dataclass(frozen=True, slots=True)
class Photo:
    """A cleaned photo that is in the file store."""

    file_key: str
    size: int
    sha256: str


def keep_photo(files: FileStore, organization_id: UUID, log_id: UUID, content: bytes) -> Photo:
    """Put a cleaned photo into the file store. Before the transaction: a file without a row is found by
    housekeeping, a row without a file would be a lost proof."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"{organization_id.hex}/evidence/{log_id.hex}-{digest[:16]}.jpg"
    files.put(key, content)
    return Photo(key, len(content), digest)


def check_evidence(tx: Read, log_id: UUID) -> None:
    """Refuse early, before any work on the image: 404 for a foreign log, 403, 409 for a decided one."""
    tx.actor.must(P.LOGS_CREATE)
    found = queries.log(tx, log_id)
    if found.person_id != tx.actor.person():
        if not tx.actor.may(P.LOGS_READ):
            raise not_found("log")
        raise Problem("forbidden", REFUSALS["not_own"])
    _must_be_pending(found)


def add_evidence(tx: Write, log_id: UUID, photo: Photo) -> LogView:
    """Make the photo the proof of the log, in place of an earlier one."""
    tx.actor.must(P.LOGS_CREATE)
    found = locked_own(tx, log_id, tx.actor.person())
    _must_be_pending(found)
    values = {
        "file_key": photo.file_key,
        "content_type": CONTENT_TYPE,
        "size": photo.size,
        "sha256": photo.sha256,
        "created_at": tx.now,
        "created_by": tx.actor.person(),
    }
    tx.change(
        upsert(tx.dialect)(Evidence)
        .values(organization_id=tx.organization_id, log_id=log_id, **values)
        .on_conflict_do_update(index_elements=["organization_id", "log_id"], set_=values)
    )
    tx.change(
        update(BehaviorLog)
        .where(BehaviorLog.organization_id == tx.organization_id, BehaviorLog.id == log_id)
        .values(has_evidence=True)
    )
    note_event(tx, found, "evidence_added", LogStatus(found.status), found.person_id)
    tx.after_commit(
        EvidenceAdded(tx.organization_id, log_id, found.person_id, found.behavior_id, found.business_date)
    )
    return queries.log(tx, log_id)


def read_evidence(tx: Read, log_id: UUID) -> str:
    """The key of a log's photo, for its person and for those who may see everybody's logs."""
    found = queries.evidence(tx, log_id)
    if found.person_id != tx.actor.person_id and not tx.actor.may(P.LOGS_READ):
        raise not_found("photo")
    return found.file_key


def _must_be_pending(log: LogView) -> None:
    if log.status != LogStatus.PENDING:
        code = _DECIDED.get(LogStatus(log.status), "already_decided")
        raise Problem("already_decided", REFUSALS[code], fields=(FieldError("id", code, REFUSALS[code]),))
