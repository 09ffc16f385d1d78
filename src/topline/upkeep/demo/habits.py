"""What a tap carries: amounts, outcomes, places and the words people write, for each behavior."""

from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from topline.behaviors.catalog import BehaviorTemplate

Outcome = Literal["offered", "accepted", "declined"]


@dataclass(frozen=True, slots=True)
class Habit:
    """Amounts run from `low` to `high` minor units in steps of `step`; `accepts` is the share of guests who say yes."""

    low: int = 0
    high: int = 0
    step: int = 1
    accepts: float = 0.0
    notes: tuple[str, ...] = ()
    noted: float = 0.015


_GUEST: Final = ("Regular guest", "Celebrating a birthday", "Vegetarian table", "Spoke French", "In a hurry")
_ROOM: Final = ("Anniversary", "Early flight tomorrow", "Traveling with a baby", "Asked for the quiet side")
_WISH: Final = (
    "Two extra pillows",
    "Feather-free bedding",
    "Baby cot",
    "High floor please",
    "Late arrival, 23:30",
)
_DEFECT: Final = (
    "Tap drips in the bathroom",
    "Bulb out above the desk",
    "Window does not close fully",
    "Safe battery low",
    "Stain on the carpet",
    "Remote control missing",
    "Door scrapes on the floor",
)
_WASTE: Final = (
    "1.2 kg vegetable trim",
    "800 g bread, evening service",
    "2 portions sea bass",
    "Soup left over, 3 l",
)
_OUT: Final = (
    "Sea bass is out, offer the hake",
    "No more lemon tart, offer the crème",
    "Oysters out until tomorrow",
)
_PRICE: Final = (
    "Three offers for olive oil",
    "Linen supplier came down 4 %",
    "Coffee stays with the present one",
)
_INVOICE: Final = ("Delivery short by one crate", "Price differs from the order", "All lines agree")

HABITS: Final[dict[str, Habit]] = {
    "offer_room_upgrade": Habit(2_500, 9_000, 500, 0.24, _ROOM),
    "suggest_late_checkout": Habit(2_000, 4_500, 500, 0.31, _ROOM),
    "recommend_restaurant": Habit(accepts=0.28, notes=_GUEST),
    "note_special_requests": Habit(notes=_WISH, noted=0.12),
    "upsell_amenity_package": Habit(1_800, 6_500, 100, 0.16, _ROOM),
    "suggest_appetizer": Habit(700, 1_600, 50, 0.38, _GUEST),
    "recommend_wine_pairing": Habit(900, 7_800, 100, 0.33, _GUEST),
    "offer_dessert": Habit(600, 1_200, 50, 0.41, _GUEST),
    "mention_daily_special": Habit(notes=_GUEST),
    "suggest_room_service": Habit(1_500, 5_200, 50, 0.18, _ROOM),
    "suggest_premium_spirit": Habit(300, 1_200, 50, 0.36, _GUEST),
    "recommend_cocktail": Habit(900, 1_600, 50, 0.44, _GUEST),
    "offer_bar_snack": Habit(500, 1_100, 50, 0.35, _GUEST),
    "complete_room_checklist": Habit(notes=("Guest still in, came back later", "Extra bed made")),
    "report_maintenance_issue": Habit(notes=_DEFECT, noted=0.4),
    "restock_amenities": Habit(notes=("No more of the small towels",)),
    "log_food_waste": Habit(notes=_WASTE, noted=0.12),
    "update_86d_items": Habit(notes=_OUT, noted=0.2),
    "portion_control_check": Habit(notes=("12 g over the card",)),
    "compare_vendor_prices": Habit(2_000, 60_000, 100, 1.0, _PRICE, 0.4),
    "review_cost_of_sales": Habit(notes=("Food 1 point above plan", "In line"), noted=0.3),
    "audit_invoices": Habit(5_000, 450_000, 1, 1.0, _INVOICE, 0.3),
}

_ASKED: Final = 0.82
_AMOUNT_GIVEN: Final = 0.9
_PLACED: Final = 0.88
_COVERED: Final = 0.7
RESTAURANT_TABLES: Final = 40
BAR_TABLES: Final = 18
FLOORS: Final = 10
MOST_COVERS: Final = 6


def rooms(count: int) -> tuple[str, ...]:
    """Room numbers of a house of `count` rooms spread over its floors: 101, 102, …, 201, …"""
    each = -(-count // FLOORS)
    return tuple(f"{1 + number // each}{1 + number % each:02d}" for number in range(count))


def table(bar: bool, rng: Random) -> str:
    """A table of the restaurant, or one of the bar (which carry a B)."""
    if bar:
        return f"B{1 + int(rng.random() * BAR_TABLES)}"
    return str(1 + int(rng.random() * RESTAURANT_TABLES))


def placed(rng: Random) -> bool:
    """Whether somebody takes the time to say where."""
    return rng.random() < _PLACED


def answer_of_guest(template: BehaviorTemplate, habit: Habit, charm: float, rng: Random) -> Outcome | None:
    """What the guest said, where the tablet asks and the person filled it in. `charm` around 1 helps or hinders."""
    if not template.asks_outcome or rng.random() >= _ASKED:
        return None
    draw = rng.random()
    if draw < habit.accepts * charm:
        return "accepted"
    return "declined" if draw < 0.9 else "offered"


def amount(template: BehaviorTemplate, habit: Habit, outcome: Outcome | None, rng: Random) -> int | None:
    """Minor units: what was sold, for a sale that was accepted; for the back office what the paper says."""
    if not template.asks_amount or (template.asks_outcome and outcome != "accepted"):
        return None
    if rng.random() >= _AMOUNT_GIVEN:
        return None
    steps = (habit.high - habit.low) // habit.step
    # Squared, because small sales are more frequent than large ones.
    return habit.low + int(rng.random() ** 2 * (steps + 1)) * habit.step


def covers(template: BehaviorTemplate, rng: Random) -> int | None:
    """How many guests sat at the table, where the tablet asks."""
    if not template.asks_covers or rng.random() >= _COVERED:
        return None
    return 1 + int(rng.random() * rng.random() * 1.8 * MOST_COVERS) % MOST_COVERS


def note(habit: Habit, rng: Random) -> str | None:
    """A few words, rarely."""
    if rng.random() >= habit.noted:
        return None
    return habit.notes[int(rng.random() * len(habit.notes))]
