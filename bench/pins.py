"""A shift change while everybody logs: `python -m bench.pins`.

60 people sign in by PIN at the same moment while 50 logs a second come in, at the usual cost of a hash.
"""

import http.client
import json
import secrets
import statistics
import threading
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import insert, select

from bench.house import STAFF
from bench.stage import Stage, stage
from topline.access.hashing import Hasher, hash_token
from topline.access.models import Device, Pin
from topline.access.rules import CredentialKind, generate_token
from topline.core.clock import SystemClock
from topline.core.ids import new_id
from topline.core.secrets.own import fresh
from topline.core.transaction import Database
from topline.organizations.models import Location
from topline.people.models import Person

SIGN_INS: Final = 60
POSTS_A_SECOND: Final = 50
SECONDS: Final = 8
PIN: Final = "7294"


def shift() -> None:
    """Sixty sign-ins at once while logs come in."""
    for kind in ("sqlite", "postgresql"):
        pepper = fresh()
        with stage(kind, pepper=pepper) as on:
            tablet, people = _ready_to_sign_in(on, pepper)
            _measure(kind, on, tablet, people)


def _ready_to_sign_in(on: Stage, pepper: str) -> tuple[str, list[UUID]]:
    db, hasher = (
        Database(on.database_url, SystemClock(), row_security=False),
        Hasher({1: pepper.encode()}, 1, 10, 2),
    )
    token, house = generate_token(CredentialKind.DEVICE, secrets.token_urlsafe), on.house.organization_id
    with db.read() as tx:
        people = list(
            tx.execute(select(Person.id).where(Person.organization_id == house).limit(SIGN_INS)).scalars()
        )
        location = tx.execute(select(Location.id).where(Location.organization_id == house)).scalar_one()
    made = [hasher.hash_pin(who, PIN)[0] for who in people]
    row = {"organization_id": house, "pepper_version": 1}
    with db.write() as tx:
        pins = zip(people, made, strict=True)
        tx.change(insert(Pin), [{**row, "person_id": w, "pin_hash": h, "set_at": tx.now} for w, h in pins])
        device = {
            "organization_id": house,
            "id": new_id(),
            "kind": "tablet",
            "name": "Shift",
            "location_id": location,
        }
        tx.change(insert(Device).values(**device, token_hash=hash_token(token), created_at=tx.now))
    hasher.close()
    db.close()
    return token, people


def _measure(kind: str, on: Stage, tablet: str, people: list[UUID]) -> None:
    posts: list[float] = []
    sign_ins: list[float] = []
    wrong: list[int] = []
    begin = time.perf_counter() + 0.5

    def call(path: str, body: dict[str, str], cookie: str, into: list[float], at: float) -> None:
        connection = http.client.HTTPConnection(str(urlsplit(on.url).netloc), timeout=30)
        connection.connect()
        time.sleep(max(0.0, at - time.perf_counter()))
        started = time.perf_counter()
        sent = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
        connection.request("POST", path, json.dumps(body), sent)
        answer = connection.getresponse()
        answer.read()
        into.append((time.perf_counter() - started) * 1000)
        if answer.status >= 300:
            wrong.append(answer.status)
        connection.close()

    threads = []
    for number in range(POSTS_A_SECOND * SECONDS):
        body = {"id": str(new_id()), "behavior_id": str(on.house.behavior_ids[number % 22])}
        cookie = f"topline_session={on.house.session_tokens[number % STAFF]}"
        at = begin + number / POSTS_A_SECOND
        threads.append((at, ("/api/behavior-logs", body, cookie, posts, at)))
    at = begin + SECONDS / 3
    for who in people:
        body = {"person_id": str(who), "pin": PIN}
        threads.append((at, ("/api/auth/pin", body, f"topline_device={tablet}", sign_ins, at)))
    started = []
    for at, given in sorted(threads, key=lambda pair: pair[0]):
        time.sleep(max(0.0, at - time.perf_counter() - 0.3))
        started.append(threading.Thread(target=call, args=given))
        started[-1].start()
    for thread in started:
        thread.join()
    print(
        f"{kind:10} {len(posts)} POSTs p95 {_p95(posts):.0f} ms (needed < 50), {len(sign_ins)} sign-ins p95 "
        f"{_p95(sign_ins):.0f} ms (needed < 2,500), refused {len(wrong)}; load of the machine "
        f"{Path('/proc/loadavg').read_text().split()[0]}",
        flush=True,
    )


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    shift()
