"""The catalog: who may change it, what is kept, and that yesterday's points stay yesterday's."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.support.hotel import Hotel
from topline.audit.models import AuditEvent
from topline.behaviors import actions, queries
from topline.behaviors.actions import Definition, NewTerm
from topline.behaviors.catalog import HOTEL_BEHAVIORS
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.queries import Catalogs
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.transaction import Database

TODAY = date(2026, 3, 4)
DESSERT = Definition("Offer dessert", "Name one.", "REVENUE", "dessert", "manager", place_label="table")
THREE = NewTerm(points=3, target=10, frequency="PER_SHIFT")


def made(database: Database, hotel: Hotel, **changes: Any) -> UUID:
    with database.write(hotel.olive.actor) as tx:
        return actions.create(tx, replace(DESSERT, **changes), THREE, [hotel.sam.role_id])


def acts(database: Database, hotel: Hotel) -> list[str]:
    with database.read() as tx:
        query = select(AuditEvent.act).where(AuditEvent.organization_id == hotel.organization_id)
        return list(tx.execute(query.order_by(AuditEvent.id)).scalars())


def test_a_new_behavior_holds_from_today_and_stands_last(database: Database, hotel: Hotel) -> None:
    behavior_id = made(database, hotel, name="  Offer   dessert ")
    with database.read(hotel.olive.actor) as tx:
        found = queries.behaviors(tx, TODAY)
        yesterday = queries.behavior(tx, behavior_id, TODAY - timedelta(days=1))
    assert (found[-1].id, found[-1].name, found[-1].active) == (behavior_id, "Offer dessert", True)
    assert found[-1].term is not None
    assert (found[-1].term.points, found[-1].term.target) == (3, 10)
    assert [role.id for role in found[-1].roles] == [hotel.sam.role_id]
    assert yesterday.term is None
    assert acts(database, hotel) == ["behavior.created"]


@pytest.mark.parametrize(
    ("definition", "term", "field", "code"),
    [
        (replace(DESSERT, name="   "), THREE, "name", "text_empty"),
        (replace(DESSERT, name="x" * 101), THREE, "name", "text_too_long"),
        (replace(DESSERT, name="a\x00b"), THREE, "name", "text_control_character"),
        (replace(DESSERT, description="x" * 501), THREE, "description", "text_too_long"),
        (replace(DESSERT, category="FUN"), THREE, "category", "unknown"),
        (replace(DESSERT, icon="../etc"), THREE, "icon", "unknown"),
        (replace(DESSERT, verification="never"), THREE, "verification", "unknown"),
        (replace(DESSERT, place_label="roof"), THREE, "place_label", "unknown"),
        (DESSERT, replace(THREE, points=0), "points", "points_out_of_range"),
        (DESSERT, replace(THREE, points=101), "points", "points_out_of_range"),
        (DESSERT, replace(THREE, target=501), "target", "target_out_of_range"),
        (DESSERT, replace(THREE, frequency="per_shift"), "frequency", "unknown"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    database: Database, hotel: Hotel, definition: Definition, term: NewTerm, field: str, code: str
) -> None:
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        actions.create(tx, definition, term, [])
    assert [(error.field, error.code) for error in refused.value.fields] == [(field, code)]
    with database.read(hotel.olive.actor) as tx:
        assert len(queries.behaviors(tx, TODAY, with_inactive=True)) == 4


def test_a_name_is_used_once_in_a_house_and_again_next_door(
    database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    made(database, hotel)
    with pytest.raises(Problem) as refused:
        made(database, hotel)
    assert refused.value.code == "duplicate"
    made(database, other_hotel)


def test_a_role_of_another_house_cannot_be_given(
    database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        actions.assign_roles(tx, hotel.offer, [other_hotel.sam.role_id])
    assert refused.value.fields[0].code == "role_unknown"


def test_only_changed_fields_are_written_down(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        actions.update_definition(
            tx, hotel.offer, {"name": "Suggest a starter", "verification": "manager"}, 1
        )
    with database.read(hotel.olive.actor) as tx:
        event = tx.execute(select(AuditEvent.before, AuditEvent.after)).one()
        assert queries.behavior(tx, hotel.offer, TODAY).version == 2
    assert event.before == {"name": "Offer a starter"}
    assert event.after == {"name": "Suggest a starter"}


def test_who_saw_an_older_version_is_told(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        actions.update_definition(tx, hotel.offer, {"name": "First"}, 1)
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        actions.update_definition(tx, hotel.offer, {"name": "Second"}, 1)
    assert refused.value.code == "conflict"


def test_other_points_begin_on_their_date(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        begins = actions.change_term(tx, hotel.offer, NewTerm(20, 7, "PER_DAY"))
        later = actions.change_term(tx, hotel.offer, NewTerm(30, 8, "PER_DAY"), TODAY + timedelta(days=10))
    assert (begins, later) == (TODAY, TODAY + timedelta(days=10))
    points = {}
    with database.read(hotel.olive.actor) as tx:
        for days in (-1, 0, 9, 10):
            term = queries.behavior(tx, hotel.offer, TODAY + timedelta(days=days)).term
            assert term is not None
            points[days] = term.points
    assert points == {-1: 10, 0: 20, 9: 20, 10: 30}


def test_the_same_day_can_be_corrected_and_the_past_not(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        actions.change_term(tx, hotel.offer, NewTerm(20, 7, "PER_SHIFT"))
        actions.change_term(tx, hotel.offer, NewTerm(21, 7, "PER_SHIFT"))
        assert [term.points for term in queries.terms(tx, hotel.offer)] == [21, 10]
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        actions.change_term(tx, hotel.offer, NewTerm(99, 7, "PER_SHIFT"), TODAY - timedelta(days=1))
    assert refused.value.fields[0].code == "date_in_past"


def test_what_does_not_change_leaves_no_trace(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        actions.change_term(tx, hotel.offer, NewTerm(10, 5, "PER_SHIFT"))
        actions.assign_roles(tx, hotel.offer, [hotel.sam.role_id])
        actions.update_definition(tx, hotel.offer, {"name": "Offer a starter"})
        actions.reactivate(tx, hotel.offer)
        assert tx.events() == []
    assert acts(database, hotel) == []


def test_off_the_tablets_and_back(database: Database, hotel: Hotel) -> None:
    def of_role() -> set[UUID]:
        with database.read(hotel.olive.actor) as tx:
            found = queries.behaviors(tx, TODAY)
            return {view.id for view in found if hotel.sam.role_id in {role.id for role in view.roles}}

    assert of_role() == {hotel.offer, hotel.greet, hotel.clean}
    with database.write(hotel.olive.actor) as tx:
        actions.deactivate(tx, hotel.offer)
    assert of_role() == {hotel.greet, hotel.clean}
    with database.write(hotel.olive.actor) as tx:
        actions.reactivate(tx, hotel.offer)
    assert of_role() == {hotel.offer, hotel.greet, hotel.clean}
    assert acts(database, hotel) == ["behavior.deactivated", "behavior.reactivated"]


def test_roles_are_replaced_as_a_whole(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        actions.assign_roles(tx, hotel.offer, [hotel.bea.role_id, hotel.max.role_id])
    with database.read(hotel.olive.actor) as tx:
        roles = {role.id for role in queries.behavior(tx, hotel.offer, TODAY).roles}
    assert roles == {hotel.bea.role_id, hotel.max.role_id}


@pytest.mark.parametrize("who", ["max", "sam", "tablet"])
def test_only_the_owner_changes_the_catalog(database: Database, hotel: Hotel, who: str) -> None:
    for act in (
        lambda tx: actions.create(tx, DESSERT, THREE, []),
        lambda tx: actions.update_definition(tx, hotel.offer, {"name": "Mine"}),
        lambda tx: actions.deactivate(tx, hotel.offer),
        lambda tx: actions.reactivate(tx, hotel.offer),
        lambda tx: actions.change_term(tx, hotel.offer, THREE),
        lambda tx: actions.assign_roles(tx, hotel.offer, []),
        actions.install_catalog,
    ):
        with pytest.raises(Problem) as refused, database.write(getattr(hotel, who).actor) as tx:
            act(tx)
        assert refused.value.code == "forbidden"


def test_another_house_s_behavior_is_not_there(database: Database, hotel: Hotel, other_hotel: Hotel) -> None:
    for behavior_id in (other_hotel.offer, new_id()):
        with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
            actions.deactivate(tx, behavior_id)
        assert refused.value.code == "not_found"


def test_the_starting_set_goes_to_the_roles_it_is_for_and_only_once(database: Database, hotel: Hotel) -> None:
    with database.write(hotel.olive.actor) as tx:
        assert actions.install_catalog(tx) == len(HOTEL_BEHAVIORS) == 22
        assert actions.install_catalog(tx) == 0
    with database.read(hotel.olive.actor) as tx:
        found = {view.name: view for view in queries.behaviors(tx, TODAY)}
        assert tx.execute(select(func.count()).select_from(AuditEvent)).scalar_one() == 1
    wine = found["Recommend wine pairing"]
    assert [role.name for role in wine.roles] == ["Server"]
    assert (wine.asks_amount, wine.asks_covers, wine.asks_outcome, wine.place_label) == (
        True,
        True,
        True,
        "table",
    )
    assert wine.term is not None
    assert (wine.term.points, wine.term.target) == (5, 5)
    assert found["Audit invoices"].roles == ()


def test_the_kept_catalog_is_forgotten_when_told(database: Database, hotel: Hotel) -> None:
    catalogs = Catalogs(database)
    first = catalogs.get(hotel.organization_id)
    entry = first.get(hotel.offer)
    assert entry is not None
    assert entry.active
    assert (entry.name, entry.role_ids) == ("Offer a starter", frozenset({hotel.sam.role_id}))
    assert first.day_target(hotel.sam.role_id, TODAY) == 15
    assert first.get(new_id()) is None
    told: list[object] = []
    database.publish = told.append
    with database.write(hotel.olive.actor) as tx:
        actions.deactivate(tx, hotel.offer)
    assert told == [BehaviorsChanged(hotel.organization_id)]
    assert catalogs.get(hotel.organization_id) is first
    catalogs.forget(hotel.organization_id)
    again = catalogs.get(hotel.organization_id).get(hotel.offer)
    assert again is not None
    assert not again.active
    assert catalogs.get(hotel.organization_id).day_target(hotel.sam.role_id, TODAY) == 10
