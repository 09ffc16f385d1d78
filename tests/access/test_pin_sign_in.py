"""Signing in by PIN: what is counted, what is not, and that no burst gets more guesses than the policy."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.access.conftest import House
from tests.factories import Who, session_of, set_pin, tablet_of
from topline.access import actions, queries
from topline.access.hashing import Hasher, HashingBusy, hash_token
from topline.access.models import Pin, PinFailure, SignInFailure
from topline.access.rules import CredentialKind
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.permissions import OF_GROUP, Group
from topline.core.transaction import Database

PIN, WRONG = "7294", "6173"


def attempt(house: House, who: Who, pin: str, at: actions.Caller | None = None) -> str:
    """`in`, or the code of the refusal."""
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, at or house.at, who.id, pin)
    except Problem as problem:
        return problem.code
    return "in"


@pytest.fixture
def fred(house: House, database: Database) -> Who:
    set_pin(database, house.hasher, house.cast.fred, PIN)
    return house.cast.fred


def test_the_right_pin_opens_a_session_of_this_tablet(house: House, fred: Who, database: Database) -> None:
    found = actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, fred.id, PIN)
    with database.read() as tx:
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(found.token))
    assert actor is not None
    assert (actor.person_id, actor.device_id) == (fred.id, house.tablet.id)
    assert actor.permissions == OF_GROUP[Group.STAFF]
    assert found.person.display_name == "Fred"
    assert found.expires_at == database.clock.now() + timedelta(hours=8)


def test_a_manager_at_a_tablet_gets_the_own_day_and_not_the_office(house: House, database: Database) -> None:
    set_pin(database, house.hasher, house.cast.mina, PIN)
    found = actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, house.cast.mina.id, PIN)
    with database.read() as tx:
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(found.token))
    assert actor is not None
    assert actor.permissions == OF_GROUP[Group.STAFF]


def test_the_next_person_ends_the_session_before_on_the_same_tablet(
    house: House, fred: Who, database: Database
) -> None:
    before = session_of(database, house.cast.bella, house.tablet)
    elsewhere = session_of(database, house.cast.bella, tablet_of(database, house.cast, "Other tablet"))
    actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, fred.id, PIN)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(before)) is None
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(elsewhere)) is not None


def test_wrong_pins_pause_then_pause_longer_then_switch_off(
    house: House, fred: Who, clock: FixedClock
) -> None:
    told = []
    for _ in range(10):
        try:
            actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, fred.id, WRONG)
        except Problem as problem:
            told.append((problem.code, problem.retry_after))
            clock.advance(timedelta(seconds=problem.retry_after or 0))
    minute = 60
    assert told == [
        ("pin_wrong", None),
        ("pin_wrong", None),
        ("pin_wrong", 30),
        ("pin_wrong", minute),
        ("pin_wrong", 15 * minute),
        ("pin_wrong", 30 * minute),
        ("pin_wrong", 60 * minute),
        ("pin_wrong", 120 * minute),
        ("pin_wrong", 240 * minute),
        ("pin_disabled", None),
    ]
    clock.advance(timedelta(days=3))
    assert attempt(house, fred, PIN) == "pin_disabled"
    assert house.hasher.spent == ["pin"] * 10


def test_a_paused_person_is_told_how_long_and_nothing_is_compared(
    house: House, fred: Who, clock: FixedClock
) -> None:
    for _ in range(3):
        attempt(house, fred, WRONG)
    clock.advance(timedelta(seconds=10))
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, fred.id, PIN)
    assert (refused.value.code, refused.value.retry_after) == ("pin_paused", 20)
    assert len(house.hasher.spent) == 3
    clock.advance(timedelta(seconds=20))
    assert attempt(house, fred, PIN) == "in"


def test_a_pause_on_one_tablet_does_not_lock_the_person_on_another(
    house: House, fred: Who, database: Database
) -> None:
    other = tablet_of(database, house.cast, "Other tablet")
    for _ in range(3):
        attempt(house, fred, WRONG)
    assert attempt(house, fred, PIN) == "pin_paused"
    found = actions.sign_in_with_pin(
        house.doors, other.actor, actions.Caller("192.0.2.1", other.id), fred.id, PIN
    )
    assert found.person.person_id == fred.id


def test_three_tablets_do_not_give_three_times_as_many_guesses(
    house: House, fred: Who, database: Database, clock: FixedClock
) -> None:
    tablets = [house.tablet, *(tablet_of(database, house.cast, f"Tablet {n}") for n in range(2))]
    codes = []
    for number in range(12):
        tablet = tablets[number % 3]
        at = actions.Caller("192.0.2.1", tablet.id)
        try:
            actions.sign_in_with_pin(house.doors, tablet.actor, at, fred.id, WRONG)
        except Problem as problem:
            codes.append(problem.code)
        clock.advance(timedelta(minutes=2))
    assert codes == ["pin_wrong"] * 9 + ["pin_disabled"] * 3
    assert len(house.hasher.spent) == 10


def test_typing_errors_of_long_ago_on_other_tablets_are_forgotten(
    house: House, fred: Who, database: Database, clock: FixedClock
) -> None:
    for number in range(9):
        tablet = tablet_of(database, house.cast, f"Tablet {number}")
        with pytest.raises(Problem):
            actions.sign_in_with_pin(
                house.doors, tablet.actor, actions.Caller("192.0.2.1", tablet.id), fred.id, WRONG
            )
    clock.advance(timedelta(days=2))
    assert attempt(house, fred, WRONG) == "pin_wrong"
    assert attempt(house, fred, PIN) == "in"


def test_a_right_pin_forgets_the_wrong_ones_before(house: House, fred: Who) -> None:
    for _ in range(4):
        assert [attempt(house, fred, WRONG), attempt(house, fred, WRONG)] == ["pin_wrong", "pin_wrong"]
        assert attempt(house, fred, PIN) == "in"


def test_right_pins_are_never_counted(house: House, fred: Who, database: Database) -> None:
    assert [attempt(house, fred, PIN) for _ in range(60)] == ["in"] * 60
    with database.read() as tx:
        assert tx.execute(select(SignInFailure.failures)).scalars().all() == [[], []]


def test_sixty_people_with_typing_errors_pass_at_one_tablet(
    house: House, fred: Who, clock: FixedClock
) -> None:
    codes = []
    for number in range(60):
        if number % 16 == 3:
            codes.append(attempt(house, fred, WRONG))
        codes.append(attempt(house, fred, PIN))
        clock.advance(timedelta(seconds=10))
    assert codes.count("in") == 60
    assert set(codes) == {"in", "pin_wrong"}


def test_a_stolen_tablet_gets_thirty_guesses_in_a_quarter_hour_and_a_hundred_a_day(
    house: House, database: Database, clock: FixedClock
) -> None:
    evaluated, refused = [], set()
    for _ in range(8):
        for _ in range(40):
            refused.add(_spray(house))
        evaluated.append(len(house.hasher.spent))
        clock.advance(timedelta(minutes=15))
    assert evaluated[0] == 30
    assert evaluated[-1] == 100
    assert refused == {"pin_wrong", "too_many_sign_ins"}
    with database.read() as tx:
        alarms = tx.execute(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "sign_in.alarm")
        ).scalar_one()
    assert alarms >= 1


def _spray(house: House) -> str:
    """One guess at somebody the house does not know, so that no person's own pause gets in the way."""
    try:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, new_id(), WRONG)
    except Problem as problem:
        return problem.code
    return "in"


