"""The parts of every page keep their promises: contrast, themes, icons, words, vendored files."""

import hashlib
import re
from pathlib import Path
from typing import Final

import pytest

from topline.web.words import KIT

WEB: Final = Path(__file__).parents[2] / "src" / "topline" / "web"
TOPLINE: Final = WEB.parent
TOKENS: Final = (WEB / "static/css/tokens.css").read_text()
TEMPLATES: Final = sorted(TOPLINE.rglob("templates/**/*.html"))
SHEETS: Final = sorted((WEB / "static").rglob("*.css"))
OUR_SHEETS: Final = [sheet for sheet in SHEETS if "vendor" not in sheet.parts]


def _tokens(selector: str) -> dict[str, str]:
    """The custom properties of the first block of a selector."""
    block = TOKENS[TOKENS.index(selector) :]
    body = block[block.index("{") + 1 : block.index("}")]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


THEMES: Final = {"light": _tokens('[data-theme="light"]'), "dark": _tokens('[data-theme="dark"]')}
SHARED: Final = _tokens(":root {")

WORDS_ON_GROUNDS: Final = [
    *[
        (text, ground)
        for text in ("text", "muted", "accent")
        for ground in ("bg", "surface", "raised", "selected")
    ],
    *[(tone, f"{tone}-{part}") for tone in ("winning", "neutral", "losing") for part in ("ground", "line")],
    ("celebrating", "celebrating-ground"),
    ("bar-text", "bar"),
    ("bar-muted", "bar"),
    ("bar-text", "bar-raised"),
    *[("on-fill", f"accent-fill{state}") for state in ("", "-hover", "-pressed")],
    ("on-fill", "danger-fill"),
    ("on-fill", "success-fill"),
    *[("on-fill", f"avatar-{n}") for n in range(6)],
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), WORDS_ON_GROUNDS)
def test_words_stand_out_from_their_ground(theme: str, text: str, ground: str) -> None:
    colors = SHARED | THEMES[theme]
    assert _contrast(colors[f"--{text}"], colors[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["bg", "surface"])
def test_edges_of_inputs_can_be_seen(theme: str, ground: str) -> None:
    assert _contrast(THEMES[theme]["--line-strong"], THEMES[theme][f"--{ground}"]) >= 3


def test_dark_by_choice_and_dark_by_the_system_are_the_same() -> None:
    assert _tokens('[data-theme="auto"]') == THEMES["dark"]


def test_both_themes_name_the_same_tokens() -> None:
    assert set(THEMES["light"]) - set(THEMES["dark"]) == set()


def test_every_token_used_is_defined() -> None:
    defined = {name for sheet in OUR_SHEETS for name in re.findall(r"(--[\w-]+):", sheet.read_text())}
    defined |= {
        name
        for script in (WEB / "static").rglob("*.js")
        for name in re.findall(r'"(--[\w-]+)"', script.read_text())
    }
    for sheet in OUR_SHEETS:
        used = set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text()))
        assert used <= defined, f"{sheet.name}: {used - defined}"


def test_every_icon_named_in_a_template_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/icons.svg").read_text()))
    for template in TEMPLATES:
        named = set(re.findall(r'icon\("([\w-]+)"', template.read_text()))
        assert named <= drawn, f"{template.name}: {named - drawn}"


def test_components_use_words_of_the_kit_and_the_kit_has_no_idle_ones() -> None:
    used = {key for t in TEMPLATES for key in re.findall(r"""\bt\(["'](ui\.\w+)["']\)""", t.read_text())}
    assert used == set(KIT)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_carry_no_inline_style_or_script(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    assert not re.search(r"""\s(style|on[a-z]+|hx-on[\w:-]*)\s*=\s*["']""", text)
    assert not re.search(r"<style\b", text)
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert all("src=" in attributes or 'type="application/json"' in attributes for attributes in scripts)


def test_vendored_files_are_the_ones_listed() -> None:
    folder = WEB / "static/vendor"
    listed = dict(re.findall(r"\| `([^`]+)` .*\| `([0-9a-f]{64})` \|", (folder / "VENDORED.md").read_text()))
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"LICENSE.txt", "VENDORED.md"}
    }
    assert listed == found


def test_nothing_is_loaded_from_elsewhere() -> None:
    for sheet in OUR_SHEETS:
        assert not re.search(r"url\([\"']?(https?:)?//|@import", sheet.read_text()), sheet.name
