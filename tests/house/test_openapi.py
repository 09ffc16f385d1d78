"""The API's own description: complete, and never taken back unnoticed."""

import copy
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.house.openapi import Json, breaks, operations, present, promised
from tests.house.route_table import allowed, declared
from topline.web.examples import BY_NAME, has_example


@pytest.fixture(scope="module")
def document() -> Json:
    return present()


@pytest.fixture(scope="module")
def found(document: Json) -> dict[str, Json]:
    return operations(document)


def test_nothing_that_was_promised_is_taken_back(document: Json) -> None:
    assert breaks(promised(), document) == []


def test_what_is_promised_is_what_there_is(document: Json) -> None:
    """After a change: `python -m tests.house.openapi`, and read the difference."""
    assert promised() == document


def test_every_operation_says_what_it_does(found: dict[str, Json]) -> None:
    assert len(found) > 80
    for name, operation in found.items():
        assert operation.get("summary"), name
        assert len(operation.get("description", "").split()) >= 3, f"{name} has no description"
        assert [tag for tag in operation.get("tags", []) if tag], name
        assert len(operation["summary"]) <= 60, f"{name}: a summary is short"


def test_every_operation_has_a_stable_id_of_its_own(found: dict[str, Json]) -> None:
    ids = Counter(operation["operationId"] for operation in found.values())
    assert {name: count for name, count in ids.items() if count > 1} == {}
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)] == []


def test_every_operation_documents_its_refusals(found: dict[str, Json]) -> None:
    for name, operation in found.items():
        statuses = set(operation["responses"])
        assert {"400", "429", "500"} <= statuses, name
        assert any(status.startswith("2") for status in statuses), name
        if "{" in name:
            assert "404" in statuses, name
        for status, answer in operation["responses"].items():
            assert answer["description"], f"{name}: {status}"
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], f"{name}: {status}"
                assert re.match(r"`[a-z_]+`", answer["description"]), f"{name}: {status} names no code"


def test_every_operation_says_which_credential_opens_it(document: Json, found: dict[str, Json]) -> None:
    """Those of the actors whom the table of routes lets in, and no other."""
    bearers = {"session": ("owner", "staff"), "key": ("key",), "tablet": ("tablet",), "display": ("display",)}
    assert set(document["components"]["securitySchemes"]) == set(bearers)
    needs, may = declared(), allowed()
    for name, operation in found.items():
        said = {scheme for option in operation["security"] for scheme in option}
        expected = {
            scheme for scheme, actors in bearers.items() if any(needs[name] in may[actor] for actor in actors)
        }
        # A key may be the owner's, who may more than the manager whose key stands in the table.
        expected |= {"key"} if "session" in expected and needs[name] != "keys:own" else set()
        assert said == expected, name


def test_an_input_says_that_it_takes_no_other_field(document: Json, found: dict[str, Json]) -> None:
    for name, operation in found.items():
        shape = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        for option in (shape or {}).get("oneOf", [shape] if shape else []):
            if "$ref" in option:
                kind = document["components"]["schemas"][option["$ref"].rsplit("/", 1)[1]]
                assert kind["additionalProperties"] is False, name


def test_what_may_be_left_out_and_what_is_empty_is_said(found: dict[str, Json]) -> None:
    optional = {
        name
        for name, operation in found.items()
        if not operation.get("requestBody", {}).get("required", True)
    }
    assert "POST /api/auth/logout" in optional
    assert "POST /api/behaviors" not in optional
    assert [name for name, one in found.items() if "content" in one["responses"].get("204", {})] == []


def test_every_field_shows_what_it_looks_like(document: Json) -> None:
    """In its own `Meta(examples=…)`, or by its name in `web/examples.py`."""
    silent = [
        f"{shape}.{name}"
        for shape, kind in document["components"]["schemas"].items()
        for name, field in kind.get("properties", {}).items()
        if not has_example(field)
    ]
    assert silent == []


def test_every_example_by_name_is_used(document: Json) -> None:
    names = {
        name for kind in document["components"]["schemas"].values() for name in kind.get("properties", {})
    }
    assert sorted(set(BY_NAME) - names) == []


def test_every_parameter_is_described_or_speaks_for_itself(found: dict[str, Json]) -> None:
    """Ids and dates speak for themselves; a word or a number does not."""
    silent = [
        f"{name}: {parameter['name']}"
        for name, operation in found.items()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description") and not _speaks(parameter["schema"])
    ]
    assert silent == []


