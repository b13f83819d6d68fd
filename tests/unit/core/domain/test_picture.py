"""Which pictures are shown, as it is seen from their first bytes."""

import random
import struct
from io import BytesIO

import pytest
from PIL import Image

from hydrophone.domain.picture import LARGEST_PICTURE, refusal

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def _picture(form: str, size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_are_shown(form: str) -> None:
    assert refusal(_picture(form)) == ""


def test_varieties_of_formats() -> None:
    assert refusal(_picture("WEBP", lossless=True)) == ""
    assert refusal(_picture("WEBP", exif=b"Exif\0\0" + bytes(100))) == ""
    assert refusal(_picture("JPEG", progressive=True)) == ""
    assert refusal(_picture("JPEG", exif=b"Exif\0\0" + bytes(60_000), comment=b"\xff\xc0")) == ""
    jpeg = _picture("JPEG")
    assert refusal(jpeg[:2] + b"\xff\xff\xff" + jpeg[2:]) == ""


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_sizes_are_those_that_a_decoder_sees(form: str) -> None:
    small = _picture(form, (201, 99))
    at, layout = {
        "JPEG": (small.find(b"\xff\xc0") + 5, ">HH"),
        "PNG": (16, ">II"),
        "WEBP": (26, "<HH"),
        "GIF": (6, "<HH"),
        "BMP": (18, "<ii"),
    }[form]
    assert sorted(struct.unpack_from(layout, small, at)) == [99, 201]
    data = bytearray(small)
    struct.pack_into(layout, data, at, 13_000, 13_000)
    assert refusal(bytes(data)) == "the picture of 13000 x 13000 pixels is too large"


def test_a_bitmap_may_begin_at_its_top() -> None:
    data = bytearray(_picture("BMP"))
    struct.pack_into("<ii", data, 18, 9_000, -9_000)
    assert refusal(bytes(data)) == "the picture of 9000 x 9000 pixels is too large"


@pytest.mark.parametrize("data", [b"", b"text", b"<svg/>", b"RIFF\0\0\0\0WAVEfmt ", bytes(100)])
def test_what_is_no_picture(data: bytes) -> None:
    assert refusal(data) == "the picture is none of a known format"


def test_what_is_too_large_to_be_read() -> None:
    assert refusal(bytes(LARGEST_PICTURE + 1)) == "the picture is larger than 32 MiB"


@pytest.mark.parametrize("form", FORMATS)
def test_cut_off_and_damaged_headers_have_a_reason(form: str) -> None:
    whole = _picture(form)
    cut = "the picture is cut off within its header, or damaged"
    for length in range(min(30, len(whole))):
        assert refusal(whole[:length]) in {"", cut, "the picture is none of a known format"}
    noise = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(5):
            data[noise.randrange(8, len(data))] = noise.randrange(256)
        refusal(bytes(data))


def test_rubbish_that_begins_as_a_jpeg_ends_soon() -> None:
    reason = "the picture is cut off within its header, or damaged"
    assert refusal(b"\xff\xd8\xff" + b"\xff\x00" * 1_000_000) == reason
    assert refusal(b"\xff\xd8\xff" + bytes(1_000_000)) == reason
