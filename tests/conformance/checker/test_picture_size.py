"""Reading the size of a picture, of each format in which servers send covers."""

from io import BytesIO

import pytest
from PIL import Image

from hydrophone_subsonic.conformance.picture_size import picture_size


def picture(form: str, **options: bool) -> bytes:
    file = BytesIO()
    Image.new("RGB", (301, 207), "teal").save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture("PNG"), id="png"),
        pytest.param(picture("GIF"), id="gif"),
        pytest.param(picture("JPEG"), id="jpeg"),
        pytest.param(picture("JPEG", progressive=True), id="progressive-jpeg"),
        pytest.param(picture("WEBP"), id="lossy-webp"),
        pytest.param(picture("WEBP", lossless=True), id="lossless-webp"),
    ],
)
def test_width_and_height_are_read(content: bytes) -> None:
    assert picture_size(content) == (301, 207)


def test_an_extended_webp_tells_them_first() -> None:
    file = BytesIO()
    Image.new("RGBA", (301, 207), (1, 2, 3, 4)).save(file, "WEBP")
    assert file.getvalue()[12:16] == b"VP8X"
    assert picture_size(file.getvalue()) == (301, 207)


def test_what_is_no_picture_has_no_size() -> None:
    assert picture_size(b"") is None
    assert picture_size(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
    assert picture_size(picture("JPEG")[:40]) is None
    assert picture_size(b"\xff\xd8" + bytes(40)) is None
