"""Any text file, the locks and the links of the documentation, checked; every rule is first shown samples."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.repo import ROOT, Finding, files, name_of, under
from tests.house.text_rules import (
    FOLDERS,
    HOSTS,
    file_is_short,
    pins,
    requirements_are_locked,
    text_names_no_machine,
)

LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "secrets", "dev")]
A_HASH = "    --hash=sha256:" + "0" * 64


def _check(rule: Callable[[str, str], Iterator[Finding]], paths: list[Path]) -> list[str]:
    return [str(found) for path in paths for found in rule(name_of(path), path.read_text(encoding="utf-8"))]


def test_no_file_is_long() -> None:
    code = under("src", ".py", ".js", ".css", ".html") + under("tests", ".py") + under("bench", ".py")
    assert len(code) > 20
    assert _check(file_is_short, code) == []


@pytest.mark.parametrize(("lines", "found"), [(0, 0), (300, 0), (301, 1)])
def test_the_length_rule_counts_lines(lines: int, found: int) -> None:
    assert len(list(file_is_short("a.py", "x\n" * lines))) == found


def test_no_text_names_a_registry_or_a_machine() -> None:
    assert _check(text_names_no_machine, [path for path in files() if b"\0" not in path.read_bytes()]) == []


@pytest.mark.parametrize("trace", [*HOSTS, *FOLDERS])
def test_a_trace_is_found(trace: str) -> None:
    assert [found.what for found in text_names_no_machine("a.md", f"see {trace}name")] == [trace]


@pytest.mark.parametrize(
    "text", ["a network/path", "src/topline/web/", "team" + FOLDERS[0], "https://topline.example/"]
)
def test_a_harmless_text_passes(text: str) -> None:
    assert list(text_names_no_machine("a.md", text)) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.stem))
def test_requirements_are_locked_with_hashes(lock: Path) -> None:
    assert len(pins(lock.read_text(encoding="utf-8"))) > 20
    assert _check(requirements_are_locked, [lock]) == []


@pytest.mark.parametrize(
    "text",
    [
        "click>=8 \\\n" + A_HASH,
        "click==8.0\n",
        "click==8.0 \\\n",
        "click==8.0 \\\nflask==1 \\\n" + A_HASH,
        "--index-url https://example.org/simple\n",
        "-e .\n",
        "click @ file:///somewhere \\\n" + A_HASH,
    ],
)
def test_a_loose_lock_is_found(text: str) -> None:
    assert list(requirements_are_locked("a.txt", text)) != []


def test_a_tight_lock_passes() -> None:
    text = f"# note\nredis[hiredis]==6.4.0 ; python_version < '3.13' \\\n{A_HASH} \\\n{A_HASH}\n    # via topline\n"
    assert list(requirements_are_locked("a.txt", text)) == []
    assert pins(text) == {"redis": "6.4.0 ; python_version < '3.13'"}


def test_development_uses_the_very_versions_that_run() -> None:
    *used, development = (pins(lock.read_text(encoding="utf-8")) for lock in LOCKS)
    for runtime in used:
        assert {name: development.get(name) for name in runtime} == runtime


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    for lock, wanted in [
        (LOCKS[0], project["project"]["dependencies"]),
        (LOCKS[1], [name for extra in extras.values() for name in extra]),
        (LOCKS[2], project["dependency-groups"]["dev"]),
    ]:
        names = {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in wanted}
        assert names - set(pins(lock.read_text(encoding="utf-8"))) == set()
