"""JSON shapes of verification."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from topline.verification.queries import BatchView, Counts, HistoryEntry, QueueFilter, QueueItem
from topline.verification.rules import Skipped
from topline.web.schemas import Input, Output

Status = Literal["pending", "decided", "verified", "rejected", "expired"]
FlagName = Literal["unusual", "offline", "clock_ahead", "burst", "photo_missing", "answered"]
_REASONS = "not_performed, incorrect_data, duplicate, no_evidence, amount_mismatch, not_observed or other"
#: Longer than a good note may be, so that a long one is refused with its own code.
_LONG = 2_000
_ID = "0198c2f0-6d2a-7c31-9d0a-5b1f3c7e2a10"


class RejectIn(Input):
    """Why a log is rejected."""

    reason: Annotated[str, Meta(max_length=40, description=_REASONS, examples=["not_performed"])]
    note: (
        Annotated[str, Meta(max_length=_LONG, description="At most 500 characters; `other` needs one")] | None
    ) = None


class FilterIn(Input):
    """Which waiting logs, as for the queue. What is left out is left open."""

    person_id: UUID | None = None
    behavior_id: UUID | None = None
    department_id: UUID | None = None
    first: Annotated[date | None, Meta(description="First business date")] = None
    last: Annotated[date | None, Meta(description="Last business date")] = None
    flag: FlagName | None = None
    search: (
        Annotated[str, Meta(max_length=100, description="Name of a person or behavior, or a place")] | None
    ) = None
    received_until: (
        Annotated[
            datetime,
            Meta(tz=True, description="When the queue was looked at: what came in later is left alone"),
        ]
        | None
    ) = None
    sample: Annotated[bool, Meta(description="Only the manager's sample and everything unusual")] = False


class BulkVerifyIn(Input):
    """Either `ids` or `filter`."""

    ids: Annotated[list[UUID] | None, Meta(description="At most 500 logs", examples=[[_ID]])] = None
    filter: FilterIn | None = None
    batch_id: Annotated[
        UUID | None, Meta(description="Made by the caller: the same request sent again is answered as before")
    ] = None


class BulkRejectIn(BulkVerifyIn, kw_only=True):
    """Either `ids` or `filter`, and why."""

    reason: Annotated[str, Meta(max_length=40, description=_REASONS, examples=["duplicate"])]
    note: (
        Annotated[str, Meta(max_length=_LONG, description="At most 500 characters; `other` needs one")] | None
    ) = None


class QueueItemOut(Output):
    """One log with what a decision needs to see."""

    id: UUID
    person_id: UUID
    person_name: str
    department_name: str
    behavior_id: UUID
    behavior_name: str
    place_label: Annotated[str | None, Meta(description="`room` or `table`, where the behavior asks")]
    business_date: date
    occurred_at: Annotated[datetime, Meta(description="When, by the tablet's clock")]
    received_at: Annotated[datetime, Meta(description="When the server got it")]
    status: Annotated[str, Meta(description="pending, verified, rejected, undone or expired")]
    verification: Annotated[str, Meta(description="self_reported, manager or evidence")]
    points: Annotated[
        int, Meta(description="The behavior's points, before the status decides what they count")
    ]
    outcome: str | None
    place: str | None
    amount_minor: int | None
    covers: int | None
    note: str | None
    flags: Annotated[list[str], Meta(description="What to know: offline, clock_ahead, burst")]
    repeats: Annotated[int, Meta(description="Of a burst: how many within one minute; else 0")]
    has_evidence: bool
    blocked: Annotated[
        str | None, Meta(description="Why the caller cannot verify it: own_log or evidence_missing")
    ]
    decided_at: datetime | None
    decided_by_name: str | None
    reject_reason: str | None
    reject_note: str | None
    answer: str | None
    answered_at: datetime | None


class DecidedOut(Output):
    """A log as it stands after the decision."""

    log: QueueItemOut


class CountsOut(Output):
    """How much waits for the caller."""

    pending: Annotated[int, Meta(description="All logs of others that wait")]
    to_check: Annotated[
        int, Meta(description="Those the caller is asked to look at: the sample and the unusual")
    ]
    unusual: Annotated[int, Meta(description="Flagged, or without the photo they need")]
    oldest_at: Annotated[datetime | None, Meta(description="When the oldest came in")]
    arrived: Annotated[int, Meta(description="How many came in after `received_after`; 0 without it")]


class SkippedOut(Output):
    """A log that was left as it is, and why."""

    id: UUID
    code: Annotated[
        str,
        Meta(
            description="already_verified, already_rejected, undone, expired, own_log, evidence_missing, changed_since"
        ),
    ]


class BulkOut(Output):
    """What a bulk decision did."""

    batch_id: Annotated[UUID, Meta(description="Takes it back within ten minutes")]
    changed: int
    skipped: list[SkippedOut]
    remaining: Annotated[int, Meta(description="What matches the filter and still waits: ask again for it")]


class BatchOut(BulkOut):
    """A bulk decision of before."""

    decision: Annotated[str, Meta(description="verified or rejected")]
    reason: str | None
    note: str | None
    created_at: datetime
    created_by_name: str | None
    undone_at: datetime | None
    undo_until: datetime


class HistoryEntryOut(Output):
    """One act on a log."""

    at: datetime
    act: Annotated[
        str, Meta(description="undone, verified, rejected, reopened, expired, answered or evidence_added")
    ]
    actor_label: Annotated[str, Meta(description="Who, by name; `Topline` for the program itself")]
    status_before: str
    status_after: str
    reason: str | None
    note: str | None
    batch_id: Annotated[UUID | None, Meta(description="The bulk decision it was part of")]


class HistoryOut(Output):
    """What happened to a log since it came in, oldest first."""

    items: list[HistoryEntryOut]


def filter_of(data: FilterIn) -> QueueFilter:
    """The same as the queries understand it."""
    return QueueFilter(
        person_id=data.person_id,
        behavior_id=data.behavior_id,
        department_id=data.department_id,
        first=data.first,
        last=data.last,
        flag=data.flag,
        search=(data.search or "").strip() or None,
        received_until=data.received_until,
    )


def item_out(item: QueueItem) -> QueueItemOut:
    """A row of the queue as JSON."""
    values = {name: getattr(item, name) for name in QueueItemOut.__struct_fields__}
    return QueueItemOut(**{**values, "flags": list(item.flags)})


def counts_out(counts: Counts, to_check: int, arrived: int) -> CountsOut:
    """The numbers of the queue as JSON."""
    return CountsOut(
        pending=counts.pending,
        to_check=to_check,
        unusual=counts.unusual,
        oldest_at=counts.oldest_at,
        arrived=arrived,
    )


def skipped_out(skipped: tuple[Skipped, ...]) -> list[SkippedOut]:
    """Left out, one by one."""
    return [SkippedOut(id=one.id, code=one.code) for one in skipped]


def batch_out(batch: BatchView) -> BatchOut:
    """A bulk decision as JSON."""
    return BatchOut(
        batch_id=batch.id,
        changed=batch.changed,
        skipped=skipped_out(batch.skipped),
        remaining=batch.remaining,
        decision=batch.decision,
        reason=batch.reason,
        note=batch.note,
        created_at=batch.created_at,
        created_by_name=batch.created_by_name,
        undone_at=batch.undone_at,
        undo_until=batch.undo_until,
    )


def history_out(entries: list[HistoryEntry]) -> HistoryOut:
    """A log's trail as JSON."""
    return HistoryOut(
        items=[
            HistoryEntryOut(**{name: getattr(one, name) for name in HistoryEntryOut.__struct_fields__})
            for one in entries
        ]
    )
