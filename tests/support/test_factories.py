"""The cast stands on its own feet: every credential it makes opens what it should."""

from tests.factories import display_of, key_of, make_house, session_of, tablet_of
from topline.access.hashing import hash_token
from topline.access.queries import actor_of_token
from topline.access.rules import CredentialKind
from topline.core.actor import ActorKind
from topline.core.permissions import Permission
from topline.core.transaction import Database


def test_each_credential_of_the_cast_opens_what_it_should(database: Database) -> None:
    cast = make_house(database)
    tablet, display = tablet_of(database, cast), display_of(database, cast)
    office, at_tablet = session_of(database, cast.mina), session_of(database, cast.fred, tablet)
    key = key_of(database, cast.olga, [Permission.LOGS_READ])
    with database.read() as tx:
        mina = actor_of_token(tx, CredentialKind.SESSION, hash_token(office))
        fred = actor_of_token(tx, CredentialKind.SESSION, hash_token(at_tablet))
        olga = actor_of_token(tx, CredentialKind.API_KEY, hash_token(key))
        machine = actor_of_token(tx, CredentialKind.DEVICE, hash_token(tablet.token))
        wall = actor_of_token(tx, CredentialKind.DISPLAY, hash_token(display.token))
    assert mina is not None
    assert mina.permissions == cast.mina.actor.permissions
    assert fred is not None
    assert fred.permissions == cast.fred.at(tablet).permissions
    assert fred.device_id == tablet.id
    assert olga is not None
    assert olga.permissions == {Permission.LOGS_READ}
    assert machine == tablet.actor
    assert wall is not None
    assert wall.kind is ActorKind.DISPLAY
    assert wall == display.actor


def test_the_two_houses_share_nothing(database: Database) -> None:
    cast = make_house(database)
    assert cast.other.organization_id != cast.organization_id
    assert {who.organization_id for who in cast.people} == {cast.organization_id}
    assert cast.other.owner.organization_id == cast.other.organization_id
