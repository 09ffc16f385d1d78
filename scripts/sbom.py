"""Writes the list of what a release is made of (CycloneDX 1.6, JSON): dist/sbom.json, or the path that is given.

    .venv/bin/python scripts/sbom.py [FILE]

Names, versions and checksums come from the lock, licences and who needs whom from what is installed in this
environment, and the browser's libraries, which no package tool knows, from web/static/vendor/VENDORED.md.
The same sources give the same file, byte for byte.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "secrets.txt"  # runtime and what the secret stores need
VENDOR = ROOT / "src" / "topline" / "web" / "static" / "vendor"
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<what>.+) \(from (?P<package>\S+)\) \| (?P<version>\S+) "
    r"\| (?P<licence>.+) \| `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)
LICENCES = {"SIL OFL 1.1": "OFL-1.1"}  # the rest of VENDORED.md speaks SPDX already
APPLICATION = "topline"

Json = dict[str, Any]


def main(arguments: list[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "dist" / "sbom.json"
    document = bill()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{len(document['components'])} components are listed in {target}")
    return 0


def bill() -> Json:
    """The whole document."""
    pyproject = ["--pyproject", str(ROOT / "pyproject.toml")]
    document = _cyclonedx("requirements", str(LOCK), *pyproject)
    installed = _cyclonedx("environment", sys.executable, *pyproject)
    root: Json = document["metadata"]["component"]
    root |= {"bom-ref": APPLICATION, "version": _version()}
    packages = [_package(one) for one in document["components"]]
    _add_licences(packages, installed)
    vendored = _vendored()
    document["components"] = sorted([*packages, *vendored], key=lambda one: one["bom-ref"])
    document["dependencies"] = _graph(document["components"], installed, vendored)
    return document


def _cyclonedx(*arguments: str) -> Json:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "bom.json"
        command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *arguments, "--output-reproducible"]
        command += ["--output-format", "JSON", "--spec-version", "1.6", "--output-file", str(target)]
        subprocess.run(command, check=True, cwd=ROOT)
        found: Json = json.loads(target.read_text(encoding="utf-8"))
    return found


def _version() -> str:
    text = (ROOT / "src" / "topline" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)[1]  # type: ignore[index]


def _package(component: Json) -> Json:
    """A pin of the lock, known by its purl. The lock's lines and the index they came from say nothing about it."""
    hashes = [found for reference in component["externalReferences"] for found in reference["hashes"]]
    kept = {key: component[key] for key in ("name", "version", "purl", "type")}
    files = [{"name": "accepted file", "value": f"sha256:{one['content']}"} for one in hashes]
    return kept | {"bom-ref": component["purl"], "properties": files}


def _add_licences(packages: list[Json], installed: Json) -> None:
    known = {one["purl"]: one for one in installed["components"] if "purl" in one}
    for package in packages:
        found = known.get(package["purl"], {})
        package.update({key: found[key] for key in ("licenses", "description") if key in found})


def _vendored() -> list[Json]:
    """The browser's libraries, one component a file, checked against their checksums."""
    found = []
    for row in ROW.finditer((VENDOR / "VENDORED.md").read_text(encoding="utf-8")):
        checksum = hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest()
        if checksum != row["sha256"]:
            raise SystemExit(f"{row['file']} is not the file that VENDORED.md lists")
        package, inside = row["package"].replace("@", "%40"), row["file"].partition("/")[2]
        found.append(
            {
                "bom-ref": f"vendored:{row['file']}",
                "type": "library",
                "name": row["file"],
                "description": row["what"],
                "version": row["version"],
                "purl": f"pkg:npm/{package}@{row['version']}#{inside}",
                "licenses": [{"license": {"id": LICENCES.get(row["licence"], row["licence"])}}],
                "hashes": [{"alg": "SHA-256", "content": checksum}],
            }
        )
    return found


def _graph(components: list[Json], installed: Json, vendored: list[Json]) -> list[Json]:
    """Who needs whom, as installed here; what this machine does not install needs nobody."""
    listed = {one["bom-ref"] for one in components}
    purls = {one["bom-ref"]: one.get("purl", "") for one in installed["components"]}
    root = installed["metadata"]["component"]["bom-ref"]
    needs = {ref: set() for ref in listed}
    for entry in installed["dependencies"]:
        ref = APPLICATION if entry["ref"] == root else purls.get(entry["ref"], "")
        wanted = {purls.get(other, "") for other in entry.get("dependsOn", ())} & listed
        if ref == APPLICATION or ref in listed:
            needs.setdefault(ref, set()).update(wanted)
    needs.setdefault(APPLICATION, set()).update(one["bom-ref"] for one in vendored)
    return [{"ref": ref, "dependsOn": sorted(others)} for ref, others in sorted(needs.items())]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
