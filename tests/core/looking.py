"""What a transaction sees that asks for nothing in particular."""

from uuid import UUID

from sqlalchemy import func, select

from topline.core.transaction import Read
from topline.people.models import Person
from topline.tables import metadata

TENANT_TABLES = [
    table
    for table in metadata.sorted_tables
    if table.name == "organizations" or ("organization_id" in table.c and table.name != "installation")
]


def seen(tx: Read) -> set[UUID]:
    """The organizations whose people this transaction sees, without asking for any in particular."""
    return {row[0] for row in tx.execute(select(Person.organization_id).distinct())}


def counts(tx: Read) -> dict[str, int]:
    """How many rows of each tenant table are seen, only tables of which any are."""
    found = {
        table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
        for table in TENANT_TABLES
    }
    return {name: rows for name, rows in found.items() if rows}
