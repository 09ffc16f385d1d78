"""What a stolen database gives away: `python -m bench.stolen [--people 200] [--without "the PIN" …]`.

200 people get generated PINs of four digits from their manager, on PostgreSQL; a thief has what `pg_dump` says and
tries all 10,000 values for each of them with bcrypt itself: with the pepper from 0000 on until one fits, and without
it, up to 9999 if none does. The hashes have bcrypt's least cost, 4: at 10, the least that a setting allows, each pass
would take 64 times as long. A way without the pepper that is not named with `--without` is compared before bcrypt only.
"""

import argparse
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from tests.access.plain import LIMITS, staff
from tests.access.thief import EVERY_PIN, WITHOUT_PEPPER, Input, crack, dump_of, hashes_in, keyed
from tests.factories import QUICK_COST, SEAL, TICKETS, make_house
from tests.support import parts, servers
from topline.access.actions import Doors, reset_pin
from topline.access.hashing import Hasher
from topline.core.clock import SystemClock
from topline.core.migrations import upgrade
from topline.core.secrets.own import fresh
from topline.core.transaction import Database

#: After so many people a line says how far it got.
GROUP: Final = 20


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--without", nargs="*", default=["the PIN"], choices=[*WITHOUT_PEPPER])
    given = asked.parse_args()
    pepper = fresh().encode()
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.postgres(parts.need(parts.POSTGRES)) as server,
    ):
        url = server.make_database("stolen")
        upgrade(url)
        pins = _hotel(url, pepper, given.people)
        stolen = dump_of(server, url, Path(folder) / "dump.sql")
        hashes = hashes_in(stolen)
        assert pepper not in stolen.read_bytes()
    right = {who: keyed(pepper)(who, pin) for who, pin in pins.items()}
    for name, made in WITHOUT_PEPPER.items():
        same = sum(made(who, pin) == right[who] for who in pins for pin in EVERY_PIN)
        tried = len(pins) * len(EVERY_PIN)
        print(f"{name}: the same goes into bcrypt for {same} of {tried:,}", flush=True)
    _try("with the pepper", keyed(pepper), hashes, pins)
    for name in given.without:
        _try(name, WITHOUT_PEPPER[name], hashes, pins)


def _hotel(url: str, pepper: bytes, people: int) -> dict[UUID, str]:
    db = Database(url, SystemClock(), row_security=False)
    hasher = Hasher({1: pepper}, 1, QUICK_COST, 2)
    house = make_house(db)
    doors = Doors(db, hasher, LIMITS, TICKETS, SEAL)
    pins = {who: reset_pin(doors, house.mina.actor, who) for who in staff(db, house, people)}
    hasher.close()
    db.close()
    return pins


def _try(name: str, made: Input, hashes: Mapping[UUID, str], pins: Mapping[UUID, str]) -> None:
    everybody, found, started = list(hashes), 0, time.perf_counter()
    for first in range(0, len(everybody), GROUP):
        group = {who: hashes[who] for who in everybody[first : first + GROUP]}
        found += sum(pins[who] == pin for who, pin in crack(made, group, lambda _who: EVERY_PIN).items())
        tried = first + len(group)
        print(
            f"{name}: {found} of {tried} found by bcrypt, {time.perf_counter() - started:.0f} s", flush=True
        )


if __name__ == "__main__":
    main()
