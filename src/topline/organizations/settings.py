"""What a hotel sets for itself: one typed document, stored as JSON with a version; what is missing is the default."""

from typing import Annotated

import msgspec


class ScoreboardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the wall and the game state behave. Thresholds are basis points of where the house should be now."""

    winning_bp: Annotated[int, msgspec.Meta(ge=5000, le=15000)] = 9500
    neutral_bp: Annotated[int, msgspec.Meta(ge=3000, le=15000)] = 8500
    show_revenue: bool = True
    names: Annotated[str, msgspec.Meta(pattern="^(names|initials|numbers)$")] = "names"
    leaderboard: Annotated[str, msgspec.Meta(pattern="^(points|verified|average_check)$")] = "points"


class VerificationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much is looked at: `sample_bp` of ordinary logs are put into the sample; flagged ones always are."""

    grace_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = 7
    sample_bp: Annotated[int, msgspec.Meta(ge=0, le=10000)] = 10000
    auto_verify: bool = False
    auto_verify_accuracy_bp: Annotated[int, msgspec.Meta(ge=5000, le=10000)] = 9500


class TabletSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The shared tablet. `idle_seconds` without a touch bring back the tiles."""

    idle_seconds: Annotated[int, msgspec.Meta(ge=10, le=600)] = 30


class AccessSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Getting in. `second_factor` is `required` where owners and managers must have one to sign in by password."""

    second_factor: Annotated[str, msgspec.Meta(pattern="^(optional|required)$")] = "optional"


class OrganizationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a hotel can set; stored as one JSON document with a version."""

    scoreboard: ScoreboardSettings = ScoreboardSettings()
    verification: VerificationSettings = VerificationSettings()
    tablet: TabletSettings = TabletSettings()
    access: AccessSettings = AccessSettings()
