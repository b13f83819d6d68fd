from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from hydrophone.media.placeholder import draw_placeholder


def drawn(title: str, size: int = 120) -> Image.Image:
    picture = draw_placeholder(title, size)
    assert picture.content_type == "image/jpeg"
    return Image.open(BytesIO(picture.data)).convert("RGB")


def has_letters(image: Image.Image) -> bool:
    """Tell whether anything is pure white: letters are, rings are not."""
    darkest_channel = ImageChops.darker(
        ImageChops.darker(image.getchannel("R"), image.getchannel("G")), image.getchannel("B")
    )
    return max(darkest_channel.tobytes()) > 235


def test_the_same_title_gives_the_same_cover() -> None:
    assert draw_placeholder("Abbey Road", 120) == draw_placeholder("Abbey Road", 120)


def test_titles_differ_even_without_letters() -> None:
    covers = [drawn(title).tobytes() for title in ("Кино", "فيروز", "봄날", "東京事変", "∆")]

    assert all(one != other for one, other in combinations(covers, 2))


@pytest.mark.parametrize("title", ["Abbey Road", "1989", "!!!", "Björk", "Ágætis byrjun", "x"])
def test_latin_titles_have_letters(title: str) -> None:
    assert has_letters(drawn(title))


@pytest.mark.parametrize(
    "title",
    ["", " ", "Кино", "فيروز", "봄날", "東京事変", "Ænima", "∆", "ガ", "\x07", "\udcff", "🎵"],
)
def test_what_the_font_lacks_is_not_set(title: str) -> None:
    assert not has_letters(drawn(title))


@pytest.mark.parametrize(
    ("asked", "given"), [(-5, 1), (0, 1), (1, 1), (16, 16), (300, 300), (99999, 1200)]
)
def test_sizes_are_bounded(asked: int, given: int) -> None:
    assert drawn("Abbey Road", asked).size == (given, given)


def test_a_very_long_title_is_no_burden() -> None:
    assert has_letters(drawn("long word " * 100_000))
