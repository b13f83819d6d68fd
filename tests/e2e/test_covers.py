"""Pictures from the real server."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from hydrophone.testing.client import SubsonicClient


def song_of(client: SubsonicClient, suffix: str) -> dict[str, Any]:
    return next(song for song in client.songs() if song["suffix"] == suffix)


def picture(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200
    found = Image.open(BytesIO(answer.content))
    found.load()
    assert answer.headers["content-type"] == f"image/{(found.format or '').lower()}"
    assert int(answer.headers["content-length"]) == len(answer.content)
    return found


@pytest.mark.parametrize(("size", "expected"), [("", 64), (32, 32), (64, 64), (1000, 64)])
def test_covers_are_scaled_and_never_enlarged(
    client: SubsonicClient, size: int | str, expected: int
) -> None:
    song = song_of(client, "mp3")
    for identifier in (song["coverArt"], song["id"], song["albumId"]):
        found = picture(client.get("getCoverArt", id=identifier, size=size))
        assert found.size == (expected, expected)
        red, green, blue = found.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]  # RGB
        assert red < 40 < green < 170 > blue > 80


def test_what_has_no_cover_gets_one_drawn(client: SubsonicClient) -> None:
    second = song_of(client, "m4a")
    artist = picture(client.get("getCoverArt", id=second["albumId"], size=200))
    assert artist.size == (200, 200)
    colors = artist.convert("RGB").getcolors(maxcolors=100_000)
    assert colors is not None
    assert len(colors) > 1


def test_covers_are_asked_for_once(client: SubsonicClient) -> None:
    song = song_of(client, "mp3")
    first = client.get("getCoverArt", id=song["coverArt"], size=32)
    assert "immutable" in first.headers["cache-control"]
    again = client.get(
        "getCoverArt",
        headers={"If-None-Match": first.headers["etag"]},
        id=song["coverArt"],
        size=32,
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("getCoverArt", headers={"If-None-Match": '"x"'}, id=song["coverArt"])
    assert other.status_code == 200


def test_music_folders_have_a_picture(client: SubsonicClient) -> None:
    folders = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    assert folders
    for folder in folders:
        drawn = picture(client.get("getCoverArt", id=folder["id"], size=100))
        assert drawn.size == (100, 100)
    for other in ("0", "99999", "01", "1 "):
        assert client.error("getCoverArt", id=other) == 70
