"""Every statement names its hotel: the program's SQL is read, and a statement without `organization_id` is a defect.

`Watch` listens to every engine of the process. Only statements of the program count, not those of a test. Each text is
judged once; values are not part of it.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

from topline.tables import metadata

TENANT_TABLES: Final = frozenset(
    table.name for table in metadata.sorted_tables if "organization_id" in table.primary_key.columns
)


@dataclass(frozen=True)
class Across:
    """A statement that may look across hotels, recognized by a part of its text."""

    pattern: str
    reason: str


ACROSS: Final = (
    Across(
        r"\b(sign_ins|devices|api_keys|password_links)\.token_hash = ",
        "a credential is found by its random token's hash before anybody knows whose it is",
    ),
    Across(
        r"\bpasskeys\.credential_id = ",
        "a passkey is found by its random id before anybody knows whose it is",
    ),
    Across(
        r"\benrollment_codes\.code_hash = ",
        "a new tablet shows a single-use code; the code says which hotel it belongs to",
    ),
    Across(r"\bpeople\.email = ", "signing in by e-mail: the address is unique in the installation"),
)

_NAME = r'"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?'
_LIST: Final = re.compile(
    r"\bFROM\s+((?:\"?\w+\"?(?:\s+AS\s+\"?\w+\"?)?\s*,\s*)*\"?\w+\"?(?:\s+AS\s+\"?\w+\"?)?)"
)
_ONE: Final = re.compile(_NAME)
_JOIN: Final = re.compile(rf"\b(?:JOIN|UPDATE)\s+{_NAME}")
_INSERT: Final = re.compile(r"\bINSERT INTO\s+\"?(\w+)\"?\s*\(([^)]*)\)")
_KEYWORDS: Final = frozenset({"SELECT", "WHERE", "SET", "VALUES", "ON"})
_VALUE: Final = r"(?:\?|%\(\w+\)s(?:::\w+)?|\$\d+|:\w+|CAST\(|'|IN \()"
_BOUND: Final = re.compile(rf"\b(\w+)\.organization_id\s*(?:=\s*{_VALUE}|IN\s*\()")
_TUPLE: Final = re.compile(r"\(\s*(\w+)\.organization_id\s*,[^()]*\)\s*(?:=|IN)")
_EQUAL: Final = re.compile(r"\b(\w+)\.(?:organization_id|id)\s*=\s*(\w+)\.(?:organization_id|id)\b")


def unscoped(sql: str) -> list[str]:
    """The tenant tables (by alias) that the statement reads or writes without naming the hotel."""
    missing = [
        f"INSERT INTO {table}"
        for table, columns in _INSERT.findall(sql)
        if table in TENANT_TABLES and "organization_id" not in columns
    ]
    uses: Counter[str] = Counter(_uses(sql))
    if not uses:
        return missing
    named: Counter[str] = Counter()
    neighbors: dict[str, set[str]] = defaultdict(set)
    anchored = {match[1] for match in _BOUND.finditer(sql)} | {match[1] for match in _TUPLE.finditer(sql)}
    for match in (*_BOUND.finditer(sql), *_TUPLE.finditer(sql)):
        named[match[1]] += 1
    for match in _EQUAL.finditer(sql):
        if "organization_id" in match[0]:
            for one, other in ((match[1], match[2]), (match[2], match[1])):
                neighbors[one].add(other)
                named[one] += 1
                if other not in uses and other != "organizations":
                    anchored.add(one)  # a part (CTE, subquery) that is judged by what it reads itself
    if re.search(rf"\borganizations\.id\s*=\s*{_VALUE}", sql):
        anchored.add("organizations")
    reached = set(anchored)
    while more := {name for name in neighbors if name not in reached and neighbors[name] & reached}:
        reached |= more
    return missing + [alias for alias in uses if alias not in reached or named[alias] < uses[alias]]


def _uses(sql: str) -> Iterator[str]:
    for found in _LIST.findall(sql):
        for part in found.split(","):
            match = _ONE.match(part.strip())
            if match and match[1] in TENANT_TABLES:
                yield _alias(match)
    for match in _JOIN.finditer(sql):
        if match[1] in TENANT_TABLES:
            yield _alias(match)


def _alias(match: re.Match[str]) -> str:
    return match[2] if match[2] and match[2] not in _KEYWORDS else match[1]


def is_allowed(sql: str) -> bool:
    """Whether somebody said why this statement looks across hotels."""
    return any(re.search(across.pattern, sql) for across in ACROSS)


@dataclass
class Watch:
    """Listens from `start` to `stop`; `found` holds what nobody allowed, with where it came from."""

    found: list[str] = field(default_factory=list)
    _fine: set[str] = field(default_factory=set)

    def start(self, patch: pytest.MonkeyPatch) -> None:
        """Hear every statement of every engine."""
        event.listen(Engine, "before_cursor_execute", self._hear)

    def stop(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._hear)

    def take(self) -> list[str]:
        """What was found since the last time."""
        taken, self.found = self.found, []
        return taken

    def judge(self, sql: str) -> None:
        """Remember the statement as fine, or say whose it is."""
        if sql in self._fine:
            return
        tables = unscoped(sql)
        if not tables or is_allowed(sql):
            self._fine.add(sql)
            return
        where = _program_line()
        if where is not None:
            self.found.append(f"{where} reads or writes {', '.join(tables)} of every hotel: {sql}")

    def _hear(self, _conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.judge(statement)


def _program_line() -> str | None:
    """The line of the program that sent the statement, None when a test or a migration did."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if "/topline/core/migrations/" in path:
            return None
        if "/topline/" in path and "/topline/core/" not in path:
            return f"{path.rpartition('/src/')[2]}:{frame.f_lineno}"
        if "/tests/" in path and "/tests/support/scope" not in path:
            return None
        frame = frame.f_back
    return None
