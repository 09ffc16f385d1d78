"""The hotel starting set: 22 behaviors a hotel can begin with on its first day.

Pure data. A new organization copies these rows into its own definitions and may then change every one of
them; the demo hotel starts from the same rows. Names, targets and points are the set Topline has always
offered to hotels; the remaining fields say how a tap on the tablet asks for its details.
"""

from dataclasses import dataclass
from typing import Final, Literal

from topline.people.rules import RoleType

Category = Literal["REVENUE", "COST", "QUALITY", "EFFICIENCY", "COMPLIANCE"]
Frequency = Literal["PER_SHIFT", "PER_DAY", "PER_WEEK", "PER_MONTH"]
Verification = Literal["self_reported", "manager", "evidence"]
PlaceLabel = Literal["room", "table"]


@dataclass(frozen=True, slots=True)
class BehaviorTemplate:
    """One behavior as a new hotel first sees it.

    `key` names the template for good and is never shown. `target` counts logs per person and `frequency`;
    `points` is what one log earns before verification. `role_type` is the role the behavior was written for,
    `also_suits` the roles it makes sense for as well. `place` is the word beside the place field, `None` for
    no such field.
    """

    key: str
    name: str
    role_type: RoleType
    category: Category
    target: int
    points: int
    icon: str
    description: str
    verification: Verification = "manager"
    place: PlaceLabel | None = None
    asks_amount: bool = False
    asks_covers: bool = False
    asks_outcome: bool = False
    also_suits: tuple[RoleType, ...] = ()
    frequency: Frequency = "PER_SHIFT"

    @property
    def role_types(self) -> tuple[RoleType, ...]:
        """Every role type a new hotel assigns this behavior to, the one it was written for first."""
        return (self.role_type, *self.also_suits)


