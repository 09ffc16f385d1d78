"""How the rest hears that points changed: the signal of the screens, and the cache group of the boards."""

from typing import Final
from uuid import UUID

#: How the signals begin that tell an organization's screens that something they show has changed.
BOARD_TOPIC: Final = "board:"


def board_topic(organization_id: UUID) -> str:
    """The signal for the screens of one organization."""
    return f"{BOARD_TOPIC}{organization_id}"


def board_group(organization_id: UUID | str) -> str:
    """The cache group of everything a leaderboard or scoreboard answers."""
    return f"leaderboard:{organization_id}"
