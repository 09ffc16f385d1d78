"""Signing in by e-mail and password, and changing passwords."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import insert, select, update

from tests.access.conftest import House
from tests.factories import Who, session_of, set_password
from topline.access import actions, queries
from topline.access.actions.passwords import NO_ADDRESS
from topline.access.hashing import hash_token
from topline.access.limits import account_bucket, address_bucket
from topline.access.models import Password, SignInFailure
from topline.access.rules import CredentialKind
from topline.audit.models import AuditEvent
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database
from topline.people.models import Person

PASSWORD, WRONG = "seven quiet herons", "nine loud herons"
OFFICE = actions.Caller("192.0.2.7")


def attempt(house: House, email: str, password: str, at: actions.Caller = OFFICE) -> str:
    """`in`, or the code of the refusal."""
    try:
        actions.sign_in_with_password(house.doors, at, email, password)
    except Problem as problem:
        return problem.code
    return "in"


def signed_in(house: House, email: str, password: str = PASSWORD) -> actions.SignedIn:
    """The session of somebody without a second factor."""
    found = actions.sign_in_with_password(house.doors, OFFICE, email, password)
    assert isinstance(found, actions.SignedIn)
    return found


@pytest.fixture
def mina(house: House, database: Database) -> Who:
    set_password(database, house.hasher, house.cast.mina, PASSWORD)
    return house.cast.mina


@pytest.mark.parametrize("email", ["mina@house.invalid", " MINA@House.Invalid "])
def test_the_right_password_opens_a_browser_session(
    house: House, mina: Who, database: Database, email: str
) -> None:
    found = signed_in(house, email)
    with database.read() as tx:
        actor = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(found.session.token))
        acts = tx.execute(select(AuditEvent.act, AuditEvent.actor_label, AuditEvent.address)).all()
    assert actor is not None
    assert (actor.person_id, actor.device_id) == (mina.id, None)
    assert actor.permissions == mina.actor.permissions
    assert found.session.expires_at == database.clock.now() + timedelta(days=7)
    assert acts == [("sign_in.opened", "Mina", "192.0.2.7")]


def test_an_unknown_address_costs_one_hash_and_answers_like_a_wrong_password(house: House, mina: Who) -> None:
    assert attempt(house, "nobody@house.invalid", PASSWORD) == "sign_in_failed"
    assert house.hasher.spent == ["no password"]
    assert attempt(house, "mina@house.invalid", WRONG) == "sign_in_failed"
    assert house.hasher.spent == ["no password", "password"]


def test_what_is_typed_instead_of_an_address_is_not_written_down(house: House, database: Database) -> None:
    """It may be a PIN, and the hash of a PIN tells the PIN."""
    for typed in ("70912384", " 4711", "seven quiet herons"):
        assert attempt(house, typed, WRONG) == "sign_in_failed"
    with database.read() as tx:
        buckets = tx.execute(select(SignInFailure.bucket)).scalars().all()
    assert sorted(buckets) == sorted([account_bucket(NO_ADDRESS), address_bucket("192.0.2.7")])


@pytest.mark.parametrize("email", ["", "not an address", "a@b", "milo@house.invalid"])
def test_nonsense_and_accounts_without_a_password_answer_the_same(house: House, email: str) -> None:
    assert attempt(house, email, PASSWORD) == "sign_in_failed"
    assert house.hasher.spent == ["no password"]


def test_each_house_an_address_belongs_to_is_tried(house: House, mina: Who, database: Database) -> None:
    owner = house.cast.other.owner
    with database.write() as tx:
        tx.change(update(Person).where(Person.id == owner.id).values(email=mina.email))
    set_password(database, house.hasher, owner, "another calm phrase")
    found = actions.sign_in_with_password(house.doors, OFFICE, mina.email or "", "another calm phrase")
    assert found.account.organization_id == house.cast.other.organization_id
    found = actions.sign_in_with_password(house.doors, OFFICE, mina.email or "", PASSWORD)
    assert found.account.organization_id == house.cast.organization_id


def test_an_unknown_device_has_five_failures_in_a_quarter_hour(
    house: House, mina: Who, clock: FixedClock
) -> None:
    codes = [attempt(house, f"nobody{n}@house.invalid", WRONG) for n in range(7)]
    assert codes == ["sign_in_failed"] * 5 + ["too_many_sign_ins"] * 2
    assert len(house.hasher.spent) == 5
    assert attempt(house, "mina@house.invalid", PASSWORD) == "too_many_sign_ins"
    assert attempt(house, "mina@house.invalid", PASSWORD, actions.Caller("192.0.2.8")) == "in"
    clock.advance(timedelta(minutes=15))
    assert attempt(house, "mina@house.invalid", PASSWORD) == "in"


@pytest.mark.parametrize("email", ["mina@house.invalid", "nobody@house.invalid"])
def test_an_account_waits_after_five_in_a_row_wherever_they_come_from(
    house: House, mina: Who, clock: FixedClock, email: str
) -> None:
    waits = []
    for number in range(8):
        at = actions.Caller(f"198.51.100.{number}")
        assert attempt(house, email, WRONG, at) == "sign_in_failed"
        try:
            actions.sign_in_with_password(house.doors, at, email, PASSWORD) if number >= 4 else None
        except Problem as problem:
            waits.append(problem.retry_after)
            clock.advance(timedelta(seconds=problem.retry_after or 0))
    minute = 60
    assert waits == [15 * minute, 30 * minute, 60 * minute, 120 * minute]


def test_right_passwords_are_never_counted(house: House, mina: Who, database: Database) -> None:
    assert [attempt(house, "mina@house.invalid", PASSWORD) for _ in range(12)] == ["in"] * 12
    with database.read() as tx:
        assert tx.execute(select(SignInFailure.failures)).scalars().all() == [[], [], []]


def test_twenty_threads_get_five_guesses(house: House, mina: Who) -> None:
    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda n: attempt(house, "mina@house.invalid", f"guess {n}"), range(20)))
    assert house.hasher.spent == ["password"] * 5
    assert codes.count("too_many_sign_ins") == 15


def test_a_bcrypt_hash_from_elsewhere_is_replaced_at_the_first_sign_in(
    house: House, database: Database
) -> None:
    milo = house.cast.milo
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    with database.write() as tx:
        key = {"organization_id": milo.organization_id, "person_id": milo.id}
        tx.change(insert(Password).values(**key, password_hash=old, changed_at=tx.now))
    assert attempt(house, "milo@house.invalid", WRONG) == "sign_in_failed"
    assert [attempt(house, "milo@house.invalid", PASSWORD) for _ in range(2)] == ["in", "in"]
    with database.read() as tx:
        assert tx.execute(select(Password.password_hash)).scalar_one().startswith("$argon2id$")


def test_somebody_who_left_does_not_get_in(house: House, mina: Who, database: Database) -> None:
    with database.write() as tx:
        tx.change(update(Person).where(Person.id == mina.id).values(active=False))
    assert attempt(house, "mina@house.invalid", PASSWORD) == "sign_in_failed"


def test_changing_the_own_password_ends_the_other_sessions(
    house: House, mina: Who, database: Database
) -> None:
    here = signed_in(house, "mina@house.invalid")
    elsewhere = session_of(database, mina)
    with database.read() as tx:
        me = queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(here.session.token))
    assert me is not None
    actions.change_own_password(house.doors, me, OFFICE, PASSWORD, "eleven calm otters")
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(here.session.token)) is not None
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(elsewhere)) is None
    assert attempt(house, "mina@house.invalid", PASSWORD) == "sign_in_failed"
    assert attempt(house, "mina@house.invalid", "eleven calm otters") == "in"


def test_a_wrong_present_password_changes_nothing_and_counts(house: House, mina: Who) -> None:
    for number in range(6):
        with pytest.raises(Problem) as refused:
            actions.change_own_password(house.doors, mina.actor, OFFICE, WRONG, "eleven calm otters")
        if number < 5:
            assert refused.value.fields[0].field == "current_password"
    assert refused.value.code == "too_many_sign_ins"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("password123", "password_common"),
        ("minamanager", "password_personal"),
    ],
)
def test_a_weak_new_password_is_refused_by_name(house: House, mina: Who, password: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        actions.change_own_password(house.doors, mina.actor, OFFICE, PASSWORD, password)
    assert ("new_password", code) in [(field.field, field.code) for field in refused.value.fields]


def test_nobody_sets_the_password_of_somebody_above(house: House, mina: Who, database: Database) -> None:
    with pytest.raises(Problem) as refused:
        actions.set_password(house.doors, mina.actor, house.cast.olga.id, "eleven calm otters")
    assert refused.value.code == "forbidden"
    actions.set_password(house.doors, house.cast.olga.actor, house.cast.milo.id, "eleven calm otters")
    assert attempt(house, "milo@house.invalid", "eleven calm otters") == "in"


def test_neither_a_key_nor_a_browser_left_open_takes_an_account_over(house: House) -> None:
    olga, milo = house.cast.olga, house.cast.milo
    for actor, person_id in (
        (olga.actor, olga.id),
        (replace(olga.actor, is_api_key=True), olga.id),
        (replace(olga.actor, is_api_key=True), milo.id),
    ):
        with pytest.raises(Problem) as refused:
            actions.set_password(house.doors, actor, person_id, "eleven calm otters")
        assert refused.value.code == "forbidden"
        assert attempt(house, "olga@house.invalid", "eleven calm otters") == "sign_in_failed"


def test_a_password_needs_an_address_to_sign_in_with(house: House) -> None:
    with pytest.raises(Problem) as refused:
        actions.set_password(house.doors, house.cast.olga.actor, house.cast.fred.id, "eleven calm otters")
    assert refused.value.fields[0].code == "no_email"


def test_another_house_has_no_such_person(house: House) -> None:
    stranger = house.cast.other.owner
    with pytest.raises(Problem) as refused:
        actions.set_password(house.doors, house.cast.olga.actor, stranger.id, "eleven calm otters")
    assert refused.value.code == "not_found"
