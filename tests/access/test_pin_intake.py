"""PINs that came in as plain text are hashed, every one of them or with a word about each that is not."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from tests.access.conftest import House
from tests.access.plain import bulk_load, house_of
from tests.factories import Who, set_pin
from tests.support.databases import ROOT
from topline.access import actions
from topline.access.actions import Intake, Unusable, migrate_pins
from topline.access.hashing import is_pin_hash
from topline.access.models import ImportedPin, Pin
from topline.audit.models import AuditEvent
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.people.models import Person

PIN, OTHER = "7294", "8305"
NOT_A_PIN = "not a PIN of 4 to 8 digits"


def migrate(house: House, **options: Any) -> Intake:
    return migrate_pins(house.doors, lambda _count: None, **options)


def signs_in(house: House, who: Who, pin: str) -> str:
    try:
        found = actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, who.id, pin)
    except Problem as problem:
        return problem.code
    return "in, asked for a new PIN" if found.must_change_pin else "in"


def waiting(database: Database) -> int:
    with database.read() as tx:
        count: int = tx.execute(select(func.count()).select_from(ImportedPin)).scalar_one()
    return count


def legacy(database: Database, rows: dict[str, str | None]) -> None:
    """The earlier prototype's table, as a restore puts it beside ours."""
    with database.write() as tx:
        tx.execute(text('CREATE TABLE "User" (id text PRIMARY KEY, email text NOT NULL, pin text)'))
        for number, (email, pin) in enumerate(rows.items()):
            row = {"id": f"c{number}", "email": email, "pin": pin}
            tx.execute(text('INSERT INTO "User" VALUES (:id, :email, :pin)'), row)


def legacy_pins(database: Database) -> list[str]:
    with database.read() as tx:
        return list(tx.execute(text('SELECT pin FROM "User" WHERE pin IS NOT NULL ORDER BY id')).scalars())


def test_a_bulk_load_becomes_hashes_and_its_people_are_asked_for_a_new_pin(
    house: House, database: Database
) -> None:
    cast = house.cast
    # Two people may have the same PIN, and the other one's is on the list of common ones.
    bulk_load(database, cast, {cast.fred.id: PIN, cast.bella.id: PIN, cast.mina.id: "1234"})
    done = migrate(house)
    assert (done.hashed, done.kept, done.unusable, waiting(database)) == (3, 0, [], 0)
    with database.read() as tx:
        assert all(is_pin_hash(stored) for stored in tx.execute(select(Pin.pin_hash)).scalars())
        trail = tx.execute(select(AuditEvent)).mappings().all()
    assert [event["act"] for event in trail] == ["pin.imported"] * 3
    assert PIN not in repr([(event["before"], event["after"]) for event in trail])
    assert signs_in(house, cast.fred, PIN) == "in, asked for a new PIN"
    assert signs_in(house, cast.mina, "1234") == "in, asked for a new PIN"
    assert signs_in(house, cast.bella, OTHER) == "pin_wrong"


def test_a_second_run_changes_nothing(house: House, database: Database) -> None:
    bulk_load(database, house.cast, {house.cast.fred.id: PIN})
    migrate(house)
    with database.read() as tx:
        before = tx.execute(select(Pin)).all()
    done = migrate(house)
    with database.read() as tx:
        assert tx.execute(select(Pin)).all() == before
    assert (done.hashed, done.kept, done.dropped, done.unusable) == (0, 0, 0, [])


