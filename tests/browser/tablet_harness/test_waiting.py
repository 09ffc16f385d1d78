"""What waits on the tablet: how it is counted, when it is sent, and what an answer means for it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.tablet_harness.conftest import Call

TURNS_AT = "2026-03-05T04:00:00Z"
TODAY = "2026-03-04"
NOON = "2026-03-04T12:00:00Z"


def _behavior(**changed: Any) -> dict[str, Any]:
    return {
        "id": "b1",
        "name": "Greet",
        "points": 5,
        "target": 3,
        "count": 1,
        "verification": "manager",
    } | changed


def _log(**changed: Any) -> dict[str, Any]:
    known = {
        "id": "known",
        "behavior_id": "b1",
        "behavior_name": "Greet",
        "business_date": TODAY,
        "occurred_at": "2026-03-04T11:00:00Z",
        "status": "pending",
        "points": 5,
        "has_evidence": False,
        "can_undo": True,
        "can_answer": False,
    }
    return known | changed


def _me(**changed: Any) -> dict[str, Any]:
    return {
        "person": {"id": "p1"},
        "business_date": TODAY,
        "turns_at": TURNS_AT,
        "today": {"count": 1, "target": 3, "points": 5},
        "streak_days": 4,
        "place": {
            "rank": 2,
            "of": 3,
            "points": 5,
            "neighbours": [{"rank": 2, "display_name": "Me", "points": 5, "is_me": True}],
            "next": {"rank": 1, "points_needed": 12},
        },
        "behaviors": [_behavior()],
        "logs": [_log()],
    } | changed


def _entry(kind: str = "log", log_id: str = "new", **changed: Any) -> dict[str, Any]:
    return {
        "key": f"{kind}:{log_id}",
        "kind": kind,
        "id": log_id,
        "session_id": "s1",
        "person_id": "p1",
        "behavior_id": "b1",
        "behavior_name": "Greet",
        "occurred_at": NOON,
        "body": {},
        "state": "waiting",
        "tries": 0,
    } | changed


def _view(page: Page, me: dict[str, Any], entries: list[dict[str, Any]], now: str = NOON) -> Any:
    return page.evaluate(
        """async ([me, entries, now]) =>
          (await import("/tablet/data/day.js")).dayView(me, entries, Date.parse(now))""",
        [me, entries, now],
    )


@pytest.mark.parametrize(
    ("entries", "count", "points", "states"),
    [
        ([], 1, 5, ["pending"]),
        ([_entry()], 2, 10, ["saved", "pending"]),
        ([_entry(log_id="known")], 1, 5, ["pending"]),
        ([_entry(), _entry("undo")], 1, 5, ["undoing", "pending"]),
        ([_entry("undo", "known")], 0, 0, ["undoing"]),
        ([_entry(state="refused", code="behavior_inactive")], 1, 5, ["refused", "pending"]),
        ([_entry(person_id="p2")], 1, 5, ["pending"]),
        ([_entry(occurred_at="2026-03-03T12:00:00Z")], 1, 5, ["pending"]),
    ],
    ids=[
        "nothing waits",
        "a tap waits",
        "the answer was lost",
        "undone before it was confirmed",
        "an undo waits",
        "refused",
        "somebody else's tap",
        "yesterday's tap",
    ],
)
def test_what_waits_on_the_tablet_is_counted_once(
    page: Page, entries: list[dict[str, Any]], count: int, points: int, states: list[str]
) -> None:
    view = _view(page, _me(), entries)
    assert (view["today"]["count"], view["today"]["points"]) == (count, points)
    assert view["behaviors"][0]["count"] == count
    assert [row["state"] for row in view["rows"]] == states


def test_points_that_wait_bring_the_next_mark_nearer(page: Page) -> None:
    place = _view(page, _me(), [_entry(), _entry(log_id="newer")])["place"]
    assert (place["points"], place["next"]["points_needed"], place["neighbours"][0]["points"]) == (15, 2, 15)
    assert _view(page, _me(), [_entry(log_id=str(n)) for n in range(3)])["place"]["next"] is None


def test_the_day_turns_on_a_tablet_without_the_server(page: Page) -> None:
    late = _entry(occurred_at="2026-03-05T05:00:00Z")
    view = _view(page, _me(), [late], now="2026-03-05T05:01:00Z")
    assert view["date"] == "2026-03-05"
    assert (view["today"]["count"], view["behaviors"][0]["count"], view["place"]) == (1, 1, None)
    assert [row["id"] for row in view["rows"]] == ["new"]
    assert [row["id"] for row in view["earlier"]] == ["known"]


@pytest.mark.parametrize(
    ("before", "after", "count", "points"),
    [
        ([], _log(), 2, 10),
        ([_log()], _log(), 1, 5),
        ([_log()], _log(status="undone", points=0), 0, 0),
        ([_log()], _log(status="verified", points=10), 1, 10),
        ([], _log(business_date="2026-03-03"), 1, 5),
    ],
    ids=["new", "confirmed twice", "undone", "verified", "of yesterday"],
)
def test_a_confirmed_log_steps_the_counts(
    call: Call, before: list[dict[str, Any]], after: dict[str, Any], count: int, points: int
) -> None:
    me = call("data/day.js", "withLog", _me(logs=before), after)
    assert (me["today"]["count"], me["today"]["points"]) == (count, points)
    assert [log["id"] for log in me["logs"]] == ["known"]


ME = {"session_id": "s1", "person_id": "p1"}


@pytest.mark.parametrize(
    ("entries", "who", "single", "batch"),
    [
        ([], ME, None, None),
        ([_entry()], ME, "log:new", None),
        ([_entry()], None, None, ["log:new"]),
        ([_entry(session_id="s0")], ME, None, ["log:new"]),
        ([_entry(), _entry("undo")], ME, None, ["log:new", "undo:new"]),
        ([_entry(state="refused")], ME, None, None),
        ([_entry("answer", "known")], ME, "answer:known", None),
        ([_entry("answer", "known")], None, None, None),
        ([_entry("evidence"), _entry()], ME, "log:new", None),
    ],
    ids=[
        "empty",
        "one of mine",
        "nobody signed in",
        "from an earlier sign-in",
        "several",
        "refused stays",
        "an answer",
        "an answer waits for its person",
        "the log before its photo",
    ],
)
def test_what_is_sent_next(
    call: Call, entries: list[dict[str, Any]], who: Any, single: str | None, batch: list[str] | None
) -> None:
    parcel = call("data/answers.js", "nextParcel", entries, who) or {}
    assert parcel.get("single", {}).get("key") == single
    assert [one["key"] for one in parcel.get("batch", [])] == (batch or [])


def test_a_parcel_holds_two_hundred(call: Call) -> None:
    entries = [_entry(log_id=str(n)) for n in range(450)]
    assert len(call("data/answers.js", "nextParcel", entries, ME)["batch"]) == 200
    assert len(call("data/answers.js", "nextParcel", entries, ME, 7)["batch"]) == 7


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"kind": "ok", "status": 201}, "done"),
        ({"kind": "later", "status": 0}, "later"),
        ({"kind": "later", "status": 502}, "later"),
        ({"kind": "refused", "status": 429, "code": "too_many_requests"}, "later"),
        ({"kind": "refused", "status": 405, "code": "method_not_allowed"}, "later"),
        ({"kind": "refused", "status": 403, "code": "cross_site"}, "later"),
        ({"kind": "refused", "status": 401, "code": "device_unknown"}, "device"),
        ({"kind": "refused", "status": 401, "code": "unauthenticated"}, "session"),
        ({"kind": "refused", "status": 403, "code": "forbidden"}, "session"),
        ({"kind": "refused", "status": 400, "code": "invalid_input"}, "refused"),
        ({"kind": "refused", "status": 409, "code": "id_taken"}, "refused"),
    ],
)
def test_what_an_answer_means_for_a_tap(call: Call, answer: dict[str, Any], meaning: str) -> None:
    assert call("data/answers.js", "meaning", answer) == meaning


def test_a_batch_settles_each_entry_by_itself_and_keeps_the_unanswered(call: Call) -> None:
    entries = [_entry(log_id="a"), _entry(log_id="b"), _entry("undo", "a"), _entry(log_id="c")]
    results = [
        {"id": "a", "kind": "log", "result": "already_stored", "log": {"id": "a"}},
        {"id": "b", "kind": "log", "result": "refused", "code": "behavior_inactive", "detail": "Not used."},
        {"id": "a", "kind": "undo", "result": "undone", "log": {"id": "a"}},
    ]
    read = call("data/answers.js", "readBatch", entries, results)
    assert read["open"] == 1
    assert [(one["key"], one.get("done"), one.get("code")) for one in read["settled"]] == [
        ("log:a", True, None),
        ("log:b", None, "behavior_inactive"),
        ("undo:a", True, None),
    ]


def test_the_pauses_grow_to_fifteen_seconds_and_differ(call: Call) -> None:
    assert [call("data/answers.js", "pause", n, 1) for n in range(1, 7)] == [
        1000,
        2000,
        4000,
        8000,
        15_000,
        15_000,
    ]
    assert call("data/answers.js", "pause", 3, 0) == 2000