# One behavior, three lines: what it is, how it is done, what it asks and earns. A table reads best as a
# table, so the formatter leaves it alone.
# fmt: off
HOTEL_BEHAVIORS: Final[tuple[BehaviorTemplate, ...]] = (
    BehaviorTemplate(
        "offer_room_upgrade", "Offer room upgrade", "FRONT_DESK", "REVENUE",
        description="Describe one better room and its price at check-in, whether or not the guest takes it.",
        target=5, points=10, icon="bed", place="room", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "suggest_late_checkout", "Suggest late checkout", "FRONT_DESK", "REVENUE",
        description="Tell a guest who leaves tomorrow what staying a few hours longer costs.",
        target=3, points=5, icon="clock", place="room", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "recommend_restaurant", "Recommend restaurant", "FRONT_DESK", "REVENUE",
        description="Name a dish of tonight's menu and offer to reserve a table in the house.",
        target=10, points=3, icon="fork-knife", place="room", asks_outcome=True,
    ),
    BehaviorTemplate(
        "note_special_requests", "Note special requests", "FRONT_DESK", "QUALITY",
        description="Write down what a guest asked for so that the next shift already knows it.",
        target=5, points=2, icon="note", verification="self_reported", place="room",
    ),
    BehaviorTemplate(
        "upsell_amenity_package", "Upsell amenity package", "FRONT_DESK", "REVENUE",
        description="Offer a package such as breakfast in bed, flowers or parking with its price.",
        target=2, points=15, icon="gift", place="room", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "suggest_appetizer", "Suggest appetizer", "SERVER", "REVENUE",
        description="Suggest one starter by name before the table orders its main courses.",
        target=10, points=3, icon="snack", place="table",
        asks_amount=True, asks_covers=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "recommend_wine_pairing", "Recommend wine pairing", "SERVER", "REVENUE",
        description="Name a wine that goes with what the table has chosen, by the glass or the bottle.",
        target=5, points=5, icon="wine", place="table",
        asks_amount=True, asks_covers=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "offer_dessert", "Offer dessert", "SERVER", "REVENUE",
        description="Bring the dessert card and name a favorite, rather than ask whether that was all.",
        target=10, points=3, icon="dessert", place="table",
        asks_amount=True, asks_covers=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "mention_daily_special", "Mention daily special", "SERVER", "REVENUE",
        description="Describe today's special in one sentence when the guests are seated.",
        target=15, points=2, icon="star", verification="self_reported", place="table", also_suits=("HOST",),
    ),
    BehaviorTemplate(
        "suggest_room_service", "Suggest room service", "SERVER", "REVENUE",
        description="Let a guest of the house know what the kitchen can send up later in the evening.",
        target=3, points=5, icon="room-service", place="room", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "suggest_premium_spirit", "Suggest premium spirit", "BARTENDER", "REVENUE",
        description="When a drink is ordered without a brand, offer a better bottle by name.",
        target=10, points=5, icon="glass", place="table", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "recommend_cocktail", "Recommend cocktail", "BARTENDER", "REVENUE",
        description="Ask what the guest likes and recommend one drink from the house list.",
        target=15, points=3, icon="cocktail", place="table", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "offer_bar_snack", "Offer bar snack", "BARTENDER", "REVENUE",
        description="Offer something small to eat with the first or second round.",
        target=10, points=3, icon="snack", place="table", asks_amount=True, asks_outcome=True,
    ),
    BehaviorTemplate(
        "complete_room_checklist", "Complete room checklist", "HOUSEKEEPING", "QUALITY",
        description="Go through every line of the list before the door of a finished room is closed.",
        target=12, points=5, icon="broom", place="room",
    ),
    BehaviorTemplate(
        "report_maintenance_issue", "Report maintenance issue", "HOUSEKEEPING", "QUALITY",
        description="Photograph a defect where you find it and report it before the guest does.",
        target=2, points=3, icon="wrench", verification="evidence", place="room", also_suits=("FACILITIES",),
    ),
    BehaviorTemplate(
        "restock_amenities", "Restock amenities", "HOUSEKEEPING", "EFFICIENCY",
        description="Fill up soap, water, coffee and linen to the standard of the room type.",
        target=12, points=2, icon="towel", verification="self_reported", place="room",
    ),
    BehaviorTemplate(
        "log_food_waste", "Log food waste", "CHEF", "COST",
        description="Weigh what goes into the bin and note why, so that buying and portions can follow.",
        target=3, points=3, icon="scale", also_suits=("BUSSER",),
    ),
    BehaviorTemplate(
        "update_86d_items", "Update 86d items", "CHEF", "EFFICIENCY",
        description="Tell the floor at once which dish has run out and what to offer in its place.",
        target=2, points=5, icon="list-x", verification="self_reported",
    ),
    BehaviorTemplate(
        "portion_control_check", "Portion control check", "CHEF", "COST",
        description="Weigh a plate against its recipe card during service.",
        target=5, points=3, icon="portion",
    ),
    BehaviorTemplate(
        "compare_vendor_prices", "Compare vendor prices", "PURCHASER", "COST",
        description="Ask at least two other suppliers before a repeat order goes out.",
        target=1, points=10, icon="price", asks_amount=True,
    ),
    BehaviorTemplate(
        "review_cost_of_sales", "Review cost of sales", "PURCHASER", "COST",
        description="Hold yesterday's purchases against yesterday's sales and note what stands out.",
        target=1, points=5, icon="chart", verification="self_reported", also_suits=("ACCOUNTANT",),
    ),
    BehaviorTemplate(
        "audit_invoices", "Audit invoices", "PURCHASER", "COMPLIANCE",
        description="Check an invoice line by line against its order and its delivery note.",
        target=3, points=3, icon="invoice", asks_amount=True, also_suits=("ACCOUNTANT",),
    ),
)
# fmt: on
"""In the order in which a hotel reads them: guests first, the back of the house last."""

BY_KEY: Final[dict[str, BehaviorTemplate]] = {template.key: template for template in HOTEL_BEHAVIORS}
