"""Photos: recognized by content, drawn anew, shown to those who may see them."""

import io
import struct
import zlib
from typing import Any

import pytest
from litestar.testing import TestClient
from PIL import Image

from tests.logbook.make import decided, logged, photo, stored_logs, trail
from tests.support.hotel import Hotel, headers
from topline.core.errors import Problem
from topline.core.settings import Settings
from topline.core.transaction import Database
from topline.logbook.images import LONGEST_SIDE, MAX_BYTES, cleaned_photo
from topline.web.doorway import Doorway

Client = TestClient[Doorway]
PAYLOAD = b"<script>alert(1)</script>"


def seen(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header promises many pixels in a few bytes: a decompression bomb."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_plain_jpeg(kind: str) -> None:
    image = seen(cleaned_photo(photo(kind)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    left, right = image.getpixel((5, 20)), image.getpixel((60, 20))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_large_photo_shrinks_and_a_transparent_one_lies_on_white() -> None:
    image = seen(cleaned_photo(photo("JPEG", (3000, 1500))))
    assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert seen(cleaned_photo(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_it_stands_upright_and_says_nothing_about_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"
    cleaned = cleaned_photo(photo("JPEG", exif=exif.tobytes(), comment=PAYLOAD))
    image = seen(cleaned)
    assert image.size == (48, 64)
    top = image.getpixel((20, 5))
    assert isinstance(top, tuple)
    assert top[0] > 200
    assert not image.getexif()
    assert b"Secret" not in cleaned
    assert PAYLOAD not in cleaned
    assert "icc_profile" not in image.info


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_every_way_to_hold_colors_is_read_and_made_small(mode: str) -> None:
    out = io.BytesIO()
    gray = Image.new("L", (2400, 1200), 200)
    image = Image.new(mode, gray.size, 51_200) if mode == "I;16" else gray.convert(mode)
    image.save(out, "JPEG" if mode == "CMYK" else "PNG")
    cleaned = seen(cleaned_photo(out.getvalue()))
    assert (cleaned.mode, cleaned.size) == ("RGB", (LONGEST_SIDE, LONGEST_SIDE // 2))


def test_what_is_appended_to_a_photo_is_not_kept() -> None:
    for polyglot in (photo("JPEG") + PAYLOAD, photo("PNG") + b"PK\x03\x04" + PAYLOAD):
        cleaned = cleaned_photo(polyglot)
        assert PAYLOAD not in cleaned
        assert b"PK\x03\x04" not in cleaned
        assert seen(cleaned).size == (64, 48)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unsupported_media"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unsupported_media"),
        (photo("GIF"), "unsupported_media"),
        (photo("BMP"), "unsupported_media"),
        (photo("TIFF"), "unsupported_media"),
        (b"%PDF-1.7 " + photo("JPEG"), "unsupported_media"),
        (b"\xff\xd8\xff" + PAYLOAD, "unsupported_media"),
        (b"\x89PNG\r\n\x1a\n" + PAYLOAD, "unsupported_media"),
        (b"RIFF\0\0\0\0WEBP" + PAYLOAD, "unsupported_media"),
        (photo("JPEG")[:-200], "unsupported_media"),
        (photo("PNG")[:60], "unsupported_media"),
        (photo("WEBP")[:-20], "unsupported_media"),
        (png_of_size(5_000, 5_000), "too_large"),
        (png_of_size(30_000, 30_000), "too_large"),
        (png_of_size(100_000, 100_000), "too_large"),
        (b"\xff\xd8\xff" + b"x" * MAX_BYTES, "too_large"),
    ],
    ids=range(16),
)
def test_what_is_no_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        cleaned_photo(content)
    assert refused.value.code == code


def put(client: Client, who: Any, log_id: Any, content: bytes, kind: str = "image/jpeg") -> Any:
    more = headers(who) | {"Content-Type": kind}
    return client.put(f"/api/behavior-logs/{log_id}/evidence", content=content, headers=more)


def test_a_photo_is_added_and_makes_the_log_worth_more(
    client: Client, database: Database, hotel: Hotel, settings: Settings
) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.clean)
    answer = put(client, hotel.sam, log_id, photo("PNG"), "image/png")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["log"]["has_evidence"], answer.json()["log"]["points"]) == (True, 15)
    assert trail(database, log_id) == [("evidence_added", "pending", "pending")]
    shown = client.get(f"/api/behavior-logs/{log_id}/evidence", headers=headers(hotel.sam))
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert seen(shown.content).format == "JPEG"
    (file,) = [path for path in (settings.data / "files").rglob("*") if path.is_file()]
    assert file.relative_to(settings.data / "files").parts[0] == hotel.organization_id.hex
    # Another one takes its place.
    again = put(client, hotel.sam, log_id, photo("JPEG", (10, 10)))
    assert again.status_code == 200
    shown = client.get(f"/api/behavior-logs/{log_id}/evidence", headers=headers(hotel.sam))
    assert seen(shown.content).size == (10, 10)


def test_who_may_add_and_who_may_see(
    client: Client, database: Database, hotel: Hotel, other_hotel: Hotel
) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.clean)
    for who, status in ((hotel.cleo, 404), (hotel.max, 403), (other_hotel.sam, 404), (hotel.tablet, 403)):
        assert put(client, who, log_id, photo()).status_code == status
    assert client.get(f"/api/behavior-logs/{log_id}/evidence", headers=headers(hotel.sam)).status_code == 404
    assert put(client, hotel.sam, log_id, photo()).status_code == 200
    for who, status in (
        (hotel.sam, 200),
        (hotel.max, 200),
        (hotel.cleo, 404),
        (other_hotel.olive, 404),
        (hotel.tablet, 403),
    ):
        shown = client.get(f"/api/behavior-logs/{log_id}/evidence", headers=headers(who))
        assert shown.status_code == status


def test_a_refused_photo_changes_nothing(client: Client, database: Database, hotel: Hotel) -> None:
    log_id = logged(database, hotel, hotel.sam, hotel.clean)
    for content, status in ((photo("GIF"), 415), (b"", 415), (b"x" * (MAX_BYTES + 10_000), 413)):
        assert put(client, hotel.sam, log_id, content).status_code == status
    decided(database, hotel, log_id, "verified")
    late = put(client, hotel.sam, log_id, photo())
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert stored_logs(database, hotel)[0].has_evidence is False
    assert trail(database, log_id) == []
