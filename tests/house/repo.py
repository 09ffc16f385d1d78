"""The files of the repository, and what a house rule says about one of them."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "topline"


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule. `what` is the offending thing itself, as the allow-list names it."""

    rule: str
    path: str
    line: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.why} [{self.rule}]"


@dataclass(frozen=True)
class Allowed:
    """An exception from a rule, with its reason. One that is no longer needed fails the house tests."""

    rule: str
    path: str
    what: str
    reason: str


PythonRule = Callable[[str, ast.Module], Iterator[Finding]]


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file() and not path.is_symlink()))


def under(folder: str, *endings: str) -> list[Path]:
    """The repository's files in a folder with one of these endings, third-party files left out."""
    start = ROOT / folder
    return [
        path
        for path in files()
        if path.is_relative_to(start) and path.name.endswith(endings or ("",)) and "vendor" not in path.parts
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def run(rule: PythonRule, paths: Iterable[Path]) -> list[Finding]:
    return [finding for path in paths for finding in rule(name_of(path), tree_of(path))]


def sample(rule: PythonRule, code: str, path: str = "src/topline/logbook/actions.py") -> list[str]:
    """What the rule objects to in a piece of code that stands, for the sample, at `path`."""
    return [finding.what for finding in rule(path, ast.parse(code))]


def unexpected(findings: Iterable[Finding], allowed: Iterable[Allowed]) -> list[str]:
    """The findings nobody allowed, ready to be shown."""
    granted = {(entry.rule, entry.path, entry.what) for entry in allowed}
    return [str(found) for found in findings if (found.rule, found.path, found.what) not in granted]


def unused(findings: Iterable[Finding], allowed: Iterable[Allowed]) -> list[Allowed]:
    """The exceptions that no finding needs any more."""
    needed = {(found.rule, found.path, found.what) for found in findings}
    return [entry for entry in allowed if (entry.rule, entry.path, entry.what) not in needed]