def test_the_house_as_a_whole_has_a_limit_that_another_house_does_not_share(
    house: House, fred: Who, database: Database
) -> None:
    doors = house.with_limits(organization="4/day")
    for _ in range(4):
        with pytest.raises(Problem):
            actions.sign_in_with_pin(doors, house.tablet.actor, house.at, new_id(), WRONG)
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_pin(doors, house.tablet.actor, house.at, fred.id, PIN)
    assert (refused.value.code, refused.value.retry_after) == ("too_many_sign_ins", 24 * 3600)
    neighbor = house.cast.other
    set_pin(database, house.hasher, neighbor.staff, PIN)
    theirs = tablet_of(database, neighbor)
    found = actions.sign_in_with_pin(
        doors, theirs.actor, actions.Caller("192.0.2.1", theirs.id), neighbor.staff.id, PIN
    )
    assert found.person.person_id == neighbor.staff.id


@pytest.mark.parametrize("pin", [PIN, WRONG])
def test_an_unknown_person_costs_one_hash_and_answers_like_a_wrong_pin(house: House, pin: str) -> None:
    stranger = house.cast.other.staff
    assert attempt(house, stranger, pin) == "pin_wrong"
    assert house.hasher.spent == ["nobody"]


def test_a_person_without_a_pin_is_sent_to_the_manager(house: House) -> None:
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_pin(house.doors, house.tablet.actor, house.at, house.cast.fred.id, PIN)
    assert refused.value.code == "pin_disabled"
    assert "no PIN yet" in refused.value.detail


def test_only_a_tablet_takes_pins(house: House, fred: Who) -> None:
    with pytest.raises(Problem) as refused:
        actions.sign_in_with_pin(house.doors, house.cast.mina.actor, house.at, fred.id, PIN)
    assert refused.value.code == "forbidden"
    assert house.hasher.spent == []


def test_a_hash_of_an_older_cost_is_renewed_at_the_next_right_pin(house: House, database: Database) -> None:
    older = Hasher({1: b"a pepper of at least thirty-two bytes"}, 1, 5, 1)
    set_pin(database, older, house.cast.fred, PIN)
    older.close()
    for _ in range(2):
        assert attempt(house, house.cast.fred, PIN) == "in"
    with database.read() as tx:
        assert tx.execute(select(Pin.pin_hash)).scalar_one().startswith("$2b$04$")


def test_a_pin_that_could_not_be_compared_counts_for_nobody(
    house: House, fred: Who, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bool:
        raise HashingBusy

    with monkeypatch.context() as patch:
        patch.setattr(house.hasher, "verify_pin", busy)
        assert [attempt(house, fred, WRONG) for _ in range(12)] == ["unavailable"] * 12
    with database.read() as tx:
        assert tx.execute(select(PinFailure.consecutive, PinFailure.paused_until)).all() == [(0, None)]
        assert tx.execute(select(SignInFailure.failures)).scalars().all() == [[], []]
    assert attempt(house, fred, PIN) == "in"


def test_a_pin_reset_while_the_old_one_was_compared_does_not_let_it_in(
    house: House, fred: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = house.hasher.verify_pin

    def reset_meanwhile(*given: object) -> bool:
        actions.reset_pin(house.doors, house.cast.mina.actor, fred.id)
        return compare(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(house.hasher, "verify_pin", reset_meanwhile)
        assert attempt(house, fred, PIN) == "pin_wrong"


def test_no_trace_of_a_pin_stands_in_the_audit_trail(house: House, fred: Who, database: Database) -> None:
    attempt(house, fred, WRONG)
    with database.read() as tx:
        rows = tx.execute(select(AuditEvent)).mappings().all()
    assert [row["act"] for row in rows] == ["sign_in.failed"]
    assert WRONG not in repr([row["after"] for row in rows])
    assert rows[0]["address"] == "192.0.2.1"
