"""The house itself: organization, location, departments, roles, behaviors, results."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from topline.core.transaction import Write
from topline.organizations.rules import opening_hours_data
from topline.upkeep.demo import DemoBehavior, DemoHotel
from topline.upkeep.load.bulk import insert_rows


def load_house(tx: Write, hotel: DemoHotel) -> None:
    house, place = hotel.organization, hotel.location
    insert_rows(
        tx,
        "organizations",
        [{**asdict(house), "settings": {}, "version": 1, "is_demo": True}],
        tenant=False,
    )
    insert_rows(
        tx,
        "installation",
        [{"id": 1, "organization_id": house.id, "created_at": house.created_at}],
        tenant=False,
    )
    insert_rows(
        tx,
        "locations",
        [
            {
                "id": place.id,
                "name": place.name,
                "zone": place.zone,
                "turning_hour": place.turning_hour,
                "rooms_available": place.rooms_available,
                "opening_hours": opening_hours_data(place.opening_hours),
                "active": True,
                "created_at": house.created_at,
            }
        ],
    )
    insert_rows(
        tx,
        "departments",
        [
            {"id": d.id, "location_id": place.id, "name": d.name, "position": d.position, "active": True}
            for d in hotel.departments
        ],
    )
    insert_rows(
        tx,
        "roles",
        [{"id": r.id, "name": r.name, "group": r.group, "type": r.type, "active": True} for r in hotel.roles],
    )
    insert_rows(tx, "behaviors", [_behavior(item, house.created_at) for item in hotel.behaviors])
    insert_rows(
        tx,
        "behavior_terms",
        [
            {
                "behavior_id": item.id,
                "valid_from": item.valid_from,
                "points": item.template.points,
                "target": item.template.target,
                "frequency": item.template.frequency,
            }
            for item in hotel.behaviors
        ],
    )
    insert_rows(tx, "behavior_roles", [asdict(assignment) for assignment in hotel.assignments])


def _behavior(item: DemoBehavior, created_at: datetime) -> dict[str, Any]:
    template = item.template
    return {
        "id": item.id,
        "name": template.name,
        "description": template.description,
        "category": template.category,
        "icon": template.icon,
        "verification": template.verification,
        "place_label": template.place,
        "asks_amount": template.asks_amount,
        "asks_covers": template.asks_covers,
        "asks_outcome": template.asks_outcome,
        "position": item.position,
        "active": True,
        "created_at": created_at,
        "version": 1,
    }


def load_results(tx: Write, hotel: DemoHotel) -> None:
    entries, versions = [], []
    for day in hotel.days:
        values = {
            "revenue_minor": day.revenue_minor,
            "room_revenue_minor": day.room_revenue_minor,
            "covers": day.covers,
            "rooms_sold": day.rooms_sold,
            "rooms_available": day.rooms_available,
            "guests": day.guests,
            "arrivals": day.arrivals,
            "notes": "",
        }
        entries.append(
            {
                "id": day.id,
                "location_id": hotel.location.id,
                "business_date": day.business_date,
                "status": "closed",
                **values,
                "source": "import",
                "version": 1,
                "updated_at": day.entered_at,
                "updated_by": day.entered_by,
            }
        )
        versions.append(
            {
                "entry_id": day.id,
                "version": 1,
                "values": {**values, "status": "closed"},
                "reason": "",
                "at": day.entered_at,
                "by": day.entered_by,
                "by_label": "demo",
            }
        )
    insert_rows(tx, "daily_entries", entries)
    insert_rows(tx, "daily_entry_versions", versions)
    insert_rows(
        tx,
        "benchmarks",
        [
            {
                "location_id": hotel.location.id,
                "year": hotel.benchmark.year,
                "revenue_minor": hotel.benchmark.revenue_minor,
                "days_open": hotel.benchmark.days_open,
                "growth_bp": 0,
                "is_estimate": True,
            }
        ],
    )
