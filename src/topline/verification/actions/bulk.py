"""Decide about many logs at once: chosen ones, or all that match a filter. One transaction, all itemised."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import update

from topline.audit import actions as audit
from topline.core.db import upsert
from topline.core.errors import FieldError, Problem, invalid
from topline.core.ids import new_id
from topline.core.permissions import Permission as P
from topline.core.transaction import Write
from topline.logbook.actions import lock_logs
from topline.verification import queries
from topline.verification.actions.deciding import MAKES, Decision, candidate, carry_out
from topline.verification.models import DecisionBatch
from topline.verification.queries import QueueFilter, Sample
from topline.verification.rules import BULK_LIMIT, Act, Skipped, bulk_problem, partition, unknown_ids

_BULK_MESSAGES = {
    "bulk_empty": "Choose at least one log.",
    "bulk_too_many": f"At most {BULK_LIMIT} logs at once.",
}
#: So many of those that lack their photo are named when everything that matches is verified.
_MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk decision did. `remaining` are those that match the filter and still wait: ask again for them."""

    batch_id: UUID
    changed: int
    skipped: tuple[Skipped, ...]
    remaining: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as far as it identifies a request: the same twice is answered the same."""

    decision: Decision
    ids: tuple[UUID, ...] = ()
    wanted: QueueFilter | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal requests."""
        wanted = None if self.wanted is None else asdict(self.wanted)
        whole = [asdict(self.decision), sorted(map(str, self.ids)), wanted]
        return hashlib.sha256(msgspec.json.encode(whole)).hexdigest()


def decide_ids(tx: Write, made: Decision, ids: Iterable[UUID], batch_id: UUID | None = None) -> BulkResult:
    """Verify or reject these logs. What was decided already, is the caller's own or lacks its photo is skipped.

    An id that is not one of the organization's refuses the whole request (404 naming it). With the `batch_id` of an
    earlier request the same request is answered as it was then, and another one refused (409).
    """
    tx.actor.must(P.LOGS_VERIFY)
    wanted = tuple(dict.fromkeys(ids))
    code = bulk_problem(wanted)
    if code is not None:
        raise invalid("ids", code, _BULK_MESSAGES[code])
    batch = _Batch(tx, Asked(made, wanted), batch_id)
    if batch.earlier is not None:
        return batch.earlier
    skipped = _decide(tx, made, wanted, batch.id)
    return batch.close(len(wanted) - len(skipped), skipped, 0)


def decide_matching(
    tx: Write, made: Decision, wanted: QueueFilter, sample: Sample | None, batch_id: UUID | None = None
) -> BulkResult:
    """Verify or reject what waits and matches now, at most 500 of it, and tell how many remain.

    Verifying leaves those without their photo where they are, and names them.
    """
    tx.actor.must(P.LOGS_VERIFY)
    wanted = replace(wanted, status="pending", with_own=False)
    batch = _Batch(tx, Asked(made, wanted=wanted), batch_id)
    if batch.earlier is not None:
        return batch.earlier
    verifiable = True if made.act is Act.VERIFY else None
    matching = queries.keys(tx, wanted, limit=queries.MOST_COUNTED, sample=sample, verifiable=verifiable)
    chosen = [key.id for key in matching[:BULK_LIMIT]]
    skipped = _decide(tx, made, chosen, batch.id)
    changed = len(chosen) - len(skipped)
    if verifiable:
        lacking = queries.keys(tx, wanted, limit=_MOST_NAMED, sample=sample, verifiable=False)
        skipped += [Skipped(key.id, "evidence_missing") for key in lacking]
    return batch.close(changed, skipped, len(matching) - len(chosen))


def _decide(tx: Write, made: Decision, ids: Sequence[UUID], batch_id: UUID) -> list[Skipped]:
    logs = {log.id: log for log in lock_logs(tx, ids)}
    unknown = unknown_ids(ids, logs)
    if unknown:
        field = FieldError(f"ids.{ids.index(unknown[0])}", "unknown_log", "There is no such log.")
        raise Problem("not_found", f"There is no log {unknown[0]}. Nothing was changed.", fields=(field,))
    parts = partition((candidate(logs[log_id]) for log_id in ids), made.act, tx.actor.person_id)
    carry_out(tx, [logs[log_id] for log_id in parts.to_change], made, batch_id=batch_id)
    return list(parts.skipped)


class _Batch:
    """The row of a bulk decision. Written first: of two equal requests at once the second waits, and finds it."""

    def __init__(self, tx: Write, asked: Asked, batch_id: UUID | None) -> None:
        self._tx = tx
        self._asked = asked
        self.id = batch_id or new_id()
        self.earlier = None if self._begin() else self._answer_of_before()

    def close(self, changed: int, skipped: Sequence[Skipped], remaining: int) -> BulkResult:
        """Keep what is answered, and leave an audit row."""
        tx = self._tx
        values: dict[str, Any] = {
            "changed": changed,
            "skipped": len(skipped),
            "left_out": {str(one.id): one.code for one in skipped},
            "remaining": remaining,
        }
        tx.change(
            update(DecisionBatch)
            .where(DecisionBatch.organization_id == tx.organization_id, DecisionBatch.id == self.id)
            .values(**values)
        )
        made = self._asked.decision
        said = {"reason": made.reason and made.reason.value, "note": made.note}
        audit.record(
            tx,
            f"logs.{MAKES[made.act][1]}",
            "decision_batch",
            self.id,
            after={"changed": changed, "skipped": len(skipped), **said},
        )
        return BulkResult(self.id, changed, tuple(skipped), remaining)

    def _begin(self) -> bool:
        tx, made = self._tx, self._asked.decision
        row = upsert(tx.dialect)(DecisionBatch).values(
            organization_id=tx.organization_id,
            id=self.id,
            decision=MAKES[made.act][0].value,
            reason=made.reason and made.reason.value,
            note=made.note,
            changed=0,
            skipped=0,
            left_out={},
            remaining=0,
            fingerprint=self._asked.fingerprint,
            created_at=tx.now,
            created_by=tx.actor.person_id,
            undone_at=None,
        )
        return tx.change(row.on_conflict_do_nothing()) == 1

    def _answer_of_before(self) -> BulkResult:
        found = queries.batch(self._tx, self.id)
        if found.fingerprint != self._asked.fingerprint:
            message = "Another decision was sent under this id."
            raise Problem("conflict", message, fields=(FieldError("batch_id", "batch_id_taken", message),))
        return BulkResult(found.id, found.changed, found.skipped, found.remaining)
