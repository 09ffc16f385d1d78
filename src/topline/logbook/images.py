"""Photos from people: recognized by their content, drawn anew, and nothing else of the file kept.

Drawing anew is what makes a photo harmless: location data, thumbnails, color profiles, comments and whatever was
appended to the file are not carried over.
"""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from topline.core.errors import Problem

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 2000
CONTENT_TYPE: Final = "image/jpeg"
_QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


def cleaned_photo(content: bytes) -> bytes:
    """The photo as a JPEG of at most 2000 pixels a side, upright, without metadata.

    Raises `too_large` for more than 10 MB or 50 million pixels, `unsupported_media` for what is no JPEG, PNG or
    WebP, and 400 for a damaged one.
    """
    if len(content) > MAX_BYTES:
        raise Problem("too_large", "A photo may have at most 10 MB.")
    if not _looks_right(content):
        raise Problem("unsupported_media", "Please send a JPEG, PNG or WebP photo.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn_anew(content)
    except Problem:
        raise
    except Image.DecompressionBombError as error:
        raise Problem("too_large", "This photo has too many pixels.") from error
    except Exception as error:  # damaged files make decoders raise nearly anything
        raise Problem("unsupported_media", "This photo is damaged and cannot be read.") from error


def _looks_right(content: bytes) -> bool:
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _drawn_anew(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        # The size stands in the header: a bomb is refused before a pixel of it is unpacked.
        if image.width * image.height > MAX_PIXELS:
            raise Problem("too_large", "This photo has too many pixels.")
        image.verify()
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            with_alpha = upright.convert("RGBA")
            upright = Image.new("RGB", with_alpha.size, "white")
            upright.paste(with_alpha, mask=with_alpha)
        plain = upright.convert("RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        # A fresh image: `save` would otherwise carry over what the first one had in its `info`.
        bare = Image.frombytes("RGB", plain.size, plain.tobytes())
        bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
