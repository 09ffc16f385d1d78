"""The API as it was promised: `docs/reference/openapi.json`, and what a change would break for those who use it.

`python -m tests.house.openapi` writes the file anew; it refuses a change that breaks unless `--break` is said.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from topline.access.hashing import Hasher
from topline.core.settings import Settings
from topline.main import create_app
from topline.web.reference import schema_of

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PROMISED: Final = ROOT / "docs" / "reference" / "openapi.json"
METHODS: Final = ("get", "post", "put", "patch", "delete")

Json = dict[str, Any]


def present() -> Json:
    """The document of the program as it is, as plain JSON values."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), log_level="error"))
        app.litestar.state.services.db.close()
        app.litestar.state.services.get(Hasher).close()
        found: Json = json.loads(msgspec.json.encode(schema_of(app.litestar)))
    found["info"]["version"] = ""  # a release changes it and nothing else
    return found


def promised() -> Json:
    """The document as committed."""
    found: Json = json.loads(PROMISED.read_text(encoding="utf-8"))
    return found


def text_of(document: Json) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def operations(document: Json) -> dict[str, Json]:
    """`GET /api/users` → the operation."""
    return {
        f"{method.upper()} {path}": item[method]
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def breaks(old: Json, new: Json) -> list[str]:
    """What somebody who relied on `old` loses with `new`, in words."""
    found = []
    now = operations(new)
    for name, before in operations(old).items():
        if name not in now:
            found.append(f"{name} is gone")
        else:
            found += [f"{name}: {what}" for what in _operation(before, now[name], old, new)]
    return found


def _operation(old: Json, new: Json, before: Json, after: Json) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"its id {old.get('operationId')} is now {new.get('operationId')}"
    known = {(p["in"], p["name"]): p for p in old.get("parameters", [])}
    now = {(p["in"], p["name"]): p for p in new.get("parameters", [])}
    for key, parameter in known.items():
        if key not in now:
            yield f"parameter {key[1]} is gone"
        else:
            yield from _narrower(parameter["schema"], now[key]["schema"], before, after, key[1], set())
    for key, parameter in now.items():
        if parameter.get("required") and not known.get(key, {}).get("required"):
            yield f"parameter {key[1]} must be given now"
    old_body, new_body = _content(old.get("requestBody")), _content(new.get("requestBody"))
    if new_body and not old_body:
        yield "it wants a body now"
    elif new_body and old_body:
        yield from _narrower(old_body, new_body, before, after, "body", set())
    for status, answer in old["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in new["responses"]:
            yield f"it no longer answers {status}"
        else:
            shape = (_content(answer), _content(new["responses"][status]))
            if all(shape):
                yield from _wider(*shape, before, after, "answer", set())


def _content(part: Json | None) -> Json:
    for content in (part or {}).get("content", {}).values():
        found: Json = content.get("schema", {})
        return found
    return {}


def _resolved(shape: Json, document: Json) -> Json:
    while "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
    return shape


def _kinds(shape: Json, document: Json) -> set[str]:
    """The plain types a value may have."""
    shape = _resolved(shape, document)
    options = shape.get("oneOf") or shape.get("anyOf")
    if options:
        return set().union(*(_kinds(option, document) for option in options))
    kind = shape.get("type")
    kinds = set(kind) if isinstance(kind, list) else {str(kind)} if kind else set()
    return kinds | ({"number"} if "integer" in kinds else set())


def _objects(shape: Json, document: Json) -> Iterator[Json]:
    """The object shapes in a shape, also behind lists and alternatives."""
    shape = _resolved(shape, document)
    for option in shape.get("oneOf") or shape.get("anyOf") or ():
        yield from _objects(option, document)
    if "items" in shape:
        yield from _objects(shape["items"], document)
    if "properties" in shape:
        yield shape


def _pairs(old: Json, new: Json, before: Json, after: Json, seen: set[str]) -> Iterator[tuple[Json, Json]]:
    """The object shapes of both sides, those that stand in the same place together."""
    for one, other in zip(_objects(old, before), _objects(new, after), strict=False):
        key = f"{id(one)} {id(other)}"
        if key not in seen:
            seen.add(key)
            yield one, other


def _narrower(old: Json, new: Json, before: Json, after: Json, place: str, seen: set[str]) -> Iterator[str]:
    """What may be sent: everything that was taken must still be taken."""
    lost = _kinds(old, before) - _kinds(new, after)
    if lost and _kinds(new, after):
        yield f"{place} no longer takes {', '.join(sorted(lost))}"
    allowed, still = _resolved(old, before).get("enum"), _resolved(new, after).get("enum")
    if allowed is not None and still is not None and set(map(str, allowed)) - set(map(str, still)):
        yield f"{place} takes fewer words"
    for one, other in _pairs(old, new, before, after, seen):
        for name, kind in one["properties"].items():
            if name not in other["properties"]:
                yield f"{place}.{name} is no longer taken"
            else:
                yield from _narrower(kind, other["properties"][name], before, after, f"{place}.{name}", seen)
        for name in set(other.get("required", ())) - set(one.get("required", ())):
            yield f"{place}.{name} must be given now"


def _wider(old: Json, new: Json, before: Json, after: Json, place: str, seen: set[str]) -> Iterator[str]:
    """What is answered: nothing that was promised may go, and no type come that nobody expected."""
    surprising = _kinds(new, after) - _kinds(old, before)
    if surprising and _kinds(old, before):
        yield f"{place} may now be {', '.join(sorted(surprising))}"
    for one, other in _pairs(old, new, before, after, seen):
        for name, kind in one["properties"].items():
            if name not in other["properties"]:
                yield f"{place}.{name} is gone"
            elif name in one.get("required", ()) and name not in other.get("required", ()):
                yield f"{place}.{name} may be left out now"
            else:
                yield from _wider(kind, other["properties"][name], before, after, f"{place}.{name}", seen)


def main(arguments: list[str]) -> int:
    """Write the promise anew."""
    document = present()
    broken = breaks(promised(), document) if PROMISED.exists() else []
    if broken and "--break" not in arguments:
        print("This breaks what somebody may rely on; say --break if it must be:", *broken, sep="\n  ")
        return 1
    PROMISED.write_text(text_of(document), encoding="utf-8")
    print(f"wrote {PROMISED.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
