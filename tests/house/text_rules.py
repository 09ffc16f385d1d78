"""Rules about any text file: its length, what it betrays about a machine, and how dependencies are locked."""

import re
from collections.abc import Iterator

from tests.house.repo import Finding

LONGEST = 300
#: Spelled in pieces, so that this file does not break its own rule.
HOSTS = [
    ".".join(words)
    for words in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs", "cloudflare", "com"),
    ]
]
FOLDERS = ["/" + name + "/" for name in ("work", "root", "tmp")]
TRACE = re.compile(
    "|".join([*(re.escape(host) for host in HOSTS), *(rf"(?<![\w.}}-]){folder}" for folder in FOLDERS)])
)

PIN = re.compile(r"^[A-Za-z0-9._-]+(\[[A-Za-z0-9,._-]+\])?==[^\s;]+( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def file_is_short(path: str, text: str) -> Iterator[Finding]:
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    if lines > LONGEST:
        why = f"a file stays within {LONGEST} lines; a full file becomes a folder, one file per act"
        yield Finding("length", path, LONGEST + 1, f"{lines} lines", why)


def text_names_no_machine(path: str, text: str) -> Iterator[Finding]:
    """No package registry, no folder of somebody's machine: what is committed holds everywhere."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in TRACE.finditer(line):
            yield Finding("trace", path, number, match[0], "names a registry or a folder of one machine")


def requirements_are_locked(path: str, text: str) -> Iterator[Finding]:
    """Every line is an exact version, one of its hashes, or a comment; every version has a hash."""
    open_pin: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.lstrip().startswith("#"):
            continue
        if HASH.fullmatch(line):
            open_pin = None
            continue
        if open_pin is not None:
            yield Finding("lock", path, open_pin[0], open_pin[1], "has no hash")
        open_pin = (number, line) if PIN.fullmatch(line) else None
        if open_pin is None:
            yield Finding("lock", path, number, line, "is no exact version with hashes")
    if open_pin is not None:
        yield Finding("lock", path, open_pin[0], open_pin[1], "has no hash")


def pins(text: str) -> dict[str, str]:
    """Package name → the pinned version, with its platform condition."""
    found = (line.removesuffix(" \\").split("==", 1) for line in text.splitlines() if PIN.fullmatch(line))
    return {name.partition("[")[0].lower(): version for name, version in found}
