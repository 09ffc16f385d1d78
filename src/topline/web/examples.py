"""Examples for fields of the API that do not bring their own: by the field's name, which means the same everywhere.

`web/reference.py` puts them into the OpenAPI document; a test names every field that still has none.
"""

from typing import Any, Final

_ID: Final = "0198c2f0-6d2a-7c31-9d0a-5b1f3c7e2a10"

#: By the format or type of a field: nothing to explain.
BY_FORMAT: Final[dict[str, Any]] = {
    "uuid": _ID,
    "date": "2026-03-04",
    "date-time": "2026-03-04T10:00:00Z",
    "boolean": True,
    "binary": "(a file)",
}

BY_NAME: Final[dict[str, Any]] = {
    # people and words
    "name": "Mara Sample",
    "display_name": "Mara",
    "person_name": "Mara Sample",
    "updated_by_name": "Max Manager",
    "created_by_name": "Max Manager",
    "decided_by_name": "Max Manager",
    "actor_label": "Max Manager",
    "by_label": "Max Manager",
    "email": "mara@example.test",
    "staff_number": "F-017",
    "role": "Front desk agent",
    "role_name": "Front desk agent",
    "department": "Front desk",
    "department_name": "Front desk",
    "group": "staff",
    "shifts_per_week": 5,
    "position": 2,
    "pin": "7294",
    "current_pin": "7294",
    "new_pin": "3816",
    "password": "a long phrase of your own",
    "current_password": "a long phrase of your own",
    "new_password": "another long phrase",
    # behaviors and logs
    "description": "Tell arriving guests what the better room offers them.",
    "behavior_name": "Offer a better room",
    "category": "REVENUE",
    "icon": "bed",
    "verification": "manager",
    "place_label": "room",
    "frequency": "PER_SHIFT",
    "points": 10,
    "target": 5,
    "count": 3,
    "status": "pending",
    "status_before": "pending",
    "status_after": "verified",
    "outcome": "accepted",
    "place": "214",
    "amount_minor": 4500,
    "note": "Anniversary, second night",
    "notes": "Coach group until noon",
    "text": "It was table 12, the check says 21.",
    "answer": "It was table 12, the check says 21.",
    "reason": "duplicate",
    "reject_reason": "duplicate",
    "reject_note": "Logged twice within a minute.",
    "metadata": {"terminal": "bar-2"},
    "repeats": 3,
    "blocked": "own_log",
    "search": "Mara",
    # decisions
    "act": "verified",
    "decision": "verified",
    "changed": 12,
    "remaining": 0,
    "pending": 34,
    "to_check": 8,
    "unusual": 2,
    "arrived": 1,
    "skipped": 1,
    # results
    "year": 2026,
    "days_open": 365,
    "growth_bp": 500,
    "covers": 24,
    "rooms_sold": 94,
    "rooms_available": 207,
    "guests": 186,
    "arrivals": 66,
    "average_check_minor": 3260,
    "adr_minor": 11240,
    "version": 1,
    "sheet": "March",
    "file_name": "march.xlsx",
    "index": 0,
    "header": "Revenue",
    "row": 14,
    "column": "Revenue",
    "field": "revenue_minor",
    "value": "12,5a",
    # settings of a house
    "winning_bp": 9500,
    "neutral_bp": 8500,
    "names": "first_name",
    "leaderboard": "points",
    "idle_seconds": 30,
    "second_factor": "optional",
    "grace_days": 7,
    "sample_bp": 1000,
    "auto_verify_accuracy_bp": 9500,
    # everywhere
    "id": _ID,
    "kind": "log",
    "type": "FRONT_DESK",
    "result": "stored",
    "code": "text_too_long",
    "detail": "At most 500 characters.",
    "message": "At most 500 characters.",
    "request_id": _ID.replace("-", ""),
    "retry_after": 30,
    "current": {"version": 2, "revenue_minor": 586801},
    "go_on": {"ticket": "eyJpZCI6…", "ways": ["authenticator", "recovery_code"]},
    "next_cursor": None,
}


def fill(schema: dict[str, Any]) -> None:
    """Give every property of the document's shapes an example, where it has none and one is known."""
    for shape in schema.get("components", {}).get("schemas", {}).values():
        for name, kind in shape.get("properties", {}).items():
            if not has_example(kind):
                found = _found(name, kind)
                if found:
                    kind["examples"] = found


def has_example(kind: dict[str, Any]) -> bool:
    """Whether a property shows what it looks like: by an example, its allowed values, or another shape."""
    options = [kind, *kind.get("oneOf", ()), *kind.get("anyOf", ()), *kind.get("allOf", ())]
    if any(option.get("examples") or "enum" in option or "const" in option for option in options):
        return True
    return any("$ref" in option or option.get("type") == "array" for option in options)


def _found(name: str, kind: dict[str, Any]) -> list[Any]:
    for option in (kind, *kind.get("oneOf", ()), *kind.get("anyOf", ())):
        for word in (option.get("format"), option.get("type")):
            if word in BY_FORMAT:
                return [BY_FORMAT[word]]
    return [BY_NAME[name]] if name in BY_NAME else []
