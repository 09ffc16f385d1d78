"""Setting second factors up and taking them away: who may, what is required, what ends with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.access.conftest import House
from tests.access.desk import OFFICE, actor_of, add, ask, code_of, finish, refused
from tests.access.http import PASSWORD
from tests.factories import Who, key_of, session_of
from topline.access import actions, queries
from topline.access.hashing import hash_token
from topline.access.models import SignIn
from topline.access.rules import CredentialKind
from topline.audit.models import AuditEvent
from topline.core.actor import Actor, Owes, system
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.organizations.models import Organization


def test_setting_up_takes_a_code_of_the_offered_secret(
    house: House, at_desk: Actor, clock: FixedClock
) -> None:
    offered = actions.offer_authenticator(house.doors, at_desk)
    assert (
        refused(house, at_desk, "add_authenticator", house.doors, offered.ticket, "000000") == "invalid_input"
    )
    again = actions.reopen_offer(house.doors, at_desk, offered.ticket)
    assert (again.secret, again.address) == (offered.secret, offered.address)
    olga = actor_of(house.doors.db, session_of(house.doors.db, house.cast.olga))
    code = code_of(offered.secret, clock)
    assert refused(house, olga, "add_authenticator", house.doors, offered.ticket, code) == "ticket_over"
    clock.advance(timedelta(minutes=31))
    late = code_of(offered.secret, clock)
    assert refused(house, at_desk, "add_authenticator", house.doors, offered.ticket, late) == "ticket_over"


def test_the_code_that_set_it_up_does_not_sign_in(house: House, at_desk: Actor, clock: FixedClock) -> None:
    offered = actions.offer_authenticator(house.doors, at_desk)
    code = code_of(offered.secret, clock)
    with house.doors.db.write(at_desk) as tx:
        actions.add_authenticator(tx, house.doors, offered.ticket, code)
    assert finish(house, ask(house).ticket, code) == "second_factor_wrong"


def test_the_first_factor_ends_the_sessions_opened_with_less(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    elsewhere = session_of(database, desk_mina)
    add(house, at_desk, clock)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(elsewhere)) is None
        ended = tx.execute(select(SignIn.end_reason).where(SignIn.end_reason.is_not(None))).scalars()
        assert list(ended) == ["second_factor_added"]


def test_neither_a_pin_nor_a_key_decides_about_factors(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    on_tablet = actor_of(database, session_of(database, desk_mina, house.tablet))
    key = actor_of(database, key_of(database, desk_mina), CredentialKind.API_KEY)
    for actor in (on_tablet, key):
        assert refused(house, actor, "remove_authenticator") == "forbidden"
        assert refused(house, actor, "renew_recovery_codes") == "forbidden"
        with pytest.raises(Problem, match="forbidden"):
            actions.offer_authenticator(house.doors, actor)


def require(database: Database, house: House) -> None:
    with database.write() as tx:
        tx.change(
            update(Organization)
            .where(Organization.id == house.cast.organization_id)
            .values(settings={"access": {"second_factor": "required"}})
        )


def test_where_it_is_required_somebody_without_one_owes_it(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    token = session_of(database, desk_mina)
    assert actor_of(database, token).owes is None
    require(database, house)
    assert actor_of(database, token).owes is Owes.SECOND_FACTOR
    add(house, actor_of(database, token), clock)
    assert actor_of(database, token).owes is None


def test_a_key_made_before_it_was_required_waits_for_its_person(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    """Else the key in a thief's hands would be the way around the step that everybody must take."""
    keys = {who.name: key_of(database, who) for who in (desk_mina, house.cast.fred, house.cast.other.owner)}

    def owed() -> list[Owes | None]:
        return [actor_of(database, key, CredentialKind.API_KEY).owes for key in keys.values()]

    assert owed() == [None, None, None]
    require(database, house)
    assert owed() == [Owes.SECOND_FACTOR, None, None]
    add(house, at_desk, clock)
    assert owed() == [None, None, None]


def test_what_is_required_of_managers_is_not_required_of_staff_tablets_and_the_neighbors(
    house: House, desk_mina: Who, database: Database
) -> None:
    require(database, house)
    cast = house.cast
    assert actor_of(database, session_of(database, cast.fred)).owes is None
    assert actor_of(database, session_of(database, desk_mina, house.tablet)).owes is None
    assert actor_of(database, session_of(database, cast.other.owner)).owes is None


def test_the_last_one_stays_where_it_is_required(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    require(database, house)
    assert refused(house, at_desk, "remove_authenticator") == "last_factor"
    with database.read(at_desk) as tx:
        assert queries.factors(tx, at_desk.person()).count == 1


def test_removing_the_last_one_takes_its_recovery_codes_along(
    house: House, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    with database.write(at_desk) as tx:
        actions.remove_authenticator(tx)
        actions.remove_authenticator(tx)
    with database.read(at_desk) as tx:
        mine = queries.factors(tx, at_desk.person())
    assert (mine.count, mine.recovery_codes_left) == (0, 0)
    assert isinstance(
        actions.sign_in_with_password(house.doors, OFFICE, "mina@house.invalid", PASSWORD), actions.SignedIn
    )
    assert refused(house, at_desk, "renew_recovery_codes") == "conflict"


def test_an_owner_resets_what_somebody_lost(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    add(house, at_desk, clock)
    token = session_of(database, desk_mina)
    olga = house.cast.olga.actor
    with database.write(olga) as tx:
        actions.reset_factors(tx, desk_mina.id)
        actions.reset_factors(tx, house.cast.fred.id)  # has none: nothing to do
    with database.read(olga) as tx:
        assert queries.factors(tx, desk_mina.id).count == 0
        assert queries.recovery_codes_left(tx, desk_mina.id) == 0
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(token)) is None
        acts = tx.execute(select(AuditEvent.act, AuditEvent.subject_id)).all()
    assert acts.count(("factor.reset", desk_mina.id)) == 1
    assert ("factor.reset", house.cast.fred.id) not in acts


def test_who_may_not_reset(house: House, desk_mina: Who, at_desk: Actor, database: Database) -> None:
    cast = house.cast
    key = actor_of(database, key_of(database, cast.olga), CredentialKind.API_KEY)
    assert refused(house, at_desk, "reset_factors", cast.milo.id) == "forbidden"
    assert refused(house, cast.olga.actor, "reset_factors", cast.olga.id) == "forbidden"
    assert refused(house, key, "reset_factors", desk_mina.id) == "forbidden"
    assert refused(house, cast.other.owner.actor, "reset_factors", desk_mina.id) == "not_found"


def test_the_program_itself_may_reset(
    house: House, desk_mina: Who, at_desk: Actor, database: Database, clock: FixedClock
) -> None:
    """As the operator's command does."""
    add(house, at_desk, clock)
    with database.write(system(desk_mina.organization_id, "command line")) as tx:
        actions.reset_factors(tx, desk_mina.id)
    with database.read(at_desk) as tx:
        assert queries.factors(tx, desk_mina.id).count == 0
