"""Every act that changes money, settings, people, verification or access leaves a row in the audit trail.

Each route that changes something is called as somebody who may. What succeeds has left a row, says who, where from and
in which request, or stands below with the reason why not.
"""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from httpx import Response
from sqlalchemy import select

from tests.conftest import POSTGRESQL, SQLITE
from tests.house.callers import credentials, ends_sessions, takes_away
from tests.house.route_table import allowed
from tests.house.walk import Route, filled, routes_of, visit
from tests.support.apps import Running, running
from tests.support.databases import ROOT
from tests.support.furnished import Furnished, furnish, rows_of
from topline.audit.models import AuditEvent
from topline.audit.verify import verify
from topline.audit.words import ACTS

_names = count(1)
UUIDS = r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}"

#: What a body cannot make succeed here is tried where its domain is tested.
NO_ROW: dict[str, str] = {
    "POST /api/behavior-logs": "a tap is kept in the log's own trail; so many rows would hide the others",
    "POST /api/behavior-logs/batch": "taps of a tablet without network, kept in each log's own trail",
    "POST /api/behavior-logs/{log_id}/undo": "the person's own tap, kept in the log's own trail",
    "POST /api/behavior-logs/{log_id}/answer": "the person's word about their own log, kept in its trail",
    "PUT /api/behavior-logs/{log_id}/evidence": "the photo of the person's own log, kept in its trail",
    "POST /api/imports": "a preview changes nothing of the house",
    "PUT /api/imports/{import_id}": "choices of a preview change nothing of the house",
    "DELETE /api/imports/{import_id}": "a preview that is thrown away changed nothing",
    "POST /results/imports": "a preview changes nothing of the house",
    "POST /results/imports/{import_id}": "choices of a preview change nothing of the house",
    "POST /results/imports/{import_id}/discard": "a preview that is thrown away changed nothing",
}
#: Bodies that change something, where the walk's own changes nothing.
BODIES: dict[str, dict[str, str]] = {
    "PATCH /api/departments/{department_id}": {"name": "Terrace"},
    "PATCH /api/organization": {"name": "Renamed House"},
    "PATCH /api/roles/{role_id}": {"name": "Barkeeper"},
}
#: What the walk leaves nothing to do for: it went through without changing a row.
IDLE: dict[str, str] = {
    "DELETE /api/auth/locks/{kind}/{subject_id}": "nothing is locked; tests/access tries it with a lock",
    "DELETE /api/auth/factors/authenticator": "there is none; tests/access removes one",
    "POST /account/factors/authenticator/remove": "there is none; tests/access removes one",
    "POST /api/auth/passkeys/challenge": "a question for the browser; nothing is kept until it is answered",
    "POST /api/auth/passkeys/offer": "a question for the browser; nothing is kept until it is answered",
    "POST /sign-in/passkey": "there is no passkey that answers; tests/access signs in with one",
    "POST /people/{person_id}/factors/reset": "the person has none; tests/access resets one",
    "POST /api/auth/factors/authenticator": "only shows a secret; nothing is kept until a code confirms it",
    "POST /sign-in/second": "there is no ticket of a first step; tests/access takes both steps",
    "POST /people/{person_id}/deactivate": "the API's route did it just before",
    "POST /people/{person_id}/reactivate": "the API's route did it just before",
    "POST /settings/locations/{location_id}/closures/{day}/remove": "the API's route did it just before",
    "POST /verify/reject": "the log was decided just before",
    "POST /welcome": "the installation has its house already",
}


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    databases = request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_databases")
    generous = "1000000/minute"
    limits = {"limit_uploads": generous, "limit_unknown_sign_in": generous, "limit_device_sign_in": generous}
    with databases.fresh() as url, running(url, tmp_path_factory.mktemp("audit"), **limits) as house:
        yield house


@pytest.fixture
def things(house: Running) -> Furnished:
    return furnish(house, f"Audited Hotel {next(_names)}")


def test_every_change_that_succeeds_leaves_a_row(house: Running, things: Furnished) -> None:
    unsafe = [route for route in routes_of(house.app.litestar) if route.method != "GET"]
    unsafe.sort(key=lambda route: (ends_sessions(route), brings_back(route), takes_away(route)))
    silent, idle, succeeded, nameless = [], set(), set(), []
    for route in unsafe:
        for actor in ("owner", "staff@tablet", "tablet"):
            if route.permission != "public" and route.permission not in allowed()[actor]:
                continue
            sent = credentials(house, things.hotel, actor)
            before, rows_before = _newest(house, things), _rows(house, things)
            answer = _call(house, route, sent, things)
            if not (answer.is_success or answer.is_redirect):
                continue
            succeeded.add(route.name)
            rows = _since(house, things, before)
            if not rows and _rows(house, things) == rows_before:
                idle.add(route.name)
            elif not rows and route.name not in NO_ROW:
                silent.append(f"{route.name} as {actor}: {answer.status_code}")
            nameless += [f"{route.name}: {row.act}" for row in rows if not _says_where_from(row)]
            break
    assert not silent, "\n" + "\n".join(silent)
    assert not nameless, "\n" + "\n".join(nameless)
    assert idle - NO_ROW.keys() == IDLE.keys(), (
        "went through and changed nothing: give a body, or say why in IDLE"
    )
    assert NO_ROW.keys() <= {route.name for route in unsafe}
    assert len(succeeded) > 40, sorted(succeeded)


