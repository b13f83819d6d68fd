from io import BytesIO

import pytest
from PIL import Image, ImageChops

from hydrophone.demo.catalogue import ALBUMS, DemoAlbum
from hydrophone.demo.covers import SIZE, draw_cover


def cover(album: DemoAlbum, lines: str) -> bytes:
    return draw_cover(title=lines, name=album.artist, palette=album.palette, motif=album.motif)


@pytest.mark.parametrize("album", ALBUMS, ids=lambda album: album.title)
def test_a_cover_is_a_square_jpeg_with_many_colours(album: DemoAlbum) -> None:
    with Image.open(BytesIO(cover(album, album.cover_lines))) as image:
        assert image.format == "JPEG"
        assert image.size == (SIZE, SIZE)
        assert image.getcolors(200) is None


def test_covers_are_different_and_always_the_same() -> None:
    first = [cover(album, album.cover_lines) for album in ALBUMS]

    assert len(set(first)) == len(ALBUMS)
    assert cover(ALBUMS[0], ALBUMS[0].cover_lines) == first[0]


def test_an_acute_accent_is_drawn() -> None:
    # Pillow's font would show a box for the letter; we draw it as `e` with a stroke above.
    plain, accented = (
        Image.open(BytesIO(draw_cover(title="", name=name, palette=ALBUMS[0].palette, motif=_none)))
        for name in ("See", "Séé")
    )
    box = ImageChops.difference(plain, accented).point(lambda level: 255 * (level > 60)).getbbox()

    assert box is not None
    assert box[3] - box[1] < 14, "only the strokes differ, not the letters"


def _none(_canvas: object) -> None:
    pass
