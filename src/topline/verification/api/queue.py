"""The queue: what waits for a decision, and what was decided."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar.params import Parameter

from topline.core.errors import invalid
from topline.core.permissions import Permission as P
from topline.verification import queries
from topline.verification.cursors import key_after
from topline.verification.queries import QueueFilter
from topline.verification.sampling import sample_of
from topline.verification.schemas import (
    CountsOut,
    FlagName,
    QueueItemOut,
    Status,
    counts_out,
    item_out,
)
from topline.web.paging import Cursor, Limit, Page, page_of
from topline.web.request import Req, read, services
from topline.web.routing import api

TAG = "Verification"
Search = Annotated[
    str | None, Parameter(max_length=100, description="Name of a person or behavior, or a place")
]


@api("GET", "/api/behavior-logs/queue", needs=P.LOGS_VERIFY, summary="Logs to decide about", tag=TAG)
def get_queue(
    request: Req,
    person_id: UUID | None = None,
    behavior_id: UUID | None = None,
    department_id: UUID | None = None,
    status: Status = "pending",
    first: Annotated[date | None, Parameter(description="First business date")] = None,
    last: Annotated[date | None, Parameter(description="Last business date")] = None,
    flag: FlagName | None = None,
    search: Search = None,
    sample: Annotated[
        bool, Parameter(description="Only the manager's sample and everything unusual")
    ] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[QueueItemOut]:
    """What waits, oldest first; with another `status` what was decided, newest decision first. The caller's own logs
    are left out: nobody decides about them."""
    wanted = QueueFilter(
        status, person_id, behavior_id, department_id, first, last, flag, (search or "").strip() or None
    )
    after = key_after(cursor, status)
    with read(request) as tx:
        drawn = sample_of(tx, services(request)) if sample else None
        rows = queries.page(tx, wanted, limit=limit + 1, after=after, sample=drawn)
    kept, following = page_of(rows, limit, lambda row: (row.key.at, row.id))
    return Page([item_out(row) for row in kept], following)


@api("GET", "/api/behavior-logs/queue/counts", needs=P.LOGS_VERIFY, summary="How much waits", tag=TAG)
def get_counts(
    request: Req,
    received_after: Annotated[
        datetime | None, Parameter(description="Count also what came in after this instant")
    ] = None,
) -> CountsOut:
    """Cheap enough to ask every few seconds."""
    if received_after is not None and not request.query_params["received_after"][:5].endswith("-"):
        # Litestar also reads a number, as seconds since 1970.
        raise invalid("received_after", "invalid", "Write the instant like 2026-03-04T10:00:00Z.")
    if received_after is not None and received_after.tzinfo is None:
        raise invalid("received_after", "zone_missing", "Say the zone, for example with a Z at the end.")
    with read(request) as tx:
        sample = sample_of(tx, services(request))
        counts = queries.counts(tx)
        to_check = counts.pending if sample.is_everything else queries.to_check(tx, sample)
        arrived = 0
        if received_after is not None:
            arrived = queries.matching(tx, QueueFilter(received_after=received_after), sample)
    return counts_out(counts, to_check, arrived)
