"""API keys, ending sessions, and when a credential was last seen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.access.conftest import House
from tests.factories import Who, key_of, session_of
from topline.access import actions, queries
from topline.access.events import IdentityChanged
from topline.access.hashing import hash_token
from topline.access.models import SignIn
from topline.access.rules import API_KEY_LIMIT, CredentialKind
from topline.core.actor import Actor
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.permissions import Permission
from topline.core.transaction import Database


def opened(database: Database, token: str, kind: CredentialKind = CredentialKind.SESSION) -> Actor | None:
    with database.read() as tx:
        return queries.actor_of_token(tx, kind, hash_token(token))


def actor_of(database: Database, who: Who) -> Actor:
    found = opened(database, session_of(database, who))
    assert found is not None
    return found


def test_a_key_may_do_what_its_maker_may_but_make_no_keys(house: House, database: Database) -> None:
    mina = actor_of(database, house.cast.mina)
    with database.write(mina) as tx:
        made = actions.create_key(tx, "Nightly export")
    actor = opened(database, made.token, CredentialKind.API_KEY)
    assert actor is not None
    assert actor.is_api_key
    assert actor.permissions == mina.permissions - {Permission.KEYS_OWN}
    assert made.token.startswith(made.key.prefix.rstrip("…"))


def test_a_narrowed_key_may_only_that(house: House, database: Database) -> None:
    with database.write(actor_of(database, house.cast.mina)) as tx:
        made = actions.create_key(tx, "Reader", ["results:read"])
    actor = opened(database, made.token, CredentialKind.API_KEY)
    assert actor is not None
    assert actor.permissions == {Permission.RESULTS_READ}


@pytest.mark.parametrize(
    ("permissions", "code"),
    [(["audit:read"], "not_yours"), (["everything"], "unknown"), ([], "empty")],
)
def test_a_key_cannot_have_more_than_its_maker(
    house: House, database: Database, permissions: list[str], code: str
) -> None:
    with pytest.raises(Problem) as refused, database.write(actor_of(database, house.cast.mina)) as tx:
        actions.create_key(tx, "Greedy", permissions)
    assert refused.value.fields[0].code == code


def test_a_key_ends_when_it_was_told_to(house: House, database: Database, clock: FixedClock) -> None:
    with database.write(actor_of(database, house.cast.mina)) as tx:
        made = actions.create_key(tx, "Short", expires_at=tx.now + timedelta(hours=1))
    assert opened(database, made.token, CredentialKind.API_KEY) is not None
    clock.advance(timedelta(hours=1))
    assert opened(database, made.token, CredentialKind.API_KEY) is None
    with pytest.raises(Problem), database.write(house.cast.mina.actor) as tx:
        actions.create_key(tx, "Past", expires_at=tx.now)


def test_nobody_has_more_keys_than_the_limit(house: House, database: Database) -> None:
    mina = actor_of(database, house.cast.mina)
    for number in range(API_KEY_LIMIT):
        with database.write(mina) as tx:
            last = actions.create_key(tx, f"Key {number}")
    with pytest.raises(Problem) as refused, database.write(mina) as tx:
        actions.create_key(tx, "One too many")
    assert refused.value.code == "conflict"
    with database.write(mina) as tx:
        actions.revoke_key(tx, last.key.id)
        actions.create_key(tx, "In its place")


def test_a_key_is_revoked_by_its_maker_alone(house: House, database: Database) -> None:
    with database.write(actor_of(database, house.cast.mina)) as tx:
        made = actions.create_key(tx, "Mine")
    for other in (house.cast.milo, house.cast.olga, house.cast.other.owner):
        with pytest.raises(Problem) as refused, database.write(other.actor) as tx:
            actions.revoke_key(tx, made.key.id)
        assert refused.value.code == "not_found"
    with database.write(house.cast.mina.actor) as tx:
        actions.revoke_key(tx, made.key.id)
    assert opened(database, made.token, CredentialKind.API_KEY) is None


def test_signing_out_ends_this_session_and_no_other(house: House, database: Database) -> None:
    here, there = session_of(database, house.cast.mina), session_of(database, house.cast.mina)
    me = opened(database, here)
    assert me is not None
    with database.write(me) as tx:
        actions.sign_out(tx)
        assert tx.events() == [IdentityChanged(house.cast.organization_id)]
    assert opened(database, here) is None
    assert opened(database, there) is not None


def test_signing_out_everywhere_ends_all_of_mine_and_nobody_elses(house: House, database: Database) -> None:
    mine = [session_of(database, house.cast.mina), session_of(database, house.cast.mina, house.tablet)]
    milos = session_of(database, house.cast.milo)
    me = opened(database, mine[0])
    assert me is not None
    with database.write(me) as tx:
        assert actions.sign_out_everywhere(tx) == 2
    assert [opened(database, token) for token in mine] == [None, None]
    assert opened(database, milos) is not None


def test_an_api_key_signs_nobody_out(house: House, database: Database) -> None:
    session, key = session_of(database, house.cast.mina), key_of(database, house.cast.mina)
    actor = opened(database, key, CredentialKind.API_KEY)
    assert actor is not None
    with database.write(actor) as tx:
        actions.sign_out(tx)
    assert opened(database, session) is not None


def test_one_ends_only_own_sessions_elsewhere(house: House, database: Database) -> None:
    mine, milos = session_of(database, house.cast.mina), session_of(database, house.cast.milo)
    their, my = opened(database, milos), opened(database, mine)
    assert their is not None
    assert their.credential_id is not None
    assert my is not None
    assert my.credential_id is not None
    with pytest.raises(Problem) as refused, database.write(my) as tx:
        actions.end_own_session(tx, their.credential_id)
    assert refused.value.code == "not_found"
    with database.write(my) as tx:
        actions.end_own_session(tx, my.credential_id)
    assert opened(database, mine) is None


def test_open_sessions_are_those_that_still_count(
    house: House, database: Database, clock: FixedClock
) -> None:
    now = clock.now()
    for age in (timedelta(days=8), timedelta(days=1)):
        session_of(database, house.cast.mina, since=now - age)
    for age in (timedelta(hours=9), timedelta(hours=1)):
        session_of(database, house.cast.mina, house.tablet, since=now - age)
    with database.read(house.cast.mina.actor) as tx:
        found = queries.open_sessions(tx, house.cast.mina.id)
    assert [(session.kind.value, now - session.created_at) for session in found] == [
        ("tablet", timedelta(hours=1)),
        ("browser", timedelta(days=1)),
    ]
    assert found[0].device_name == "Bar tablet"


def test_last_seen_is_written_at_most_every_five_minutes(
    house: House, database: Database, clock: FixedClock
) -> None:
    me = actor_of(database, house.cast.mina)
    assert me.credential_id is not None
    seen = actions.Seen(CredentialKind.SESSION, me.organization_id, me.credential_id)
    written = []
    for _ in range(4):
        clock.advance(timedelta(minutes=2))
        written.append(actions.note_seen(database, {seen: clock.now()}))
    assert written == [0, 0, 1, 0]
    with database.read() as tx:
        assert tx.execute(select(SignIn.last_seen_at)).scalar_one() == clock.now() - timedelta(minutes=2)
    assert actions.note_seen(database, {}) == 0


def test_a_session_that_is_used_lives_on_and_ends_after_thirty_days(
    house: House, database: Database, clock: FixedClock
) -> None:
    token = session_of(database, house.cast.mina)
    for day in range(30):
        actor = opened(database, token)
        assert actor is not None, day
        assert actor.credential_id is not None
        actions.note_seen(
            database,
            {actions.Seen(CredentialKind.SESSION, actor.organization_id, actor.credential_id): clock.now()},
        )
        clock.advance(timedelta(days=1))
    assert opened(database, token) is None
