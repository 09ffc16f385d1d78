"""Small pictures of photos that were cleaned before they were kept."""

import io
from typing import Final

from PIL import Image

SIDE: Final = 176


def small(content: bytes) -> bytes:
    """A JPEG of at most 176 pixels a side."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        image.draft("RGB", (SIDE, SIDE))
        image.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=78)
        return out.getvalue()