def _speaks(shape: Json) -> bool:
    options = [shape, *shape.get("oneOf", ()), *shape.get("anyOf", ())]
    return any(
        option.get("format") in ("uuid", "date", "date-time")
        or option.get("type") == "boolean"
        or option.get("enum")
        or option.get("examples")
        for option in options
    )


def _shape(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


A_WORD: Json = {"type": "string", "enum": ["a", "b"]}
SAMPLE: Json = {
    "paths": {
        "/api/things": {
            "post": {
                "operationId": "things_create",
                "parameters": [{"in": "query", "name": "kind", "schema": {"type": "string"}}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}}
                },
            }
        }
    },
    "components": {
        "schemas": {
            "In": {**_shape(name={"type": "string"}, word=A_WORD), "required": ["name"]},
            "Out": _shape(
                id={"type": "string"}, parts={"type": "array", "items": _shape(size={"type": "integer"})}
            ),
        }
    },
}


def _operation(document: Json) -> Json:
    found: Json = document["paths"]["/api/things"]["post"]
    return found


def _shapes(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


BREAKING: list[tuple[str, Callable[[Json], Any]]] = [
    ("POST /api/things is gone", lambda d: d["paths"].clear()),
    ("its id things_create is now x", lambda d: _operation(d).update(operationId="x")),
    ("parameter kind is gone", lambda d: _operation(d)["parameters"].clear()),
    (
        "parameter more must be given now",
        lambda d: _operation(d)["parameters"].append(
            {"in": "query", "name": "more", "required": True, "schema": {}}
        ),
    ),
    ("it no longer answers 201", lambda d: _operation(d)["responses"].clear()),
    ("body.word is no longer taken", lambda d: _shapes(d, "In")["properties"].pop("word")),
    ("body.word must be given now", lambda d: _shapes(d, "In")["required"].append("word")),
    ("body.word takes fewer words", lambda d: _shapes(d, "In")["properties"]["word"]["enum"].pop()),
    (
        "body.name no longer takes string",
        lambda d: _shapes(d, "In")["properties"].update(name={"type": "integer"}),
    ),
    ("answer.id is gone", lambda d: _shapes(d, "Out")["properties"].pop("id")),
    ("answer.id may be left out now", lambda d: _shapes(d, "Out")["required"].remove("id")),
    (
        "answer.id may now be null",
        lambda d: _shapes(d, "Out")["properties"].update(
            id={"oneOf": [{"type": "string"}, {"type": "null"}]}
        ),
    ),
    (
        "answer.parts.size is gone",
        lambda d: _shapes(d, "Out")["properties"]["parts"]["items"]["properties"].pop("size"),
    ),
]

HARMLESS: list[Callable[[Json], Any]] = [
    lambda d: d["paths"].update({"/api/more": {"get": {"operationId": "more", "responses": {}}}}),
    lambda d: _operation(d)["parameters"].append({"in": "query", "name": "more", "schema": {}}),
    lambda d: _operation(d)["responses"].update({"409": {}}),
    lambda d: _shapes(d, "In")["properties"].update(more={"type": "string"}),
    lambda d: _shapes(d, "In")["properties"]["word"]["enum"].append("c"),
    lambda d: _shapes(d, "In")["properties"].update(name={"oneOf": [{"type": "string"}, {"type": "null"}]}),
    lambda d: _shapes(d, "In")["required"].clear(),
    lambda d: _shapes(d, "Out")["properties"].update(more={"type": "string"}),
    lambda d: _shapes(d, "Out").update(description="Other words"),
]


@pytest.mark.parametrize(("what", "change"), BREAKING, ids=[what for what, _ in BREAKING])
def test_a_change_that_breaks_is_found(what: str, change: Callable[[Json], Any]) -> None:
    after = copy.deepcopy(SAMPLE)
    change(after)
    (found,) = breaks(SAMPLE, after)
    assert found.endswith(what)


@pytest.mark.parametrize("change", HARMLESS, ids=range(len(HARMLESS)))
def test_a_change_that_only_adds_passes(change: Callable[[Json], Any]) -> None:
    after = copy.deepcopy(SAMPLE)
    change(after)
    assert after != SAMPLE
    assert breaks(SAMPLE, after) == []
