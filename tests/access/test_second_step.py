"""Signing in with a second factor: what it takes, what counts once, what is counted, and taking it away again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.access.conftest import House
from tests.access.desk import OFFICE, actor_of, add, ask, code_of, finish
from tests.access.http import PASSWORD
from tests.factories import PEPPER, Who, session_of
from topline.access import actions, queries
from topline.access.hashing import hash_token
from topline.access.models import Authenticator, RecoveryCode, SignIn, SignInRefusal, SpentTicket
from topline.access.sealing import Seal
from topline.audit.models import AuditEvent
from topline.core.actor import Actor
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.peppers import Peppers
from topline.core.transaction import Database


def test_password_and_code_open_a_session(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    needed = ask(house)
    assert needed.ways == ["authenticator", "recovery_code"]
    found = actions.finish_sign_in(house.doors, OFFICE, needed.ticket, code_of(secret, clock))
    assert actor_of(database, found.session.token).person_id == at_desk.person_id
    with database.read() as tx:
        row = tx.execute(
            select(SignIn.method, SignIn.address, SignIn.agent, SignIn.confirmed_at).where(
                SignIn.id == found.session.session_id
            )
        ).one()
    assert row == ("password+authenticator", "192.0.2.7", "Firefox on Linux", clock.now())


def test_the_password_alone_opens_nothing(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    ask(house)
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(SignIn)).scalar_one() == 1


def test_nothing_in_the_database_makes_codes(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, codes = add(house, at_desk, clock)
    with database.read() as tx:
        sealed = tx.execute(select(Authenticator.sealed)).scalar_one()
        hashes = list(tx.execute(select(RecoveryCode.code_hash)).scalars())
    assert secret not in sealed
    assert len(hashes) == len(codes) == 10
    assert {hash_token(code.replace("-", "")) for code in codes} == set(hashes)


def test_a_ticket_counts_once(house: House, at_desk: Actor, clock: FixedClock) -> None:
    secret, _ = add(house, at_desk, clock)
    ticket = ask(house).ticket
    assert finish(house, ticket, code_of(secret, clock)) == "in"
    clock.advance(timedelta(minutes=1))
    assert finish(house, ticket, code_of(secret, clock)) == "ticket_over"


def test_a_code_counts_once_even_with_two_tickets(house: House, at_desk: Actor, clock: FixedClock) -> None:
    secret, _ = add(house, at_desk, clock)
    first, second, code = ask(house).ticket, ask(house).ticket, code_of(secret, clock)
    assert finish(house, first, code) == "in"
    assert finish(house, second, code) == "second_factor_wrong"


def test_of_two_who_show_the_same_code_at_once_one_gets_in(
    house: House, at_desk: Actor, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    held, code = [ask(house).ticket for _ in range(4)], code_of(secret, clock)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda ticket: finish(house, ticket, code), held))
    assert sorted(told) == ["in", *["second_factor_wrong"] * 3]


def test_a_ticket_is_over_after_ten_minutes(house: House, at_desk: Actor, clock: FixedClock) -> None:
    secret, _ = add(house, at_desk, clock)
    ticket = ask(house).ticket
    clock.advance(timedelta(minutes=10))
    assert finish(house, ticket, code_of(secret, clock)) == "ticket_over"
    assert finish(house, "nonsense", code_of(secret, clock)) == "ticket_over"


def test_a_new_password_ends_the_ticket(
    house: House, desk_mina: Who, at_desk: Actor, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    ticket = ask(house).ticket
    actions.change_own_password(house.doors, at_desk, OFFICE, PASSWORD, "nine calm otters swim")
    assert finish(house, ticket, code_of(secret, clock)) == "ticket_over"


def test_wrong_codes_are_counted_like_wrong_passwords_and_the_password_does_not_clear_them(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    told = []
    for number in range(7):
        try:
            ticket = ask(house).ticket
        except Problem as problem:
            told.append(problem.code)
        else:
            at = actions.Caller(f"198.51.100.{number}")  # another address each time
            told.append(finish(house, ticket, "000000", at))
    assert told == [*["second_factor_wrong"] * 5, *["too_many_sign_ins"] * 2]
    with database.read() as tx:
        seen = tx.execute(select(SignInRefusal.method, SignInRefusal.person_id)).all()
        failed = tx.execute(select(AuditEvent.after).where(AuditEvent.act == "sign_in.failed")).scalars()
        assert list(failed) == [{"by": "second_factor"}] * 5
    assert seen == [("second_factor", at_desk.person_id)] * 5
    clock.advance(timedelta(minutes=16))
    assert finish(house, ask(house).ticket, code_of(secret, clock)) == "in"


def test_wrong_codes_count_for_the_address_too(house: House, at_desk: Actor, clock: FixedClock) -> None:
    add(house, at_desk, clock)
    doors = house.with_limits(address="2/15minute")
    ticket = ask(house).ticket
    told = []
    for _ in range(3):
        with pytest.raises(Problem) as problem:
            actions.finish_sign_in(doors, OFFICE, ticket, "000000")
        told.append(problem.value.code)
    assert told == ["second_factor_wrong", "second_factor_wrong", "too_many_sign_ins"]


def test_a_recovery_code_counts_once(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    _, codes = add(house, at_desk, clock)
    assert finish(house, ask(house).ticket, codes[3].lower().replace("-", " ")) == "in"
    assert finish(house, ask(house).ticket, codes[3]) == "second_factor_wrong"
    assert finish(house, ask(house).ticket, codes[4]) == "in"
    with database.read(at_desk) as tx:
        assert queries.recovery_codes_left(tx, at_desk.person()) == 8


def test_somebody_elses_recovery_code_is_wrong(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    olga = actor_of(database, session_of(database, house.cast.olga))
    _, hers = add(house, olga, clock)
    assert finish(house, ask(house).ticket, hers[0]) == "second_factor_wrong"


def test_new_recovery_codes_end_the_old_ones(house: House, at_desk: Actor, clock: FixedClock) -> None:
    _, old = add(house, at_desk, clock)
    with house.doors.db.write(at_desk) as tx:
        new = actions.renew_recovery_codes(tx)
    assert finish(house, ask(house).ticket, old[0]) == "second_factor_wrong"
    assert finish(house, ask(house).ticket, new[0]) == "in"


NEWER = b"a newer pepper of at least thirty-two bytes"
BOTH, ONLY_NEW = Seal(lambda: Peppers({2: NEWER, 1: PEPPER}, 2)), Seal(lambda: Peppers({2: NEWER}, 2))


def sealed_with(house: House, seal: Seal) -> House:
    return replace(house, doors=replace(house.doors, seal=seal))


def test_an_old_seal_is_renewed_at_the_next_sign_in(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    rotated = sealed_with(house, BOTH)
    assert finish(rotated, ask(rotated).ticket, code_of(secret, clock)) == "in"
    clock.advance(timedelta(minutes=1))
    later = sealed_with(house, ONLY_NEW)
    assert finish(later, ask(later).ticket, code_of(secret, clock)) == "in"


def test_an_old_seal_is_renewed_without_anybody(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    assert actions.authenticators_by_pepper(database) == {1: 1}
    assert (actions.reseal(database, BOTH), actions.reseal(database, BOTH)) == (1, 0)
    assert actions.authenticators_by_pepper(database) == {2: 1}
    later = sealed_with(house, ONLY_NEW)
    assert finish(later, ask(later).ticket, code_of(secret, clock)) == "in"


def test_a_retired_pepper_takes_what_only_it_could_open_along(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    actions.retire_pepper(database, 1)
    assert actions.authenticators_by_pepper(database) == {}


def test_spent_tickets_are_forgotten_when_they_would_be_over(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    secret, _ = add(house, at_desk, clock)
    finish(house, ask(house).ticket, code_of(secret, clock))
    count = select(func.count()).select_from(SpentTicket)
    actions.tidy(database)
    with database.read() as tx:
        assert tx.execute(count).scalar_one() == 2
    clock.advance(timedelta(hours=1))
    actions.tidy(database)
    with database.read() as tx:
        assert tx.execute(count).scalar_one() == 0
