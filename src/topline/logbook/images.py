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
#: PNG and WebP are unpacked whole, at up to twenty bytes a pixel for a moment; a large JPEG is read at a fraction.
MAX_PIXELS_UNPACKED: Final = 16_000_000
LONGEST_SIDE: Final = 2000
CONTENT_TYPE: Final = "image/jpeg"
_QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


def cleaned_photo(content: bytes) -> bytes:
    """The photo as a JPEG of at most 2000 pixels a side, upright, without metadata.

    Raises `too_large` for more than 10 MB or 50 million pixels (PNG and WebP 16 million), `unsupported_media` for
    what is no JPEG, PNG or WebP, and for a damaged one.
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
        most = MAX_PIXELS if image.format == "JPEG" else MAX_PIXELS_UNPACKED
        if image.width * image.height > most:
            raise Problem("too_large", "This photo has too many pixels.")
        image.verify()
    with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        # Small first: turning, laying on white and converting would each hold another whole picture.
        small = image if _is_smooth(image) else image.convert("RGBA" if _has_alpha(image) else "RGB")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        plain = ImageOps.exif_transpose(small)
        if _has_alpha(plain):
            with_alpha = plain.convert("RGBA")
            plain = Image.new("RGB", with_alpha.size, "white")
            plain.paste(with_alpha, mask=with_alpha)
        plain = plain.convert("RGB")
        out = io.BytesIO()
        # A fresh image: `save` would otherwise carry over what the first one had in its `info`.
        bare = Image.frombytes("RGB", plain.size, plain.tobytes())
        bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _is_smooth(image: Image.Image) -> bool:
    """Whether it can be made smaller as it is; palettes, odd depths and a single transparent color cannot."""
    return image.mode in ("RGB", "RGBA", "L", "CMYK") and "transparency" not in image.info


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
