"""A link for a new password: for whom, how often, how long; and what the operator's command prints."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.access.conftest import House
from tests.access.desk import OFFICE, actor_of, refused
from tests.access.http import BROWSER, FROM_HERE, PASSWORD, Client, send
from tests.factories import Cast, Who, headers, key_of, session_of
from topline.access import actions, queries
from topline.access.hashing import hash_token
from topline.access.models import PasswordLink
from topline.access.rules import CredentialKind
from topline.audit.models import AuditEvent
from topline.cli import cli
from topline.core.clock import FixedClock
from topline.core.errors import Problem
from topline.core.settings import Settings
from topline.core.transaction import Database

NEW = "nine calm otters swim"


def link_for(house: House, who: Who) -> str:
    with house.doors.db.write(house.cast.olga.actor) as tx:
        return actions.make_password_link(tx, who.id).token


def use(house: House, token: str, password: str = NEW) -> str:
    try:
        actions.use_password_link(house.doors, OFFICE, token, password)
    except Problem as problem:
        return problem.code
    return "set"


def test_it_sets_the_password_and_ends_the_sessions(house: House, desk_mina: Who, database: Database) -> None:
    before = session_of(database, desk_mina)
    token = link_for(house, desk_mina)
    assert use(house, token) == "set"
    with database.read() as tx:
        assert queries.actor_of_token(tx, CredentialKind.SESSION, hash_token(before)) is None
        assert token.encode() not in tx.execute(select(PasswordLink.token_hash)).scalars().all()
        acts = set(tx.execute(select(AuditEvent.act)).scalars())
    assert {"password_link.made", "password.set_by_link"} <= acts
    assert isinstance(
        actions.sign_in_with_password(house.doors, OFFICE, "mina@house.invalid", NEW), actions.SignedIn
    )


def test_it_is_good_once(house: House, desk_mina: Who) -> None:
    token = link_for(house, desk_mina)
    assert (use(house, token), use(house, token)) == ("set", "link_over")


def test_of_many_at_once_one_sets_it(house: House, desk_mina: Who) -> None:
    token = link_for(house, desk_mina)
    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(lambda n: use(house, token, f"{NEW} {n}"), range(4)))
    assert told == ["link_over", "link_over", "link_over", "set"]


def test_it_is_good_for_a_day(house: House, desk_mina: Who, clock: FixedClock) -> None:
    token = link_for(house, desk_mina)
    clock.advance(timedelta(hours=23, minutes=59))
    late = link_for(house, house.cast.milo)
    assert use(house, token) == "set"
    clock.advance(timedelta(hours=24))
    assert use(house, late) == "link_over"


def test_a_newer_one_and_a_new_password_end_it(house: House, desk_mina: Who, at_desk: object) -> None:
    first = link_for(house, desk_mina)
    second = link_for(house, desk_mina)
    assert use(house, first) == "link_over"
    actions.set_password(house.doors, house.cast.olga.actor, desk_mina.id, "four tall lamps glow")
    assert use(house, second) == "link_over"


def test_a_weak_password_leaves_it_good(house: House, desk_mina: Who) -> None:
    token = link_for(house, desk_mina)
    assert use(house, token, "password1") == "invalid_input"
    assert use(house, token) == "set"


@pytest.mark.parametrize("token", ["", "nonsense", "tl_link_" + "x" * 43, "tl_session_" + "x" * 43])
def test_what_is_no_link_opens_nothing(house: House, token: str) -> None:
    assert use(house, token) == "link_over"


def test_who_may_make_one(house: House, desk_mina: Who, database: Database) -> None:
    cast = house.cast
    key = actor_of(database, key_of(database, cast.olga), CredentialKind.API_KEY)
    made = "make_password_link"
    assert refused(house, cast.mina.actor, made, cast.olga.id) == "forbidden"  # above her
    assert refused(house, cast.mina.actor, made, cast.mina.id) == "forbidden"  # herself
    assert refused(house, key, made, desk_mina.id) == "forbidden"
    assert refused(house, cast.fred.actor, made, desk_mina.id) == "forbidden"
    assert refused(house, cast.olga.actor, made, cast.fred.id) == "invalid_input"  # no e-mail address
    assert refused(house, cast.other.owner.actor, made, desk_mina.id) == "not_found"


def test_on_pages_it_signs_nobody_in(client: Client, with_password: Cast, database: Database) -> None:
    olga = headers(session_of(database, with_password.olga))
    made = client.post(f"/api/users/{with_password.mina.id}/password-link", headers=olga)
    assert made.status_code == 201
    url = made.json()["url"]
    assert url.startswith("http://topline.test/password/tl_link_")
    path = url.removeprefix("http://topline.test")
    client.cookies.clear()
    page = client.get(path, headers=BROWSER)
    assert "Choose a new password" in page.text
    typo = send(client, path, BROWSER, new_password=NEW, new_password_again="other")
    assert typo.status_code == 422
    done = send(client, path, BROWSER, new_password=NEW, new_password_again=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert "topline_session" not in done.headers.get("set-cookie", "")
    over = client.get(path, headers=BROWSER)
    assert over.status_code == 404
    assert "Ask for a new one" in over.text
    body = {"email": "mina@house.invalid", "password": NEW}
    assert client.post("/api/auth/login", json=body, headers=FROM_HERE).status_code == 200


def test_the_managers_page_shows_it_once(client: Client, with_password: Cast, database: Database) -> None:
    olga = {**BROWSER, **headers(session_of(database, with_password.olga))}
    page = f"/people/{with_password.mina.id}"
    shown = send(client, f"{page}/password-link", olga)
    assert "/password/tl_link_" in shown.text
    assert "/password/tl_link_" not in client.get(f"{page}/access", headers=olga).text


def test_the_operators_commands(
    with_password: Cast, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOPLINE_DATA", str(settings.data))
    monkeypatch.setenv("TOPLINE_DATABASE_URL", settings.database_url)
    run = CliRunner()
    printed = run.invoke(cli, ["access", "reset-link", "Mina@house.invalid"])
    assert printed.exit_code == 0, printed.output
    assert "/password/tl_link_" in printed.output
    token = printed.output.strip().rpartition("/")[2]
    with database.read() as tx:
        assert queries.password_link(tx, token) is not None
    unknown = run.invoke(cli, ["access", "reset-link", "nobody@house.invalid"])
    assert unknown.exit_code == 1
    assert "nobody who works here" in unknown.output
    assert run.invoke(cli, ["access", "reset-factor", "mina@house.invalid"]).exit_code == 0


def test_the_present_password_works_until_the_link_is_used(house: House, desk_mina: Who) -> None:
    link_for(house, desk_mina)
    found = actions.sign_in_with_password(house.doors, OFFICE, "mina@house.invalid", PASSWORD)
    assert isinstance(found, actions.SignedIn)


def test_somebody_who_never_had_a_password_gets_their_first_by_link(house: House) -> None:
    token = link_for(house, house.cast.milo)
    assert use(house, token) == "set"
