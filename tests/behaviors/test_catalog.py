"""The 22 behaviors a hotel starts with."""

import re
from collections import Counter
from pathlib import Path

import topline
from topline.behaviors.catalog import BY_KEY, HOTEL_BEHAVIORS

ICONS = Path(topline.__file__).parent / "web" / "static" / "icons.svg"

EXPECTED = {
    "FRONT_DESK": {
        "Offer room upgrade": (5, 10),
        "Suggest late checkout": (3, 5),
        "Recommend restaurant": (10, 3),
        "Note special requests": (5, 2),
        "Upsell amenity package": (2, 15),
    },
    "SERVER": {
        "Suggest appetizer": (10, 3),
        "Recommend wine pairing": (5, 5),
        "Offer dessert": (10, 3),
        "Mention daily special": (15, 2),
        "Suggest room service": (3, 5),
    },
    "BARTENDER": {
        "Suggest premium spirit": (10, 5),
        "Recommend cocktail": (15, 3),
        "Offer bar snack": (10, 3),
    },
    "HOUSEKEEPING": {
        "Complete room checklist": (12, 5),
        "Report maintenance issue": (2, 3),
        "Restock amenities": (12, 2),
    },
    "CHEF": {"Log food waste": (3, 3), "Update 86d items": (2, 5), "Portion control check": (5, 3)},
    "PURCHASER": {
        "Compare vendor prices": (1, 10),
        "Review cost of sales": (1, 5),
        "Audit invoices": (3, 3),
    },
}


def test_the_hotel_starts_with_these_targets_and_points_for_these_roles() -> None:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for template in HOTEL_BEHAVIORS:
        found.setdefault(template.role_type, {})[template.name] = (template.target, template.points)
    assert found == EXPECTED
    assert len(HOTEL_BEHAVIORS) == len(BY_KEY) == 22


def test_each_behavior_says_in_one_line_what_to_do() -> None:
    for template in HOTEL_BEHAVIORS:
        assert 30 <= len(template.description) <= 110
        assert template.description.endswith(".")
        assert template.frequency == "PER_SHIFT"
        assert re.fullmatch(r"[a-z0-9_]{5,40}", template.key)


def test_an_amount_asked_of_a_guest_comes_with_what_the_guest_said() -> None:
    for template in HOTEL_BEHAVIORS:
        if template.category == "REVENUE" and template.asks_amount:
            assert template.asks_outcome
        if template.asks_covers:
            assert template.place == "table"


def test_every_level_of_verification_and_every_kind_of_place_occurs() -> None:
    assert Counter(t.verification for t in HOTEL_BEHAVIORS).keys() == {"self_reported", "manager", "evidence"}
    assert {t.place for t in HOTEL_BEHAVIORS} == {"room", "table", None}


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol[^>]* id="([^"]+)"', ICONS.read_text(encoding="utf-8")))
    assert {template.icon for template in HOTEL_BEHAVIORS} <= drawn
