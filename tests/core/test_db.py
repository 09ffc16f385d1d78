"""The two databases behave alike: instants, documents, keys across tenants, and where the schema stands."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from topline.core.db import make_engine, upsert
from topline.core.ids import new_id, parse_id
from topline.core.migrations import downgrade, upgrade
from topline.core.schema import head, position
from topline.core.transaction import Database, Write
from topline.organizations.models import Closure, Location, Organization

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def organization(**changed: Any) -> dict[str, Any]:
    plain = {"name": "House", "currency": "EUR", "locale": "en", "settings": {}, "created_at": NOON}
    return {"id": new_id(), **plain, **changed}


def a_location(tx: Write, owner: Any) -> Any:
    location_id = new_id()
    plain = {"name": "Main", "zone": "UTC", "opening_hours": {}, "created_at": NOON}
    tx.change(insert(Location).values(organization_id=owner, id=location_id, **plain))
    return location_id


@pytest.mark.parametrize(
    "given",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=8))),
        NOON.astimezone(timezone(timedelta(hours=-3, minutes=-30))),
        NOON.replace(microsecond=123456),
    ],
)
def test_an_instant_comes_back_as_the_same_moment_in_utc(database: Database, given: datetime) -> None:
    with database.write() as tx:
        tx.change(insert(Organization).values(organization(created_at=given)))
    with database.read() as tx:
        found = tx.execute(select(Organization.created_at)).scalar_one()
        assert tx.execute(select(Organization.id).where(Organization.created_at <= given)).scalar_one()
        assert tx.execute(select(Organization.id).where(Organization.created_at < given)).all() == []
    assert found == given
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive datetime"), database.write() as tx:
        tx.change(insert(Organization).values(organization(created_at=naive)))
    with pytest.raises(StatementError, match="naive datetime"), database.read() as tx:
        tx.execute(select(Organization.id).where(Organization.created_at < naive))


def test_a_document_comes_back_as_it_was(database: Database) -> None:
    document = {"b": [1, 2.5, None, True], "a": {"ü": "✓", "": "'; DROP TABLE people; --"}}
    with database.write() as tx:
        tx.change(insert(Organization).values(organization(settings=document)))
    with database.read() as tx:
        assert tx.execute(select(Organization.settings)).scalar_one() == document


def test_a_row_cannot_belong_to_one_hotel_and_point_into_another(database: Database) -> None:
    """Composite keys: the database itself refuses what joins two tenants."""
    with database.write() as tx:
        ours, theirs = organization(), organization()
        for house in (ours, theirs):
            tx.change(insert(Organization).values(house))
        our_location = a_location(tx, ours["id"])
    closed = {"location_id": our_location, "business_date": date(2026, 12, 24), "reason": ""}
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.change(insert(Closure).values(organization_id=theirs["id"], **closed))
    with database.write() as tx:
        assert tx.change(insert(Closure).values(organization_id=ours["id"], **closed)) == 1


def test_an_upsert_is_written_once_for_both(database: Database) -> None:
    with database.write() as tx:
        house = organization(name="Before")
        for name in ("Before", "After"):
            statement = upsert(tx.dialect)(Organization).values({**house, "name": name})
            tx.change(statement.on_conflict_do_update(index_elements=["id"], set_={"name": name}))
    with database.read() as tx:
        assert tx.execute(select(Organization.name)).all() == [("After",)]


def test_ids_made_later_sort_later() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {one.version for one in made} == {7}


@pytest.mark.parametrize("text", ["", "x", "1", "0" * 31, None, 5, "g" * 32, "'; --"])
def test_what_is_no_id_is_none(text: Any) -> None:
    assert parse_id(text) is None


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    """Write-ahead log, foreign keys, and a commit that survives a power cut."""
    url = f"sqlite:///{tmp_path}/new/folder/house.db"
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10000}
    for writer, more in ((True, {"synchronous": 2}), (False, {"query_only": 1})):
        engine = make_engine(url, writer=writer, pool_size=1)
        with engine.connect() as connection:
            for pragma, value in {**wanted, **more}.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value, pragma
        engine.dispose()


@pytest.mark.postgres
def test_postgresql_waits_are_bounded_and_its_zone_is_utc(postgres_databases: Any) -> None:
    with postgres_databases.fresh() as url:
        engine = make_engine(url, writer=True, pool_size=1)
        with engine.connect() as connection:
            for name, value in (("timezone", "UTC"), ("lock_timeout", "5s"), ("statement_timeout", "30s")):
                assert connection.exec_driver_sql(f"SHOW {name}").scalar_one() == value
        engine.dispose()


def test_the_schema_tells_where_it_stands_on_the_way_down_and_up(database_url: str) -> None:
    assert position(database_url).is_current
    downgrade(database_url, "base")
    empty = position(database_url)
    assert (empty.current, empty.is_current) == (None, False)
    assert empty.pending[-1] == head()
    upgrade(database_url)
    assert position(database_url).pending == ()


def test_a_schema_of_a_newer_release_is_recognized(database_url: str) -> None:
    engine = make_engine(database_url, writer=True, pool_size=1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    found = position(database_url)
    assert "9999" in found.trouble
    assert not found.is_current


def test_a_database_that_is_gone_is_noticed(database: Database) -> None:
    assert database.is_reachable()
    unreachable = Database("postgresql://nobody@127.0.0.1:9/nothing", database.clock, pool_size=1)
    assert not unreachable.is_reachable()
    unreachable.close()