def test_who_chose_a_pin_here_keeps_it(house: House, database: Database) -> None:
    fred = house.cast.fred
    set_pin(database, house.hasher, fred, OTHER)
    bulk_load(database, house.cast, {fred.id: PIN})
    done = migrate(house)
    assert (done.hashed, done.kept, waiting(database)) == (0, 1, 0)
    assert signs_in(house, fred, OTHER) == "in"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("729", NOT_A_PIN),
        ("729436185", NOT_A_PIN),
        ("72 94", NOT_A_PIN),
        ("٧٢٩٤", NOT_A_PIN),
        ("", NOT_A_PIN),
        ("$2a$10$" + "a" * 53, "hashed without our pepper, so that ten thousand tries give it away"),
    ],
)
def test_what_cannot_become_a_pin_is_told_and_stays_until_it_is_dropped(
    house: House, database: Database, value: str, why: str
) -> None:
    cast = house.cast
    bulk_load(database, cast, {cast.fred.id: value, cast.bella.id: PIN})
    for _ in range(2):
        done = migrate(house)
        assert done.unusable == [Unusable("imported_pins", "Fred Frontdesk", why)]
        assert waiting(database) == 1
    assert (done.hashed, done.dropped) == (0, 0)
    dropped = migrate(house, drop_unusable=True)
    assert (dropped.dropped, waiting(database)) == (1, 0)
    assert signs_in(house, cast.fred, value) == "pin_disabled"
    assert signs_in(house, cast.bella, PIN) == "in, asked for a new PIN"


def test_a_person_who_left_gets_no_pin(house: House, database: Database) -> None:
    fred = house.cast.fred
    bulk_load(database, house.cast, {fred.id: PIN})
    with database.write() as tx:
        tx.change(update(Person).where(Person.id == fred.id).values(active=False))
    assert [one.why for one in migrate(house, drop_unusable=True).unusable] == ["does not work here any more"]
    assert waiting(database) == 0
    assert house.hasher.spent == []


def test_the_column_of_the_earlier_prototype_is_found_and_emptied(house: House, database: Database) -> None:
    cast = house.cast
    legacy(
        database,
        {" Mina@House.invalid": PIN, "nora@next.invalid": OTHER, "who@knows.invalid": "4711", "x@x.x": None},
    )
    done = migrate(house)
    assert done.hashed == 2
    assert done.tables == ["imported_pins", "User"]
    assert done.unusable == [Unusable("User", "who@knows.invalid", "nobody here has this e-mail address")]
    assert legacy_pins(database) == ["4711"]
    assert signs_in(house, cast.mina, PIN) == "in, asked for a new PIN"
    with database.read() as tx:
        holders = {tuple(row) for row in tx.execute(select(Pin.organization_id, Pin.person_id))}
    other = cast.other.owner
    assert holders == {(cast.organization_id, cast.mina.id), (other.organization_id, other.id)}
    assert migrate(house, drop_unusable=True).dropped == 1
    assert legacy_pins(database) == []


def test_more_than_one_page_is_gone_through(
    house: House, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("topline.access.actions.pin_intake._TOGETHER", 2)
    people = [house.cast.olga, house.cast.mina, house.cast.milo, house.cast.fred, house.cast.bella]
    values = [PIN, "no", OTHER, "never", PIN]
    bulk_load(database, house.cast, {who.id: value for who, value in zip(people, values, strict=True)})
    done = migrate(house)
    assert (done.hashed, len(done.unusable), waiting(database)) == (3, 2, 2)


def test_killed_at_70_of_200_it_goes_on_and_the_third_run_changes_nothing(database: Database) -> None:
    house_of(database, 200)

    def run(stop_at: str | None = None) -> int:
        command = [sys.executable, "-m", "tests.access.plain", database.url]
        environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            line = ""
            for line in process.stdout:
                if line.strip() == stop_at:
                    process.kill()
        assert process.returncode == (-signal.SIGKILL if stop_at else 0)
        return int(line.removeprefix("hashed "))

    def stored() -> tuple[int, int]:
        with database.read() as tx:
            hashes = tx.execute(select(Pin.pin_hash)).scalars().all()
        assert all(map(is_pin_hash, hashes))
        return len(hashes), waiting(database)

    run(stop_at="70")
    done, left = stored()
    assert 70 <= done < 200
    assert done + left == 200
    assert run() == 200 - done
    assert stored() == (200, 0)
    assert run() == 0
    assert stored() == (200, 0)
