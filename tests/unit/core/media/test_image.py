import struct
import warnings
import zlib
from io import BytesIO
from itertools import product

import pytest
from PIL import ExifTags, Image, ImageDraw

from hydrophone.errors import MediaError
from hydrophone.media.picture import Picture, ThumbnailRequest
from hydrophone.media.rendering import render

RED, BLUE = (200, 20, 20), (20, 20, 200)


def red_above_blue(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), BLUE)
    return image


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    output = BytesIO()
    image.save(output, file_format, **options)
    return output.getvalue()


def opened(picture: Picture) -> Image.Image:
    image = Image.open(BytesIO(picture.data))
    assert f"image/{str(image.format).lower()}" == picture.content_type
    return image.convert("RGB")


def is_like(image: Image.Image, place: tuple[float, float], colour: tuple[int, int, int]) -> bool:
    pixel = image.getpixel((int(place[0] * image.width), int(place[1] * image.height)))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("file_format", "mode"),
    [
        *product(["JPEG", "PNG", "WEBP", "GIF", "BMP"], ["RGB", "L"]),
        *product(["PNG", "GIF", "BMP"], ["P"]),
    ],
)
def test_each_format_is_scaled_to_the_bound(file_format: str, mode: str) -> None:
    data = encoded(red_above_blue(400, 300).convert(mode), file_format)

    image = opened(render(ThumbnailRequest(data=data, size=100)))

    assert image.size == (100, 75)
    if mode != "L":
        assert is_like(image, (0.5, 0.2), RED)
        assert is_like(image, (0.5, 0.8), BLUE)


@pytest.mark.parametrize("mode", ["CMYK", "1", "I;16", "LA", "RGBA"])
def test_rare_modes_are_understood(mode: str) -> None:
    white = Image.new("L", (64, 64), 255)
    image = Image.new("I;16", (64, 64), 65535) if mode == "I;16" else white.convert(mode)
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")

    assert is_like(
        opened(render(ThumbnailRequest(data=data, size=32))), (0.5, 0.5), (255, 255, 255)
    )


def test_transparency_becomes_white() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 32, 64, 64), (*BLUE, 255))

    for file_format in ("PNG", "WEBP", "GIF"):
        small = opened(render(ThumbnailRequest(data=encoded(image, file_format), size=32)))
        assert is_like(small, (0.5, 0.2), (255, 255, 255))
        assert is_like(small, (0.5, 0.8), BLUE)


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [
        (1, (0.5, 0.1)),
        (2, (0.5, 0.1)),
        (3, (0.5, 0.9)),
        (4, (0.5, 0.9)),
        (5, (0.1, 0.5)),
        (6, (0.9, 0.5)),
        (7, (0.9, 0.5)),
        (8, (0.1, 0.5)),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_photographs_stand_upright(
    file_format: str, orientation: int, red_at: tuple[float, float]
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = encoded(red_above_blue(400, 200), file_format, exif=exif)

    image = opened(render(ThumbnailRequest(data=data, size=100)))

    assert image.size == ((100, 50) if orientation < 5 else (50, 100))
    assert is_like(image, red_at, RED)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [0, 400, 5000])
def test_what_fits_is_left_untouched(file_format: str, size: int) -> None:
    data = encoded(red_above_blue(400, 300), file_format)

    picture = render(ThumbnailRequest(data=data, size=size))

    assert picture == Picture(data=data, content_type=f"image/{file_format.lower()}")


def test_what_clients_do_not_show_is_converted() -> None:
    data = encoded(red_above_blue(400, 300), "BMP")

    picture = render(ThumbnailRequest(data=data))

    assert picture.content_type == "image/jpeg"
    assert opened(picture).size == (400, 300)


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (64, 64), RED), Image.new("RGB", (64, 64), BLUE)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert is_like(opened(render(ThumbnailRequest(data=data, size=32))), (0.5, 0.5), RED)


def test_wide_colours_keep_their_profile() -> None:
    data = encoded(red_above_blue(400, 300), "JPEG", icc_profile=b"a profile")

    picture = render(ThumbnailRequest(data=data, size=100))

    assert Image.open(BytesIO(picture.data)).info["icc_profile"] == b"a profile"


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6400, 11_000, 60_000])
@pytest.mark.parametrize("size", [0, 100])
def test_bombs_are_refused_before_decoding(side: int, size: int) -> None:
    with pytest.raises(MediaError, match=r"too large|exceeds limit"):
        render(ThumbnailRequest(data=png_that_claims(side, side), size=size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        encoded(red_above_blue(400, 300), "TIFF"),
        encoded(red_above_blue(400, 300), "PNG")[:300],
        encoded(red_above_blue(400, 300), "JPEG")[:1500],
    ],
)
def test_what_is_no_sound_picture_is_an_error(data: bytes) -> None:
    with pytest.raises(MediaError):
        render(ThumbnailRequest(data=data, size=100))


@pytest.mark.parametrize(
    "exif",
    [
        b"M\0\0*\0\0\0\x08",
        b"MM\0*",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\xff\0\0\0\x99",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x06\0\0\0\x1a\0\0\0\0hello\0",
    ],
)
def test_broken_exif_does_not_lose_the_picture(exif: bytes) -> None:
    data = encoded(red_above_blue(400, 300), "JPEG", exif=b"Exif\0\0" + exif)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened(render(ThumbnailRequest(data=data, size=100))).size == (100, 75)


def test_four_pictures_make_a_mosaic() -> None:
    wide = encoded(Image.new("RGB", (90, 30), RED), "JPEG")
    tall = encoded(Image.new("RGBA", (30, 90), (*BLUE, 255)), "PNG")
    mosaic = opened(render(ThumbnailRequest(data=wide, beside=(tall, tall, wide), size=101)))
    assert mosaic.size == (101, 101)
    for place, colour in (((0.2, 0.2), RED), ((0.8, 0.2), BLUE), ((0.2, 0.8), BLUE)):
        assert is_like(mosaic, place, colour)
    assert is_like(mosaic, (0.99, 0.99), RED)


def test_mosaic_without_a_size_has_one_all_the_same() -> None:
    red = encoded(Image.new("RGB", (9, 9), RED), "JPEG")
    assert opened(render(ThumbnailRequest(data=red, beside=(red, red, red)))).size == (600, 600)


def test_mosaic_with_a_broken_quarter_is_an_error() -> None:
    red = encoded(Image.new("RGB", (9, 9), RED), "JPEG")
    with pytest.raises(MediaError):
        render(ThumbnailRequest(data=red, beside=(red, b"no picture", red), size=100))
