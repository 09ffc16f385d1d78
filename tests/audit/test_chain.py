"""The chain of the audit trail: whatever somebody with all rights on the server does to it is found."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from tests.audit.tamper import Intruder, intruder
from tests.audit.trail import LINKS, check
from tests.support.hotel import Hotel
from topline.audit import actions, queries
from topline.audit.models import AuditChain, AuditSeal
from topline.audit.rules import REMOVED
from topline.core.ids import new_id
from topline.core.transaction import Database


def test_a_chain_nobody_touched_is_whole(database: Database, trail: Hotel) -> None:
    report = check(database, trail)
    assert report.broken is None
    assert (report.head.seq, report.waiting, report.removed) == (LINKS, 0, 0)
    assert check(database, trail, report.head).broken is None


def test_each_house_has_its_own_chain(database: Database, trail: Hotel, other_hotel: Hotel) -> None:
    with database.write(other_hotel.olive.actor) as tx:
        actions.record(tx, "person.changed", "person", other_hotel.sam.id)
    assert check(database, other_hotel).head.seq == 1
    assert check(database, trail).head.seq == LINKS


def test_what_a_savepoint_took_back_is_not_missed(database: Database, trail: Hotel) -> None:
    with database.write(trail.olive.actor) as tx:
        with contextlib.suppress(LookupError), tx.savepoint():
            actions.record(tx, "person.changed", "person", trail.sam.id)
            raise LookupError
        actions.record(tx, "person.changed", "person", trail.bea.id)
    report = check(database, trail)
    assert report.broken is None
    assert report.head.seq == LINKS + 1


def test_what_was_rolled_back_leaves_no_gap(database: Database, trail: Hotel) -> None:
    def fails() -> None:
        with database.write(trail.olive.actor) as tx:
            actions.record(tx, "person.changed", "person", trail.sam.id)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert check(database, trail).head.seq == LINKS
    assert check(database, trail).broken is None


def edit_what(by: Intruder) -> None:
    by.edit(3, after={"n": 99})


def edit_who(by: Intruder) -> None:
    by.edit(3, actor_label="Nobody")


def edit_the_address(by: Intruder) -> None:
    by.edit(3, address="203.0.113.9")


def edit_the_time(by: Intruder) -> None:
    by.edit(3, at=by.event(3).at + timedelta(seconds=1))


def edit_the_actor(by: Intruder) -> None:
    by.edit(3, actor_id=new_id())


def edit_and_seal_anew(by: Intruder) -> None:
    """The link fits its event; the next one does not fit the link."""
    by.edit(2, after={"n": 99})
    changed = by.event(2)
    with_seal = by.head_at(1)
    by.tx.change(delete(AuditSeal).where(AuditSeal.organization_id == by.house, AuditSeal.seq == 2))
    by.seal(with_seal, changed)


def delete_event(by: Intruder) -> None:
    by.remove(3, seal=False)


def delete_link(by: Intruder) -> None:
    by.remove(3)


def delete_the_first(by: Intruder) -> None:
    by.remove(1)


def slip_in(by: Intruder) -> None:
    """An event of last week that nobody recorded then."""
    by.insert(replace(by.event(3), id=new_id(), at=by.event(3).at - timedelta(days=7)))


def slip_in_behind_the_end(by: Intruder) -> None:
    event = replace(by.event(3), id=new_id())
    by.insert(event)
    by.seal(by.head_at(LINKS), event)


def swap(by: Intruder) -> None:
    two, four = by.event(2), by.event(4)
    by.edit(2, before=four.before, after=four.after)
    by.edit(4, before=two.before, after=two.after)


def swap_links(by: Intruder) -> None:
    two, four = by.event_at(2), by.event_at(4)
    by.edit_seal(2, event_id=new_id())
    by.edit_seal(4, event_id=two)
    by.edit_seal(2, event_id=four)


def cut_the_end(by: Intruder) -> None:
    by.remove(LINKS)


def cut_everything(by: Intruder) -> None:
    for seq in range(1, LINKS + 1):
        by.remove(seq)


def blank_without_saying_so(by: Intruder) -> None:
    by.edit(3, before=None, after=None)
    by.edit_seal(3, what_salt=None)


def blank_and_explain_it(by: Intruder) -> None:
    """The next sweep would take it in."""
    blank_without_saying_so(by)
    said = {"who": [], "what": [str(by.event_at(3))]}
    by.insert(replace(by.event(LINKS), id=new_id(), act=REMOVED, before=None, after=said))


def fill_in_again(by: Intruder) -> None:
    by.edit_seal(3, who_salt=None)


TAMPERING: dict[Callable[[Intruder], None], int | None] = {
    edit_what: 3,
    edit_who: 3,
    edit_the_address: 3,
    edit_the_time: 3,
    edit_the_actor: 3,
    edit_and_seal_anew: 3,
    delete_event: 3,
    delete_link: 3,
    delete_the_first: 1,
    slip_in: None,
    slip_in_behind_the_end: LINKS + 1,
    swap: 2,
    swap_links: 2,
    cut_the_end: LINKS,
    cut_everything: 1,
    blank_without_saying_so: 3,
    blank_and_explain_it: 3,
    fill_in_again: 3,
}


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_at_its_link(
    database: Database, trail: Hotel, tamper: Callable[[Intruder], None]
) -> None:
    with intruder(database, trail.organization_id) as by:
        tamper(by)
    broken = check(database, trail).broken
    assert broken is not None
    assert broken.seq == TAMPERING[tamper]


def test_an_explanation_from_outside_is_not_taken_in(database: Database, trail: Hotel) -> None:
    with intruder(database, trail.organization_id) as by:
        by.insert(replace(by.event(LINKS), id=new_id(), act=REMOVED, before=None, after={}))
    with database.write(trail.olive.actor) as tx:
        assert actions.sweep(tx) == 0
    broken = check(database, trail).broken
    assert broken is not None
    assert (broken.seq, "the program did not write it" in broken.problem) == (None, True)


def test_an_event_slipped_in_is_found_after_it_was_taken_in_too(database: Database, trail: Hotel) -> None:
    with intruder(database, trail.organization_id) as by:
        by.insert(replace(by.event(3), id=new_id(), at=by.event(3).at - timedelta(minutes=61)))
        by.tx.change(update(AuditChain).values(swept_at=None))
    with database.write(trail.olive.actor) as tx:
        assert actions.sweep(tx) == 1
    broken = check(database, trail).broken
    assert broken is not None
    assert (broken.seq, "slipped in" in broken.problem) == (LINKS + 1, True)


def test_a_shorter_chain_with_a_fitting_head_is_found_by_a_head_noted_outside(
    database: Database, trail: Hotel
) -> None:
    noted = check(database, trail).head
    with intruder(database, trail.organization_id) as by:
        by.set_head(by.head_at(LINKS - 1))
        by.remove(LINKS)
    assert check(database, trail).broken is None  # nothing inside the database can show it
    broken = check(database, trail, noted).broken
    assert broken is not None
    assert broken.seq == LINKS


def test_a_chain_written_anew_is_found_by_a_head_noted_outside(database: Database, trail: Hotel) -> None:
    noted = check(database, trail).head
    with intruder(database, trail.organization_id) as by:
        by.edit(2, after={"n": 99})
        changed = [by.event(seq) for seq in range(2, LINKS + 1)]
        head = by.head_at(1)
        by.tx.change(delete(AuditSeal).where(AuditSeal.organization_id == by.house, AuditSeal.seq > 1))
        for event in changed:
            head = by.seal(head, event)
        by.set_head(head)
    assert check(database, trail).broken is None
    broken = check(database, trail, noted).broken
    assert broken is not None
    assert broken.seq == LINKS


def test_personal_parts_can_be_removed_without_breaking_the_chain(database: Database, trail: Hotel) -> None:
    noted = check(database, trail).head
    with intruder(database, trail.organization_id) as by:
        third, fourth = by.event_at(3), by.event_at(4)
    with database.write(trail.olive.actor) as tx:
        actions.remove_personal(tx, who=[third, fourth], what=[fourth])
    report = check(database, trail, noted)
    assert report.broken is None
    assert (report.removed, report.head.seq) == (2, LINKS + 1)
    (removal,) = report.removals
    assert (removal.seq, removal.by, removal.events) == (LINKS + 1, "Olive", 2)
    with database.read(trail.olive.actor) as tx:
        (kept, gone) = queries.events(tx, trail.organization_id, [third, fourth])
    assert (kept.actor_label, kept.address, kept.after) == ("", "", {"n": 4})
    assert (gone.actor_label, gone.before, gone.after) == ("", None, None)
    with intruder(database, trail.organization_id) as by:
        by.edit(4, act="person.deleted")
    broken = check(database, trail).broken
    assert broken is not None
    assert broken.seq == 4
