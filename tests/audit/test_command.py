"""`topline audit`: what an operator and a script see."""

import pytest
from click.testing import CliRunner, Result

from tests.audit.tamper import intruder
from tests.support.hotel import Hotel
from topline.audit import actions
from topline.cli import cli
from topline.core.transaction import Database


@pytest.fixture
def run(
    database: Database,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Runner":
    monkeypatch.setenv("TOPLINE_DATABASE_URL", database_url)
    monkeypatch.setenv("TOPLINE_DATA", str(tmp_path_factory.mktemp("data")))
    return Runner()


class Runner:
    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(cli, ["audit", *words])


@pytest.fixture
def trail(database: Database, hotel: Hotel) -> Hotel:
    for number in range(3):
        with database.write(hotel.olive.actor) as tx:
            actions.record(tx, "person.changed", "person", hotel.sam.id, after={"n": number})
    return hotel


def test_a_whole_chain_ends_with_zero(run: Runner, trail: Hotel) -> None:
    done = run("verify")
    assert done.exit_code == 0
    assert done.output.startswith(f"{trail.organization_id}: whole, 3 links; head 3:")


def test_the_first_broken_link_is_named_and_ends_with_one(
    run: Runner, database: Database, trail: Hotel, other_hotel: Hotel
) -> None:
    with intruder(database, trail.organization_id) as by:
        by.edit(2, after={"n": 99})
    done = run("verify")
    assert done.exit_code == 1
    assert f"{trail.organization_id}: BROKEN at link 2: what changed was edited" in done.output
    assert f"{other_hotel.organization_id}: whole, 0 links" in done.output
    assert run("verify", "--organization", str(other_hotel.organization_id)).exit_code == 0
    assert run("verify", "--organization", str(trail.organization_id)).exit_code == 1


def test_a_head_that_was_noted_shows_that_the_end_was_cut(
    run: Runner, database: Database, trail: Hotel
) -> None:
    noted = run("head").output.strip()
    assert run("verify", "--expect", noted).exit_code == 0
    with intruder(database, trail.organization_id) as by:
        by.set_head(by.head_at(2))
        by.remove(3)
    assert run("verify").exit_code == 0
    done = run("verify", "--expect", noted)
    assert done.exit_code == 1
    assert "BROKEN at link 3: the chain ends here; it had 3 links" in done.output


def test_a_head_of_a_house_that_is_gone_is_no_success(run: Runner, trail: Hotel) -> None:
    done = run("verify", "--expect", f"00000000-0000-7000-8000-000000000000:1:{'a' * 64}")
    assert done.exit_code == 1
    assert "there is no such organization" in done.output


@pytest.mark.parametrize("head", ["", "3", "x:3:y", "00000000-0000-7000-8000-000000000000:3:zz"])
def test_what_is_no_head_is_refused(run: Runner, trail: Hotel, head: str) -> None:
    assert run("verify", "--expect", head).exit_code == 2


def test_seal_takes_in_what_stands_outside(run: Runner, database: Database, trail: Hotel) -> None:
    assert run("seal").output == "0 events taken in\n"


def test_what_was_erased_is_listed_and_only_as_much_as_is_known_passes(
    run: Runner, database: Database, trail: Hotel
) -> None:
    with intruder(database, trail.organization_id) as by:
        second = by.event_at(2)
    with database.write(trail.olive.actor) as tx:
        actions.remove_personal(tx, what=[second])
    done = run("verify")
    assert done.exit_code == 1
    assert "whole, 4 links, 1 with an erased part" in done.output
    assert "link 4: erased on" in done.output
    assert "UNKNOWN: events with an erased part: 1; you know of 0." in done.output
    assert run("verify", "--removed", "1").exit_code == 0
