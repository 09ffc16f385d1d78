"""The logs of 73 days, streamed in batches, with what was decided about each."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from topline.core.transaction import Write
from topline.infra.files import FileStore
from topline.upkeep.demo import DemoHotel, DemoLog, logs
from topline.upkeep.load.bulk import insert_rows

Say = Callable[[str], None]
BATCH = 2_000
#: When a log that nobody decided about is over, as the verification of the demo hotel has it.
EXPIRES_AFTER = timedelta(days=7)


def load_logs(tx: Write, hotel: DemoHotel, files: FileStore, say: Say) -> int:
    photo = _photo(files, hotel.organization.id)
    labels = {person.id: person.display_name for person in hotel.people}
    stream, count = logs(hotel), 0
    while batch := list(islice(stream, BATCH)):
        insert_rows(tx, "behavior_logs", [_log_row(log, hotel.location.id) for log in batch])
        insert_rows(tx, "log_events", [event for log in batch for event in _events(log, labels)])
        insert_rows(tx, "evidence", [photo | _evidence(log) for log in batch if log.has_evidence])
        count += len(batch)
        if count % (10 * BATCH) == 0:
            say(f"{count:,} logs written")
    return count


def _log_row(log: DemoLog, location_id: UUID) -> dict[str, Any]:
    row = log._asdict()
    del row["undone_at"]
    row["flags"] = list(log.flags) or None
    if log.status == "expired":
        row["decided_at"] = log.received_at + EXPIRES_AFTER
    return {**row, "location_id": location_id, "sign_in_id": None, "metadata": None}


def _events(log: DemoLog, labels: dict[UUID, str]) -> Iterator[dict[str, Any]]:
    if log.undone_at is not None:
        yield _event(log, log.undone_at, "undone", log.person_id, labels, "undone")
    if log.status == "expired":
        yield _event(log, log.received_at + EXPIRES_AFTER, "expired", None, labels, "expired")
    if log.decided_at is not None:
        assert log.decided_by is not None
        yield _event(log, log.decided_at, log.status, log.decided_by, labels, log.status)


def _event(
    log: DemoLog, at: datetime, act: str, actor: UUID | None, labels: dict[UUID, str], status: str
) -> dict[str, Any]:
    return {
        "id": uuid5(log.id, act),
        "log_id": log.id,
        "at": at,
        "act": act,
        "actor_id": actor,
        "actor_label": "Topline" if actor is None else labels[actor],
        "status_before": "pending",
        "status_after": status,
        "reason": log.reject_reason if act == "rejected" else None,
        "note": log.reject_note if act == "rejected" else None,
        "batch_id": None,
        "request_id": "",
    }


def _photo(files: FileStore, organization_id: UUID) -> dict[str, Any]:
    """One drawn picture stands behind every demo log with evidence; it says what it is."""
    picture = Image.new("RGB", (960, 720), "#1f2632")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((40, 40, 920, 680), radius=36, outline="#8fa8ff", width=6)
    pen.text((480, 360), "Demo photo", fill="#f2f4f8", anchor="mm", font_size=64)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    key = f"{organization_id.hex}/demo-photo.jpg"
    files.put(key, buffer.getvalue())
    content = buffer.getvalue()
    return {
        "file_key": key,
        "content_type": "image/jpeg",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _evidence(log: DemoLog) -> dict[str, Any]:
    return {"log_id": log.id, "created_at": log.received_at, "created_by": log.person_id}
