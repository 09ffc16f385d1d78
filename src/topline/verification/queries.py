"""Read the queue of logs that wait for a decision."""

from sqlalchemy import func, select

from topline.core.transaction import Read
from topline.logbook.models import BehaviorLog


def pending_count(tx: Read) -> int:
    """How many logs wait for a decision that the caller may take: nobody decides on their own."""
    query = (
        select(func.count())
        .select_from(BehaviorLog)
        .where(
            BehaviorLog.organization_id == tx.organization_id,
            BehaviorLog.status == "pending",
            BehaviorLog.verification != "self_reported",
        )
    )
    if tx.actor.person_id is not None:
        query = query.where(BehaviorLog.person_id != tx.actor.person_id)
    return int(tx.execute(query).scalar_one())
