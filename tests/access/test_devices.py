"""Enrolling tablets, making displays, revoking both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.access.conftest import House
from tests.factories import session_of
from topline.access import actions, queries
from topline.access.hashing import hash_token
from topline.access.models import Device, EnrollmentCode
from topline.access.rules import CredentialKind
from topline.audit.models import AuditEvent
from topline.core.actor import ActorKind
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.transaction import Database

LOBBY = actions.Caller("192.0.2.9")


def new_code(house: House, database: Database) -> str:
    with database.write(house.cast.mina.actor) as tx:
        return actions.create_code(tx, department_id=house.cast.bar_id).code


def enrolled(house: House, code: str, old: str | None = None, at: actions.Caller = LOBBY) -> str:
    try:
        return actions.enroll(house.doors, at, code, "Bar tablet two", old).token
    except Problem as problem:
        return problem.code


def test_a_code_makes_a_tablet_once(house: House, database: Database) -> None:
    code = new_code(house, database)
    made = actions.enroll(house.doors, LOBBY, f" {code.lower()} ", "  Bar   tablet two ")
    assert (made.device.name, made.device.kind, made.device.location_name) == (
        "Bar tablet two",
        "tablet",
        "Main house",
    )
    assert made.device.department_id == house.cast.bar_id
    with database.read() as tx:
        actor = queries.actor_of_token(tx, CredentialKind.DEVICE, hash_token(made.token))
        stored = tx.execute(select(EnrollmentCode.code_hash, EnrollmentCode.device_id)).one()
    assert actor is not None
    assert (actor.kind, actor.device_id) == (ActorKind.TABLET, made.device.id)
    assert code.encode() not in stored.code_hash
    assert stored.device_id == made.device.id
    assert enrolled(house, code) == "enrollment_code_invalid"


def test_a_code_lives_ten_minutes(house: House, database: Database, clock: FixedClock) -> None:
    early, late = new_code(house, database), new_code(house, database)
    clock.advance(timedelta(minutes=9, seconds=59))
    assert enrolled(house, early).startswith("tl_device_")
    clock.advance(timedelta(seconds=1))
    assert enrolled(house, late) == "enrollment_code_invalid"


def test_twenty_browsers_with_one_code_make_one_tablet(house: House, database: Database) -> None:
    code = new_code(house, database)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda n: enrolled(house, code, at=actions.Caller(f"192.0.2.{n}")), range(20)))
    assert found.count("enrollment_code_invalid") == 19
    with database.read() as tx:
        assert tx.execute(select(func.count()).select_from(Device)).scalar_one() == 2


def test_wrong_codes_are_counted_per_address_and_right_ones_are_not(house: House, database: Database) -> None:
    for _ in range(7):
        assert enrolled(house, new_code(house, database)).startswith("tl_device_")
    codes = [enrolled(house, wrong) for wrong in ("AAAA-AAAA", "nonsense", "", "ABCD-2345", "2222-2222", "X")]
    assert codes == ["enrollment_code_invalid"] * 5 + ["too_many_sign_ins"]
    assert enrolled(house, new_code(house, database)) == "too_many_sign_ins"
    assert enrolled(house, new_code(house, database), at=actions.Caller("192.0.2.10")).startswith("tl_")


def test_a_name_nobody_can_read_is_refused_and_the_code_still_works(house: House, database: Database) -> None:
    code = new_code(house, database)
    with pytest.raises(Problem) as refused:
        actions.enroll(house.doors, LOBBY, code, " \u200b ")
    assert [field.field for field in refused.value.fields] == ["name"]
    assert enrolled(house, code).startswith("tl_device_")


def test_a_revoked_tablet_enrolled_again_is_the_same_tablet(house: House, database: Database) -> None:
    with database.write(house.cast.mina.actor) as tx:
        actions.revoke_device(tx, house.tablet.id)
    made = actions.enroll(house.doors, LOBBY, new_code(house, database), "Back again", house.tablet.token)
    assert made.device.id == house.tablet.id
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.DEVICE, hash_token(house.tablet.token)) is None
        assert queries.actor_of_token(tx, CredentialKind.DEVICE, hash_token(made.token)) is not None


def test_a_tablet_of_another_house_becomes_a_new_one_here(house: House, database: Database) -> None:
    with database.write(house.cast.other.owner.actor) as tx:
        code = actions.create_code(tx).code
    made = actions.enroll(house.doors, LOBBY, code, "Moved house", house.tablet.token)
    assert made.device.id != house.tablet.id
    assert made.device.location_id == house.cast.other.location_id


def test_revoking_a_tablet_ends_the_session_on_it(house: House, database: Database) -> None:
    token = session_of(database, house.cast.fred, house.tablet)
    with database.write(house.cast.mina.actor) as tx:
        actions.revoke_device(tx, house.tablet.id)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(token)) is None
        assert queries.actor_of_token(tx, CredentialKind.DEVICE, hash_token(house.tablet.token)) is None
    with pytest.raises(Problem) as gone, database.write(house.cast.mina.actor) as tx:
        actions.revoke_device(tx, house.tablet.id)
    assert gone.value.code == "not_found"


def test_a_display_has_one_link_at_a_time(house: House, database: Database) -> None:
    with database.write(house.cast.mina.actor) as tx:
        first = actions.create_display(tx, "Canteen")
    with database.write(house.cast.mina.actor) as tx:
        second = actions.renew_display(tx, first.device.id)
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.DISPLAY, hash_token(first.token)) is None
        actor = queries.actor_of_token(tx, CredentialKind.DISPLAY, hash_token(second.token))
    assert actor is not None
    assert (actor.kind, actor.label) == (ActorKind.DISPLAY, "Canteen")


def test_a_tablet_has_no_link(house: House, database: Database) -> None:
    with pytest.raises(Problem) as refused, database.write(house.cast.mina.actor) as tx:
        actions.renew_display(tx, house.tablet.id)
    assert refused.value.code == "invalid_input"


def test_renaming_leaves_a_trail_and_doing_it_twice_does_not(house: House, database: Database) -> None:
    for _ in range(2):
        with database.write(house.cast.mina.actor) as tx:
            assert actions.rename_device(tx, house.tablet.id, "Terrace").name == "Terrace"
    with database.read() as tx:
        trail = tx.execute(select(AuditEvent.act, AuditEvent.before, AuditEvent.after)).all()
    assert trail == [("device.renamed", {"name": "Bar tablet"}, {"name": "Terrace"})]


def test_another_house_has_no_such_device(house: House, database: Database) -> None:
    owner = house.cast.other.owner.actor
    for act in (
        lambda tx: actions.revoke_device(tx, house.tablet.id),
        lambda tx: actions.rename_device(tx, house.tablet.id, "Mine"),
        lambda tx: actions.create_code(tx, house.cast.location_id),
        lambda tx: actions.create_display(tx, "Mine", house.cast.location_id),
    ):
        with pytest.raises(Problem) as refused, database.write(owner) as tx:
            act(tx)
        assert refused.value.code == "not_found"


def test_staff_manage_no_devices(house: House, database: Database) -> None:
    with pytest.raises(Problem) as refused, database.write(house.cast.fred.actor) as tx:
        actions.create_code(tx)
    assert refused.value.code == "forbidden"


def test_the_tiles_show_the_people_of_the_house_last_used_first(house: House, database: Database) -> None:
    session_of(database, house.cast.milo, house.tablet)
    with database.read(house.tablet.actor) as tx:
        people = queries.tablet_people(tx, house.cast.location_id, house.tablet.id)
    assert [person.display_name for person in people] == ["Milo", "Bella", "Fred", "Mina", "Olga"]
    assert people[0].last_used_at == database.clock.now()
    assert people[1].last_used_at is None
