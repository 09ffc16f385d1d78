"""Which logs: the filters of the queue, the manager's sample, and the keys that match, in order."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    String,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from topline.behaviors.models import Behavior
from topline.core.db import Id, Instant
from topline.core.money import BASIS_POINTS
from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog
from topline.people.models import Person
from topline.verification.rules import in_sample

PENDING: Final = "pending"
DECIDED: Final = ("verified", "rejected", "expired")
UNUSUAL: Final = "unusual"
PHOTO_MISSING: Final = "photo_missing"
ANSWERED: Final = "answered"
#: A sample is drawn by a keyed hash that no database knows: keys are read in such portions and drawn here.
_PORTION: Final = 1_000
#: Beyond so many waiting logs a count says "at least".
MOST_COUNTED: Final = 20_000

PERSON: Final = and_(
    Person.organization_id == BehaviorLog.organization_id, Person.id == BehaviorLog.person_id
)
BEHAVIOR: Final = and_(
    Behavior.organization_id == BehaviorLog.organization_id, Behavior.id == BehaviorLog.behavior_id
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which logs; None leaves a question open. Dates are business dates, both included.

    `status` is `pending` (what waits for a decision), `decided`, or one of verified, rejected, expired. `flag` is one
    of the logbook's flags, `unusual` (any of them, or a photo missing), `photo_missing` or `answered`.
    `received_until` is when the caller looked: what came in later is not decided unseen. Own logs are left out unless
    `with_own`.
    """

    status: str = PENDING
    person_id: UUID | None = None
    behavior_id: UUID | None = None
    department_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    flag: str | None = None
    search: str | None = None
    received_until: datetime | None = None
    received_after: datetime | None = None
    with_own: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked beyond the status."""
        return replace(self, received_until=None, with_own=False) == QueueFilter(status=self.status)


@dataclass(frozen=True, slots=True)
class Sample:
    """The share of ordinary logs a manager looks at. Unusual ones always are looked at."""

    share_bp: int
    secret: bytes

    @property
    def is_everything(self) -> bool:
        """Whether every log is looked at anyway."""
        return self.share_bp >= BASIS_POINTS

    def takes(self, log_id: UUID, unusual: bool) -> bool:
        """Whether this log is looked at."""
        return unusual or in_sample(log_id, self.share_bp, self.secret)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a log stands in its list: by business date while it waits, by the decision's time afterwards."""

    at: date | datetime
    id: UUID


def keys(
    tx: Read,
    wanted: QueueFilter,
    *,
    limit: int,
    after: Key | None = None,
    sample: Sample | None = None,
    verifiable: bool | None = None,
) -> list[Key]:
    """The first `limit` logs that match, what waits oldest first, what was decided newest first.

    `verifiable` False asks only for those that lack their photo, True for the others.
    """
    if sample is None or sample.is_everything:
        return [Key(at, log_id) for at, log_id, _ in _portion(tx, wanted, limit, after, verifiable)]
    found: list[Key] = []
    while True:
        rows = _portion(tx, wanted, _PORTION, after, verifiable)
        found += [Key(at, log_id) for at, log_id, odd in rows if sample.takes(log_id, bool(odd))]
        if len(found) >= limit or len(rows) < _PORTION:
            return found[:limit]
        after = Key(rows[-1][0], rows[-1][1])


def matches(tx: Read, wanted: QueueFilter, columns: list[Any]) -> Any:
    """A select of `columns` over the logs that match."""
    query = select(*columns).select_from(BehaviorLog)
    if wanted.department_id is not None or wanted.search:
        query = query.join(Person, PERSON)
    if wanted.search:
        query = query.join(Behavior, BEHAVIOR).where(
            or_(
                Person.name.icontains(wanted.search, autoescape=True),
                Behavior.name.icontains(wanted.search, autoescape=True),
                func.lower(BehaviorLog.place) == wanted.search.lower(),
            )
        )
    query = query.where(BehaviorLog.organization_id == tx.organization_id, _has_status(wanted.status))
    if not wanted.with_own and tx.actor.person_id is not None:
        query = query.where(BehaviorLog.person_id != tx.actor.person_id)
    for column, value in (
        (BehaviorLog.person_id, wanted.person_id),
        (BehaviorLog.behavior_id, wanted.behavior_id),
        (Person.department_id, wanted.department_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.first is not None:
        query = query.where(BehaviorLog.business_date >= wanted.first)
    if wanted.last is not None:
        query = query.where(BehaviorLog.business_date <= wanted.last)
    if wanted.received_until is not None:
        query = query.where(BehaviorLog.received_at <= wanted.received_until)
    if wanted.received_after is not None:
        query = query.where(BehaviorLog.received_at > wanted.received_after)
    if wanted.flag is not None:
        query = query.where(_has_flag(wanted.flag))
    return query


def is_waiting() -> ColumnElement[bool]:
    """Whether a log waits for a decision. Written with constants, as the partial index of the queue says it."""
    return and_(
        BehaviorLog.status == literal_column("'pending'", String()),
        BehaviorLog.verification != literal_column("'self_reported'", String()),
    )


def is_flagged() -> ColumnElement[bool]:
    """Whether something is to be known about how a log came in."""
    return and_(BehaviorLog.flags.is_not(None), cast(BehaviorLog.flags, String).like('%"%'))


def lacks_photo() -> ColumnElement[bool]:
    """Whether a log cannot be verified because its behavior needs a photo and there is none."""
    return and_(BehaviorLog.verification == "evidence", BehaviorLog.has_evidence == false())


def is_unusual() -> ColumnElement[bool]:
    """Whether a person should look at the log whatever the sample says."""
    return or_(is_flagged(), lacks_photo())


def _portion(
    tx: Read, wanted: QueueFilter, limit: int, after: Key | None, verifiable: bool | None
) -> list[tuple[Any, UUID, int]]:
    waits = wanted.status == PENDING
    at: Any = BehaviorLog.business_date if waits else BehaviorLog.decided_at
    query = matches(tx, wanted, [at, BehaviorLog.id, is_unusual()]).limit(limit)
    if verifiable is not None:
        query = query.where(~lacks_photo() if verifiable else lacks_photo())
    if after is not None:
        place = tuple_(literal(after.at, Date() if waits else Instant()), literal(after.id, Id))
        here = tuple_(at, BehaviorLog.id)
        query = query.where(here > place if waits else here < place)
    order = (at, BehaviorLog.id) if waits else (at.desc(), BehaviorLog.id.desc())
    return [(row[0], row[1], row[2]) for row in tx.execute(query.order_by(*order))]


def _has_status(status: str) -> ColumnElement[bool]:
    if status == PENDING:
        return is_waiting()
    statuses = DECIDED if status == "decided" else (status,)
    return and_(BehaviorLog.decided_at.is_not(None), BehaviorLog.status.in_(statuses))


def _has_flag(flag: str) -> ColumnElement[bool]:
    if flag == UNUSUAL:
        return is_unusual()
    if flag == PHOTO_MISSING:
        return lacks_photo()
    if flag == ANSWERED:
        return BehaviorLog.answered_at.is_not(None)
    return cast(BehaviorLog.flags, String).like(f'%"{flag}"%')
