"""The list of what a release is made of: valid, complete, and the same each time."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.repo import ROOT
from tests.house.text_rules import pins

VENDOR = ROOT / "src/topline/web/static/vendor"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    target: Path = tmp_path_factory.mktemp("sbom") / "dist" / "sbom.json"
    subprocess.run([sys.executable, str(ROOT / "scripts" / "sbom.py"), str(target)], check=True)
    return target.read_text()


@pytest.fixture(scope="module")
def components(text: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(text)["components"]
    return {f"{one['name']}=={one['version']}": one for one in found}


def test_it_is_valid_cyclonedx(text: str) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"library"', '"liberty"', 1)) is not None


def test_every_pin_of_the_lock_is_in_it(components: dict[str, Any]) -> None:
    for name, version in pins((ROOT / "requirements/secrets.txt").read_text()).items():
        version = version.partition(" ")[0]  # without the condition
        one = components[f"{name}=={version}"]
        assert one["purl"] == f"pkg:pypi/{name}@{version}"
        assert one["properties"], name


def test_every_vendored_file_is_in_it(components: dict[str, Any]) -> None:
    files = [
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in {"LICENSE.txt", "VENDORED.md"}
    ]
    listed = {one["name"]: one for one in components.values() if one["bom-ref"].startswith("vendored:")}
    assert sorted(listed) == sorted(files)
    for one in listed.values():
        assert one["purl"].startswith("pkg:npm/")
        assert one["licenses"][0]["license"]["id"] in {"MIT", "0BSD", "OFL-1.1", "Apache-2.0"}
        assert re.fullmatch(r"[0-9a-f]{64}", one["hashes"][0]["content"])


def test_licences_are_named(components: dict[str, Any]) -> None:
    """Known from what is installed; what only other machines install has none."""
    silent = [name for name, one in components.items() if not one.get("licenses")]
    assert len(silent) < len(components) / 10, silent


def test_it_says_who_needs_whom_and_betrays_no_machine(text: str) -> None:
    document = json.loads(text)
    needs = {entry["ref"]: entry["dependsOn"] for entry in document["dependencies"]}
    assert "vendored:htmx/htmx.min.js" in needs["topline"]
    assert any(ref.startswith("pkg:pypi/litestar@") for ref in needs["topline"])
    assert document["metadata"]["component"]["version"]
    assert str(ROOT) not in text
    assert sys.prefix not in text
