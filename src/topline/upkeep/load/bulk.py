"""Bulk inserts by table name: the demo loader writes every table and is the only one that does."""

from typing import Any

from sqlalchemy import Table, insert

from topline.core.db import Base
from topline.core.transaction import Write


def insert_rows(tx: Write, name: str, rows: list[dict[str, Any]], *, tenant: bool = True) -> None:
    """Insert into the table called `name`; `tenant` adds the organization to every row."""
    if not rows:
        return
    table: Table = Base.metadata.tables[name]
    if tenant:
        rows = [{"organization_id": tx.organization_id, **row} for row in rows]
    tx.execute(insert(table), rows)
