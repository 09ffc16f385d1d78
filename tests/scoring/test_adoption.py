"""Adoption: what was done against what was set out to do."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import insert, update

from tests.factories import make_house
from tests.scoring.make import TODAY, add_logs
from tests.support.cast import Cast
from topline.behaviors.models import Behavior, BehaviorTerm
from topline.behaviors.rules import Frequency, Period
from topline.core.transaction import Database
from topline.people.models import Person
from topline.scoring.actions import rebuild
from topline.scoring.queries.adoption import Adoption, adoption_of
from topline.scoring.rules import expected_of

#: Each of the cast has five shifts a week and, where the role has behaviors, five of each a shift.
A_DAY = Fraction(5 * 5, 7)


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_house(database)


def adoption(database: Database, cast: Cast, first: date = TODAY, last: date = TODAY) -> Adoption:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    with database.write(cast.olga.actor) as tx:
        rebuild(tx, first, last)
    with database.read(cast.olga.actor) as tx:
        return adoption_of(tx, cast.location_id, days, Period(first, last))


def test_what_a_day_expects_is_each_role_s_targets_by_its_people_s_shifts(
    database: Database, cast: Cast
) -> None:
    found = adoption(database, cast)
    assert found.whole.expected == 5 * A_DAY  # three behaviors of Fred's, two of Bella's
    assert found.whole.adoption_bp == 0
    assert set(found.by_person()) == {cast.fred.id, cast.bella.id}
    assert {key: share.expected for key, share in found.by_department().items()} == {
        cast.front_desk_id: 3 * A_DAY,
        cast.bar_id: 2 * A_DAY,
    }


def test_only_what_is_expected_of_somebody_counts(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 3)
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["cocktail"], 4)  # not his role's
        add_logs(tx, cast.mina, cast.location_id, cast.behaviors["greet"], 5)  # nothing expected of her
        add_logs(tx, cast.bella, cast.location_id, cast.behaviors["tidy"], 1, status="rejected")
    found = adoption(database, cast)
    assert found.whole.standing == 3
    assert found.by_behavior()[cast.behaviors["greet"]].adoption_bp == 8_400
    assert found.by_department()[cast.bar_id].standing == 0


def test_nothing_expected_is_no_value(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Person).values(shifts_per_week=0))
        add_logs(tx, cast.fred, cast.location_id, cast.behaviors["greet"], 3)
    found = adoption(database, cast)
    assert (found.parts, found.whole.adoption_bp) == ((), None)


def test_a_closed_day_expects_nothing_per_shift(database: Database, cast: Cast) -> None:
    with database.read(cast.olga.actor) as tx:
        assert adoption_of(tx, cast.location_id, [], Period(TODAY, TODAY)).parts == ()


def test_a_new_target_holds_from_its_date_on(database: Database, cast: Cast) -> None:
    monday = TODAY - timedelta(days=2)
    term = {"behavior_id": cast.behaviors["tidy"], "points": 10, "target": 12, "frequency": "PER_DAY"}
    with database.write(cast.olga.actor) as tx:
        tx.change(insert(BehaviorTerm).values(organization_id=cast.organization_id, valid_from=TODAY, **term))
    share = adoption(database, cast, monday, TODAY).by_behavior()[cast.behaviors["tidy"]]
    assert share.expected == 2 * A_DAY + Fraction(12 * 5, 7)


def test_an_inactive_behavior_or_person_is_expected_no_more(database: Database, cast: Cast) -> None:
    with database.write(cast.olga.actor) as tx:
        tx.change(update(Behavior).where(Behavior.id == cast.behaviors["tidy"]).values(active=False))
        tx.change(update(Person).where(Person.id == cast.fred.id).values(active=False))
    assert adoption(database, cast).whole.expected == A_DAY


def test_another_hotel_s_people_are_expected_of_nobody_here(database: Database, cast: Cast) -> None:
    with database.read(cast.olga.actor) as tx:
        assert adoption_of(tx, cast.other.location_id, [TODAY], Period(TODAY, TODAY)).parts == ()


@given(
    target=st.integers(0, 500),
    frequency=st.sampled_from(Frequency),
    shifts=st.integers(0, 14),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=4),
)
def test_parts_of_a_period_owe_what_the_whole_owes(
    target: int, frequency: Frequency, shifts: int, lengths: list[int]
) -> None:
    starts = [TODAY]
    for length in lengths:
        starts.append(starts[-1] + timedelta(days=length))
    parts = [Period(a, b - timedelta(days=1)) for a, b in pairwise(starts)]
    whole = Period(starts[0], starts[-1] - timedelta(days=1))
    owed = sum((expected_of(target, frequency, shifts, part, part.days) for part in parts), Fraction(0))
    assert owed == expected_of(target, frequency, shifts, whole, whole.days)
