"""Lists that are shown whole have an end that is told, instead of rows that are there and not shown."""

import pytest
from sqlalchemy import insert

from tests.support.hotel import Hotel
from topline.core.errors import Problem
from topline.core.ids import new_id
from topline.core.permissions import Group
from topline.core.transaction import Database
from topline.organizations import actions as organizations, queries
from topline.organizations.models import Department, Location
from topline.people import actions as people, queries as people_queries
from topline.people.models import Role


def test_a_hotel_has_as_many_roles_as_its_page_shows(database: Database, hotel: Hotel) -> None:
    mine = {"organization_id": hotel.organization_id}
    with database.write(hotel.olive.actor) as tx:
        there = len(people_queries.roles(tx, with_inactive=True))
        missing = people_queries.MOST_ROLES - there - 1
        rows = [
            {
                **mine,
                "id": new_id(),
                "name": f"Role {n}",
                "group": "staff",
                "type": "CUSTOM",
                "active": n % 2 == 0,
            }
            for n in range(missing)
        ]
        tx.change(insert(Role), rows)
        people.create_role(tx, "The last one", Group.STAFF, "CUSTOM")
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        people.create_role(tx, "One too many", Group.STAFF, "CUSTOM")
    assert [(one.field, one.code) for one in refused.value.fields] == [("name", "too_many")]
    with database.read(hotel.olive.actor) as tx:
        assert "The last one" in {role.name for role in people_queries.roles(tx, with_inactive=True)}


def test_so_it_is_with_houses_and_departments(database: Database, hotel: Hotel) -> None:
    mine = {"organization_id": hotel.organization_id}
    house = {"zone": "Europe/Lisbon", "opening_hours": {}, "created_at": database.clock.now()}
    with database.write(hotel.olive.actor) as tx:
        departments = queries.MOST_DEPARTMENTS - len(queries.departments(tx, with_inactive=True))
        places = queries.MOST_LOCATIONS - len(queries.locations(tx, with_inactive=True))
        where = {**mine, "location_id": hotel.location_id, "active": True}
        tx.change(
            insert(Department),
            [{**where, "id": new_id(), "name": f"Department {n}", "position": n} for n in range(departments)],
        )
        tx.change(
            insert(Location), [{**mine, **house, "id": new_id(), "name": f"House {n}"} for n in range(places)]
        )
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        organizations.create_department(tx, hotel.location_id, "One too many")
    assert [(one.field, one.code) for one in refused.value.fields] == [("name", "too_many")]
    with pytest.raises(Problem) as refused, database.write(hotel.olive.actor) as tx:
        organizations.create_location(tx, name="One too many", zone="Europe/Lisbon")
    assert [(one.field, one.code) for one in refused.value.fields] == [("name", "too_many")]
