"""What becomes of a log: undone, decided at one of the department's rounds, forgotten; late from an offline tablet.

Every draw is made whether or not it has come to pass, so that a later `now` tells the same story, only further on.
"""

from random import Random
from typing import Final, Literal, NamedTuple
from uuid import UUID

from topline.behaviors.catalog import BehaviorTemplate
from topline.logbook.rules import UNDO_WINDOW, Flag
from topline.upkeep.demo.rota import Rounds

Status = Literal["pending", "verified", "rejected", "undone", "expired"]

EXPIRES_AFTER: Final = 7 * 86_400_000
UNDO_WITHIN: Final = int(UNDO_WINDOW.total_seconds() * 1_000)
OFFLINE_AT_MOST: Final = 4 * 3_600_000

_UNDONE: Final = 0.014
_REJECTED: Final = 0.016
_FORGOTTEN: Final = 0.003
_OFFLINE: Final = 0.008
_PHOTO: Final = 0.93
_REASONED: Final = 0.6
_ANSWERED: Final = 0.3
_MINUTE: Final = 60_000

_REASONS: Final = ("not_performed", "incorrect_data", "duplicate", "not_observed", "other")
_SAYS: Final[dict[str, tuple[str, ...]]] = {
    "not_performed": ("The guest says nobody offered it.", "You were on your break at that time."),
    "incorrect_data": ("That room was empty last night.", "Wrong table, please log it again."),
    "duplicate": ("Same place twice within a minute.", "Already logged by your colleague."),
    "no_evidence": ("There is no photo. Please add one next time.",),
    "amount_mismatch": ("The bill shows less.", "The bill shows another amount."),
    "not_observed": ("Nobody on the shift could confirm it.",),
    "other": ("Let us talk about this one at the briefing.",),
}
_REPLIES: Final = (
    "I was there, please ask the guest.",
    "Sorry, wrong button.",
    "Understood.",
    "I offered it at the second visit to the table.",
    "Can we look at the bill together?",
)


class Fate(NamedTuple):
    """Where a log stands at `now`, instants in milliseconds since 1970. A tuple because there are very many."""

    status: Status = "pending"
    undone_at: int | None = None
    decided_at: int | None = None
    decided_by: UUID | None = None
    reject_reason: str | None = None
    reject_note: str | None = None
    answer: str | None = None
    answered_at: int | None = None


_PENDING: Final = Fate()


def received_at(occurred: int, rng: Random) -> tuple[int, tuple[str, ...]]:
    """When the server heard of it and how that is flagged: at once, or once the Wi-Fi was back."""
    if rng.random() < _OFFLINE:
        return occurred + int((0.02 + 0.98 * rng.random() ** 2) * OFFLINE_AT_MOST), (Flag.OFFLINE.value,)
    return occurred + 40 + int(rng.random() * 260), ()


def has_photo(template: BehaviorTemplate, rng: Random) -> bool:
    """Whether the photo that the behavior needs was taken."""
    return template.verification == "evidence" and rng.random() < _PHOTO


def fate(
    template: BehaviorTemplate,
    occurred: int,
    received: int,
    amount: int | None,
    photo: bool,
    rounds: Rounds,
    now: int,
    rng: Random,
) -> Fate:
    """What has become of a log by `now`."""
    draw = rng.random()
    if draw < _UNDONE and received - occurred < _MINUTE:
        undone = received + 2_000 + int(rng.random() ** 3 * (UNDO_WITHIN - 10_000))
        return Fate("undone", undone_at=undone) if undone <= now else _PENDING
    if template.verification == "self_reported":
        return _PENDING
    if draw > 1 - _FORGOTTEN:
        return Fate("expired") if occurred + EXPIRES_AFTER <= now else _PENDING
    decided, by = rounds.deciding(received, rng.random())
    missing = template.verification == "evidence" and not photo
    if missing or rng.random() < _REJECTED:
        return _rejection("no_evidence" if missing else _reason(amount, rng), decided, by, now, rng)
    return Fate("verified", decided_at=decided, decided_by=by) if decided <= now else _PENDING


def _reason(amount: int | None, rng: Random) -> str:
    if amount is not None and rng.random() < 0.5:
        return "amount_mismatch"
    return _REASONS[int(rng.random() * len(_REASONS))]


def _rejection(reason: str, decided: int, by: UUID, now: int, rng: Random) -> Fate:
    says = _SAYS[reason]
    # "Other" explains nothing by itself, so it always comes with words.
    note = says[int(rng.random() * len(says))] if rng.random() < _REASONED or reason == "other" else None
    reply = _REPLIES[int(rng.random() * len(_REPLIES))] if rng.random() < _ANSWERED else None
    answered = decided + int((1 + 20 * rng.random()) * 3_600_000)
    if decided > now:
        return _PENDING
    if reply is None or answered > now:
        return Fate("rejected", None, decided, by, reason, note)
    return Fate("rejected", None, decided, by, reason, note, reply, answered)
