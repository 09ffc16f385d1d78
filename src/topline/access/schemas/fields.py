"""What the fields of this domain's JSON have in common."""

from typing import Annotated, Final
from uuid import UUID

import msgspec


def says(description: str, *examples: object) -> msgspec.Meta:
    """A description with its examples."""
    return msgspec.Meta(description=description, examples=list(examples) or None)


EXAMPLE_ID: Final = "01981f3a-7f7e-7a3c-9f60-0d6b8f0c5a11"
EXAMPLE_TIME: Final = "2026-03-04T10:00:00Z"

Id = Annotated[UUID, says("Id", EXAMPLE_ID)]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
