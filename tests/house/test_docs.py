"""What the hand-written pages promise exists: make targets, commands, settings, links, decisions."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.house.repo import ROOT, files, name_of
from topline.cli import cli
from topline.core.settings import PREFIX, Settings

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?:^|`|&& )make ([a-z.][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"\btopline((?: [a-z]+(?:-[a-z]+)*)+)")
SETTING = re.compile(rf"\b{PREFIX}([A-Z_]*[A-Z])\b")


def pages() -> list[Path]:
    """Every page of documentation, third-party files left out."""
    return [path for path in files() if path.suffix == ".md" and "vendor" not in path.parts]


def unknown_targets(text: str, makefile: str) -> list[str]:
    """The make targets that code in the text calls and the Makefile does not have."""
    known = {name for line in re.findall(r"^([a-z. -]+):", makefile, re.MULTILINE) for name in line.split()}
    return [name for code in CODE.findall(text) for name in MAKE.findall(code) if name not in known]


def unknown_commands(text: str) -> Iterator[str]:
    """The `topline …` calls in the text's code that the program would not understand."""
    for code in CODE.findall(text):
        for words in COMMAND.findall(code):
            group: click.Command = cli
            for word in words.split():
                if not isinstance(group, click.Group):
                    break
                child = group.get_command(click.Context(group), word)
                if child is None:
                    yield f"topline{words}"
                    break
                group = child


def unknown_settings(text: str) -> list[str]:
    names = (name.lower().removesuffix("_file") for name in SETTING.findall(text))
    return [name for name in names if name not in Settings.model_fields]


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = {name_of(page): unknown_targets(page.read_text(encoding="utf-8"), makefile) for page in pages()}
    assert {page: names for page, names in found.items() if names} == {}


def test_every_command_exists() -> None:
    found = {name_of(page): list(unknown_commands(page.read_text(encoding="utf-8"))) for page in pages()}
    assert {page: names for page, names in found.items() if names} == {}


def test_every_setting_exists() -> None:
    found = {name_of(page): unknown_settings(page.read_text(encoding="utf-8")) for page in pages()}
    assert {page: names for page, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [("`make test`", []), ("```sh\nmake fly\n```", ["fly"]), ("we make fly", []), ("`make .venv`", [])],
)
def test_a_missing_target_is_found(text: str, found: list[str]) -> None:
    assert unknown_targets(text, "test: dev ## Run\n.venv runtime:\n") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`topline serve`", []),
        ("`.venv/bin/topline migrate up`", []),
        ("`topline fly`", ["topline fly"]),
        ("`topline migrate sideways`", ["topline migrate sideways"]),
    ],
)
def test_a_missing_command_is_found(text: str, found: list[str]) -> None:
    assert list(unknown_commands(text)) == found


def test_a_missing_setting_is_found() -> None:
    assert unknown_settings("TOPLINE_PORT TOPLINE_PEPPER_FILE TOPLINE_WINGS") == ["wings"]


def test_every_link_leads_somewhere() -> None:
    assert len(pages()) > 10
    dead = [
        f"{name_of(page)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert len(records) > 5
    assert [name for name in records if f"]({name})" not in index] == []
    assert [name[:4] for name in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
