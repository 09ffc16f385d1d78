"""The database itself refuses to change or delete what the trail holds."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from tests.audit.tamper import TABLES
from tests.audit.trail import check
from tests.support.hotel import Hotel
from topline.audit.models import AuditChain, AuditEvent, AuditSeal
from topline.core.transaction import Database

REFUSED = {
    "edit": update(AuditEvent).values(after={"n": 9}),
    "edit the time": update(AuditEvent).values(act="person.created"),
    "delete": delete(AuditEvent),
    "edit a link": update(AuditSeal).values(hash="0" * 64),
    "delete the links": delete(AuditSeal),
    "move the head back": update(AuditChain).values(seq=1),
    "delete the head": delete(AuditChain),
}


@pytest.mark.parametrize("how", REFUSED)
def test_the_database_itself_refuses(database: Database, trail: Hotel, how: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
        tx.change(REFUSED[how])
    assert check(database, trail).broken is None


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_the_tables(database: Database, trail: Hotel, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
        tx.execute(text(f"TRUNCATE {table}" if tx.dialect == "postgresql" else f"DELETE FROM {table}"))