def test_what_leaves_as_a_file_leaves_a_row(house: Running, things: Furnished) -> None:
    place = things.hotel.location_id
    owner = credentials(house, things.hotel, "owner")
    for path in (
        f"/api/daily-entries/export?location_id={place}&from=2026-03-01&to=2026-03-04",
        f"/results/export?house={place}&first=2026-03-01&last=2026-03-04",
        f"/api/imports/{things.ids['import_id']}/problems",
        f"/results/imports/{things.ids['import_id']}/problems",
    ):
        before = _newest(house, things)
        assert house.call("GET", path, owner).status_code == 200, path
        assert [row.act for row in _since(house, things, before)] == ["export.made"], path


def test_the_trail_holds_no_secret(house: Running, things: Furnished) -> None:
    """Every token, PIN, code and password that was sent or answered, searched in every row."""
    hotel, owner = things.hotel, credentials(house, things.hotel, "owner")
    canaries = {"Canary-Pass-731!", "731905"}
    person = f"/api/users/{things.ids['person_id']}"
    email = {"name": "Canary", "role_id": str(hotel.max.role_id), "department_id": str(hotel.bar_id)}
    made = house.call("POST", "/api/users", owner, json={**email, "email": "canary@hotel.invalid"}).json()
    calls = [
        ("POST", f"{person}/pin", {"pin": "731905"}),
        ("POST", f"{person}/pin", {}),
        ("POST", f"/api/users/{made['id']}/password", {"password": "Canary-Pass-731!"}),
        ("POST", "/api/auth/login", {"email": "canary@hotel.invalid", "password": "Canary-Pass-731!"}),
        ("POST", "/api/auth/login", {"email": "canary@hotel.invalid", "password": "Canary-Pass-731!x"}),
        ("POST", "/api/auth/keys", {"name": "Key"}),
        ("POST", "/api/devices/codes", {}),
        ("POST", "/api/devices/displays", {"name": "Wall of canaries"}),
        ("POST", f"/api/devices/{things.ids['device_id']}/link", {}),
    ]
    for method, path, body in calls:
        answer = house.call(method, path, owner, json=body)
        assert answer.status_code in (200, 201, 204, 401), f"{path}: {answer.text}"
        text = answer.text + " ".join(answer.headers.get_list("set-cookie"))
        canaries |= set(re.findall(r"tl_[a-z]+_[A-Za-z0-9_-]{20,}", text))
        canaries |= {value for key, value in _leaves(answer) if key in ("pin", "code", "token")}
    tablet = credentials(house, hotel, "tablet")
    house.call(
        "POST", "/api/auth/pin", tablet, json={"person_id": str(things.ids["person_id"]), "pin": "731905"}
    )
    assert len(canaries) >= 7, canaries
    with house.database.read(hotel.olive.actor) as tx:
        rows = tx.execute(select(AuditEvent.actor_label, AuditEvent.before, AuditEvent.after))
        trail = [re.sub(UUIDS, "", repr(row)) for row in rows]
    assert len(trail) > 15
    assert [
        row for row in trail for canary in canaries if re.search(rf"(?<!\w){re.escape(canary)}", row)
    ] == []


def test_whatever_was_done_the_chain_is_whole(house: Running, things: Furnished) -> None:
    with house.database.read(things.hotel.olive.actor) as tx:
        report = verify(tx)
    assert report.broken is None
    assert report.head.seq > 5


def test_every_recorded_act_has_words_and_the_other_way_round() -> None:
    domains = (ROOT / "src/topline").rglob("*.py")
    source = "\n".join(path.read_text("utf-8") for path in domains if path.name != "words.py")
    recorded = set(re.findall(r'record\(\s*tx,\s*"([a-z_]+\.[a-z_]+)"', source))
    assert len(recorded) > 30
    assert recorded - ACTS.keys() == set()
    made_up = ("log.", "logs.")  # put together from the decision
    assert [act for act in ACTS if f'"{act}"' not in source and not act.startswith(made_up)] == []


def brings_back(route: Route) -> bool:
    """Only somebody who left can come back."""
    return route.path.endswith(("reactivate", "restore"))


def _call(house: Running, route: Route, sent: dict[str, str], things: Furnished) -> Response:
    if route.name not in BODIES:
        return visit(house, route, sent, things)
    return house.call(route.method, filled(route.path, things.ids), sent, json=BODIES[route.name])


def _rows(house: Running, things: Furnished) -> dict[str, list[object]]:
    rows = rows_of(house.database, things.hotel.organization_id)
    return {table: found for table, found in rows.items() if not table.startswith("audit_")}


def _newest(house: Running, things: Furnished) -> set[object]:
    with house.database.read(things.hotel.olive.actor) as tx:
        return set(tx.execute(select(AuditEvent.id)).scalars())


def _since(house: Running, things: Furnished, before: set[object]) -> list[AuditEvent]:
    with house.database.read(things.hotel.olive.actor) as tx:
        rows = tx.execute(select(AuditEvent.__table__))
        return [row for row in rows if row.id not in before]  # type: ignore[misc]


def _says_where_from(row: AuditEvent) -> bool:
    return bool(row.actor_label and row.address and row.request_id) or row.actor_kind == "system"


def _leaves(answer: object) -> Iterator[tuple[str, str]]:
    try:
        found = answer.json()  # type: ignore[attr-defined]
    except ValueError:
        return
    waiting = [found]
    while waiting:
        one = waiting.pop()
        for key, value in one.items() if isinstance(one, dict) else ():
            if isinstance(value, dict):
                waiting.append(value)
            elif isinstance(value, str):
                yield key, value
