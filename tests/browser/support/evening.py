"""Logs that came in before the story begins, over the API of the tablet."""

from datetime import UTC, datetime

import httpx

from tests.browser.support.stage import PINS, Stage
from tests.factories import headers
from tests.support.cast import Who
from topline.core.ids import new_id


def log_many(url: str, stage: Stage, who: Who, behavior: str, count: int) -> None:
    """Somebody signs in by PIN at the stage's tablet and sends so many logs of a behavior at once."""
    with httpx.Client(base_url=url, headers=headers(stage.tablet.token), timeout=60) as tablet:
        pin = {"person_id": str(who.id), "pin": PINS[who.display_name.lower()]}
        session = tablet.post("/api/auth/pin", json=pin).raise_for_status().json()["session_id"]
        logs = [
            {
                "id": str(new_id()),
                "session_id": session,
                "behavior_id": str(stage.cast.behaviors[behavior]),
                "occurred_at": datetime.now(UTC).isoformat(),
            }
            for _ in range(count)
        ]
        answer = tablet.post("/api/behavior-logs/batch", json={"logs": logs, "undos": []})
        assert {result["result"] for result in answer.raise_for_status().json()["results"]} == {"stored"}
