"""What the pages of verification share: the list with its counts, the words, and the answer after a decision."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from litestar import Response
from litestar.enums import MediaType

from topline.core.ids import new_id
from topline.core.transaction import Read
from topline.organizations import queries as organizations
from topline.organizations.rules import business_date
from topline.verification import queries
from topline.verification.pages.view import View
from topline.verification.queries import Key, QueueFilter, QueueItem, Sample
from topline.verification.rules import SKIPS, Reason, Skipped
from topline.verification.sampling import SampleKey
from topline.web.pages import show
from topline.web.paging import encode_cursor
from topline.web.request import Req, services

PAGE_SIZE: Final = 50
#: So many skipped logs are named on the page; the others are counted.
_MOST_NAMED: Final = 8

#: As short as a button, and as the tablet says them to the person.
REASONS: Final[dict[Reason, tuple[str, str]]] = {
    Reason.NOT_PERFORMED: ("Not performed", "It did not happen"),
    Reason.INCORRECT_DATA: ("Details not right", "Room, table, outcome or covers are wrong"),
    Reason.DUPLICATE: ("Duplicate", "It was logged before"),
    Reason.NO_EVIDENCE: ("No photo", "The photo is missing or shows something else"),
    Reason.AMOUNT_MISMATCH: ("Amount does not match", "The bill says otherwise"),
    Reason.NOT_OBSERVED: ("Nobody saw it", "Nobody on the shift can confirm it"),
    Reason.OTHER: ("Something else", "Say it in the note"),
}
ACTS: Final[dict[str, str]] = {
    "verified": "Verified",
    "rejected": "Rejected",
    "reopened": "Reopened",
    "expired": "Expired",
    "undone": "Undone by the person",
    "answered": "Answered",
    "evidence_added": "Photo added",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands around the list. `matching` is how many logs it would show in the end; `sampled` says whether
    the house looks at a sample only."""

    matching: int
    to_check: int
    pending: int
    unusual: int
    sampled: bool
    grace_days: int
    oldest_on: date | None
    today: date
    wanted: QueueFilter
    drawn: Sample | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list and the numbers around it."""

    view: View
    items: list[QueueItem]
    next_href: str | None
    numbers: Numbers


def numbers(tx: Read, request: Req, view: View) -> Numbers:
    """Count. The number of statements does not depend on how many logs there are."""
    house, place = organizations.organization(tx), organizations.main_location(tx)
    today = business_date(tx.now, place.zone, place.turning_hour)
    sample = Sample(house.settings.verification.sample_bp, services(request).get(SampleKey).secret)
    drawn = sample if view.waits and not view.everything and not sample.is_everything else None
    wanted = view.wanted(today)
    counts = queries.counts(tx)
    to_check = counts.pending if sample.is_everything else queries.to_check(tx, sample)
    oldest = counts.oldest_at and business_date(counts.oldest_at, place.zone, place.turning_hour)
    return Numbers(
        matching=_matching(tx, view, wanted, drawn, to_check if drawn else counts.pending),
        to_check=to_check,
        pending=counts.pending,
        unusual=counts.unusual,
        sampled=not sample.is_everything,
        grace_days=house.settings.verification.grace_days,
        oldest_on=oldest,
        today=today,
        wanted=wanted,
        drawn=drawn,
    )


def listed(tx: Read, request: Req, view: View, after: Key | None = None) -> Listed:
    """Read the list: what waits with the caller's own logs among it, which they see but cannot choose."""
    found = numbers(tx, request, view)
    wanted = replace(found.wanted, with_own=True)
    rows = queries.page(tx, wanted, limit=PAGE_SIZE + 1, after=after, sample=found.drawn)
    kept = rows[:PAGE_SIZE]
    following = None
    if len(rows) > PAGE_SIZE:
        cursor = encode_cursor(kept[-1].key.at, kept[-1].id)
        following = view.url(cursor=cursor, as_of=view.as_of)
    return Listed(view, kept, following, found)


def show_list(
    request: Req, template: str, found: Listed, *, headers: dict[str, str] | None = None, **context: Any
) -> Response[str]:
    """The list, whole page or a part of it."""
    given = {"skipped": [], "skipped_more": 0, "remaining": 0, "changed": 0, **context}
    return show(
        request,
        template,
        headers=headers,
        items=found.items,
        next_href=found.next_href,
        numbers=found.numbers,
        view=found.view,
        batch_id=new_id(),
        reasons=[(reason.value, *words) for reason, words in REASONS.items()],
        reason_words={reason.value: words[0] for reason, words in REASONS.items()},
        **given,
    )


def named(tx: Read, skipped: tuple[Skipped, ...]) -> dict[str, Any]:
    """The skipped logs as the page names them: whose, what, and why."""
    codes = {one.id: one.code for one in skipped}
    rows = queries.items(tx, list(codes)[:_MOST_NAMED])
    return {
        "skipped": [(row, SKIPS[codes[row.id]]) for row in rows],
        "skipped_more": max(0, len(skipped) - len(rows)),
    }


def row_gone(item: QueueItem, toast: dict[str, Any], found: Numbers) -> Response[str]:
    """The answer after one decision: its row leaves the list, the numbers change, a toast says so."""
    return Response(
        "",
        media_type=MediaType.HTML,
        headers={
            "Cache-Control": "no-store",
            # Where the row has left the list behind the dialog already, only what the dialog shows of it.
            "HX-Retarget": f"#log-{item.id}, #log-detail > *",
            "HX-Reswap": "delete",
            # Headers are ASCII, and so is this JSON.
            "HX-Trigger": json.dumps(
                {
                    "toast": toast,
                    "queue": {
                        "matching": found.matching,
                        "to_check": found.to_check,
                        "unusual": found.unusual,
                    },
                }
            ),
        },
    )


def _matching(tx: Read, view: View, wanted: QueueFilter, sample: Sample | None, unfiltered: int) -> int:
    """How many logs the list would show in the end. Nobody counts what was decided over the years."""
    if not view.waits:
        return 0
    return queries.matching(tx, wanted, sample) if view.is_filtered else unfiltered
