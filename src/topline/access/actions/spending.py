"""Tickets that count once: the first use writes them down, the second finds them there."""

from sqlalchemy import delete

from topline.access.models import SpentTicket
from topline.access.tickets import Ticket
from topline.core.db import upsert
from topline.core.errors import Problem
from topline.core.transaction import Write


def spend(tx: Write, ticket: Ticket) -> None:
    """Use a ticket up. Raises 401 `ticket_over` when somebody did before, also at the same moment."""
    fresh = tx.change(
        upsert(tx.dialect)(SpentTicket)
        .values(id=ticket.id, expires_at=ticket.ends_at)
        .on_conflict_do_nothing(index_elements=["id"])
    )
    if not fresh:
        raise Problem("ticket_over")


def forget_spent(tx: Write) -> int:
    """Drop what is over anyway."""
    return tx.change(delete(SpentTicket).where(SpentTicket.expires_at < tx.now))
