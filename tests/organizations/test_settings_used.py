"""No setting is for show: each one a hotel can set is read by the program."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from tests.support.databases import ROOT
from topline.organizations.settings import OrganizationSettings


def names(kind: type[msgspec.Struct] = OrganizationSettings) -> Iterator[str]:
    """Every setting that is a value, not a group of them."""
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from names(field.type)
        else:
            yield field.name


@pytest.mark.parametrize("name", sorted(names()))
def test_a_setting_decides_something(name: str) -> None:
    source = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "src" / "topline").rglob("*.py")
        if path.parent.name not in ("organizations", "demo", "load")
    )
    assert re.search(rf"\.{name}\b", source)
