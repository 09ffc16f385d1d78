"""What happened to a day, told as steps from one version to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from topline.results.queries import FIGURES, VersionView


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One change: who, when, why, and what became different. `act` is `entered`, `changed`, `closed` or `adjusted`."""

    version: int
    act: str
    at: datetime
    by: str
    reason: str
    differences: tuple[Difference, ...]
    people_changed: bool


def steps_of(versions: Sequence[VersionView], names: Mapping[UUID, str]) -> list[Step]:
    """The steps behind versions given newest first; the oldest one shown is compared with nothing."""
    return [
        _step(now, versions[place + 1] if place + 1 < len(versions) else None, names)
        for place, now in enumerate(versions)
    ]


def _step(now: VersionView, before: VersionView | None, names: Mapping[UUID, str]) -> Step:
    old = before.values if before is not None else {}
    fields = (*FIGURES, "notes")
    differences = tuple(
        Difference(name, old.get(name), now.values.get(name))
        for name in fields
        if _said(old, name) != _said(now.values, name)
    )
    who = names.get(now.by, now.by_label) if now.by is not None else now.by_label
    people_changed = bool(now.values.get("people")) if before is None else _people(old) != _people(now.values)
    return Step(now.version, _act(now, before), now.at, who, now.reason, differences, people_changed)


def _act(now: VersionView, before: VersionView | None) -> str:
    status = str(now.values.get("status", "open"))
    if before is None:
        return "entered" if now.version == 1 else "changed"
    if status == "closed" and before.values.get("status") == "open":
        return "closed"
    return "adjusted" if status == "adjusted" else "changed"


def _said(values: Mapping[str, Any], name: str) -> Any:
    """A figure or text; no note and an empty one are the same."""
    value = values.get(name)
    return None if value == "" else value


def _people(values: Mapping[str, Any]) -> Any:
    return values.get("people") or []
