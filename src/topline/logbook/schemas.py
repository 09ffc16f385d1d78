"""JSON shapes of the logbook."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from topline.logbook.queries import LogView
from topline.logbook.rules import LogStatus, undo_until
from topline.web.schemas import Input, Output

Instant = Annotated[datetime, Meta(tz=True)]
AnId = Annotated[UUID, Meta(description="Made by the tablet (UUIDv7): the same id twice is the same log")]
_EXAMPLE = "0198c2f0-6d2a-7c31-9d0a-5b1f3c7e2a10"
_LOG_EXAMPLE = {
    "id": _EXAMPLE,
    "session_id": "0198c2e0-1c11-7aa0-8d0e-0a4b5c6d7e8f",
    "behavior_id": "0198c2a0-5e5e-7b00-8c00-1a2b3c4d5e6f",
    "occurred_at": "2026-03-04T10:00:00Z",
    "place": "12",
}


class LogIn(Input, kw_only=True):
    """What somebody did."""

    id: AnId
    behavior_id: UUID
    occurred_at: Annotated[
        Instant | None,
        Meta(description="When, by the tablet's clock: up to 72 h back, 2 min ahead. Now when left out"),
    ] = None
    outcome: Annotated[str, Meta(max_length=20, description="`offered`, `accepted` or `declined`")] | None = (
        None
    )
    place: Annotated[str, Meta(max_length=100, description="Room or table; at most 10 characters")] | None = (
        None
    )
    amount_minor: Annotated[int | None, Meta(description="Amount in minor units of the house's currency")] = (
        None
    )
    covers: Annotated[int | None, Meta(description="How many guests, 0 to 500")] = None
    note: Annotated[str, Meta(max_length=2000, description="At most 500 characters")] | None = None
    metadata: Annotated[
        dict[str, Any] | None, Meta(description="Flat object of plain values, at most 20 keys and 4 kB")
    ] = None


class LateLogIn(LogIn, kw_only=True):
    """A tap that waited on the tablet."""

    session_id: Annotated[UUID, Meta(description="The PIN session it was tapped under")]


class LateUndoIn(Input):
    """An undo that waited on the tablet."""

    id: UUID
    session_id: UUID
    undone_at: Instant


class BatchIn(Input):
    """The queue of one tablet, at most 200 items together."""

    logs: Annotated[
        list[Any],
        Meta(
            max_length=200,
            description="Like the body of one log, each with `session_id`",
            examples=[[_LOG_EXAMPLE]],
        ),
    ] = []
    undos: Annotated[
        list[Any], Meta(max_length=200, description="`{id, session_id, undone_at}`", examples=[[]])
    ] = []


class AnswerIn(Input):
    """The one answer to a rejection."""

    text: Annotated[str, Meta(max_length=2000, description="At most 500 characters")]


class LogOut(Output):
    """A log as it stands now."""

    id: UUID
    behavior_id: UUID
    behavior_name: str
    person_id: UUID
    business_date: date
    occurred_at: datetime
    received_at: datetime
    status: Annotated[str, Meta(description="pending, verified, rejected, undone or expired")]
    points: Annotated[int, Meta(description="What it counts now")]
    outcome: str | None
    place: str | None
    amount_minor: int | None
    covers: int | None
    note: str | None
    metadata: dict[str, Any] | None
    flags: Annotated[list[str], Meta(description="What a manager should know: offline, clock_ahead, burst")]
    has_evidence: bool
    reject_reason: str | None
    reject_note: str | None
    answer: str | None
    answered_at: datetime | None
    undo_until: datetime
    can_undo: bool
    can_answer: bool


class TodayOut(Output):
    """The person's business day so far."""

    count: int
    target: int
    points: int


class BehaviorCountOut(Output):
    """One behavior today."""

    id: UUID
    count: int
    target: int


class LoggedOut(Output):
    """A stored log and what it made of the day."""

    log: LogOut
    today: TodayOut
    behavior: BehaviorCountOut


class OneLogOut(Output):
    """One log."""

    log: LogOut


class BatchResultOut(Output):
    """What became of one item."""

    id: str
    kind: Annotated[str, Meta(description="log or undo")]
    result: Annotated[str, Meta(description="stored, already_stored, undone or refused")]
    code: Annotated[str | None, Meta(description="Why it was refused")] = None
    detail: str | None = None
    log: LogOut | None = None


class BatchOut(Output):
    """One result for each item, in the order sent, logs first."""

    results: list[BatchResultOut]


def log_out(view: LogView, now: datetime, viewer_id: UUID | None) -> LogOut:
    """A log as JSON. What can be done with it is said for the person who looks."""
    until = undo_until(view.occurred_at, view.received_at)
    own = viewer_id == view.person_id
    return LogOut(
        id=view.id,
        behavior_id=view.behavior_id,
        behavior_name=view.behavior_name,
        person_id=view.person_id,
        business_date=view.business_date,
        occurred_at=view.occurred_at,
        received_at=view.received_at,
        status=view.status,
        points=view.worth,
        outcome=view.outcome,
        place=view.place,
        amount_minor=view.amount_minor,
        covers=view.covers,
        note=view.note,
        metadata=view.metadata,
        flags=list(view.flags),
        has_evidence=view.has_evidence,
        reject_reason=view.reject_reason,
        reject_note=view.reject_note,
        answer=view.answer,
        answered_at=view.answered_at,
        undo_until=until,
        can_undo=own and view.status == LogStatus.PENDING and now < until,
        can_answer=own and view.status == LogStatus.REJECTED and view.answered_at is None,
    )
