"""The lane of short writes: those who wait are written together, and one failure is nobody else's."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import anyio
import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from tests.core.make import THREADS, a_house, add_one, houses, version_of
from topline.core.errors import Problem
from topline.core.transaction import Database, Write
from topline.organizations.models import Organization


def test_twenty_threads_lose_no_update_beside_the_lane(database: Database) -> None:
    """The lane of short writes and ordinary transactions change the same row at the same time."""
    with database.write() as tx:
        house_id = a_house(tx)

    def ordinary(_number: int) -> None:
        with database.write() as tx:
            add_one(tx, house_id)

    def add_all(tx: Write, steps: Sequence[int]) -> list[int]:
        tx.among([house_id])
        total = Organization.version + sum(steps)
        tx.change(update(Organization).where(Organization.id == house_id).values(version=total))
        return list(steps)

    async def through_the_lane() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(database.in_lane, add_all, 1)

    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(ordinary, number) for number in range(40)]
        anyio.run(through_the_lane)
        for done in work:
            done.result()
    assert version_of(database, house_id) == 141


def store_houses(tx: Write, numbers: Sequence[int]) -> list[int | Exception]:
    """One statement for all of them; a multiple of seven is refused without failing anything."""
    plain = {"name": "House", "currency": "EUR", "locale": "en", "settings": {}, "created_at": tx.now}
    wanted = [number for number in numbers if number % 7]
    if wanted:
        tx.among(UUID(int=number) for number in wanted)
        rows = [{"id": UUID(int=number), "version": 1, **plain} for number in wanted]
        tx.change(insert(Organization).values(rows))
    for number in wanted:
        tx.after_commit(number)
    return [number if number % 7 else Problem("conflict") for number in numbers]


def test_in_the_lane_one_failure_is_nobody_elses(database: Database) -> None:
    """Those who wait are written together: whoever fails is told alone, and all the others are stored and published."""
    told: list[int] = []
    taken = {10, 20, 30}
    with database.write() as tx:
        for number in taken:
            a_house(tx, UUID(int=number))
    database.publish = told.append
    outcomes: dict[int, object] = {}

    async def all_of_them() -> None:
        async def one(number: int) -> None:
            try:
                outcomes[number] = await database.in_lane(store_houses, number)
            except Problem as problem:
                outcomes[number] = problem.code
            except IntegrityError:
                outcomes[number] = "taken"

        async with anyio.create_task_group() as group:
            for number in range(1, 41):
                group.start_soon(one, number)

    anyio.run(all_of_them)
    refused = set(range(7, 41, 7))
    stored = set(range(1, 41)) - refused - taken
    assert {number for number, outcome in outcomes.items() if outcome == "conflict"} == refused
    assert {number for number, outcome in outcomes.items() if outcome == "taken"} == taken
    assert {number for number, outcome in outcomes.items() if outcome == number} == stored
    with database.read() as reader:
        assert {house.int for house in houses(reader)} == stored | taken
    assert sorted(told) == sorted(stored)


def test_after_a_failure_the_lane_goes_on(database: Database) -> None:
    async def twice() -> None:
        await database.in_lane(store_houses, 1)
        with pytest.raises(IntegrityError):
            await database.in_lane(store_houses, 1)
        assert await database.in_lane(store_houses, 2) == 2

    anyio.run(twice)
    with database.read() as reader:
        assert len(houses(reader)) == 2
