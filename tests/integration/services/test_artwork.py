"""Pictures: from files, from folders, drawn; scaled and cached."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageColor
from sqlalchemy import Connection, update

from hydrophone.config import Config
from hydrophone.domain.ids import ArtworkId, LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import inventory
from hydrophone.storage.tables.music import album
from hydrophone.storage.tables.music import track as track_table
from hydrophone.testing.audio_files import make_audio, make_picture

pytestmark = pytest.mark.anyio

COVER = ArtworkId("im-aaaaaaaaaaaaa")
EMBEDDED = ArtworkId("im-bbbbbbbbbbbbb")
BROKEN = ArtworkId("im-ccccccccccccc")


@pytest.fixture
async def pictures(server: Server, config: Config, tracks: list[Track]) -> Path:
    """Put three pictures into the first library: a file, one in a song, and a broken file."""
    root = config.libraries[0].path
    root.mkdir()
    (root / "cover.jpg").write_bytes(make_picture(color="red", size=400))
    (root / "broken.jpg").write_bytes(b"\xff\xd8 this is no picture")
    make_audio(root / "song.mp3", picture=make_picture(color="blue", size=300))

    def write(connection: Connection) -> None:
        inventory.put_artwork(
            connection,
            LibraryId(1),
            {COVER: "cover.jpg", EMBEDDED: "song.mp3", BROKEN: "broken.jpg"},
        )
        for track, artwork in ((tracks[0], COVER), (tracks[2], BROKEN)):
            connection.execute(
                update(album).where(album.c.id == track.album_id).values(artwork_id=artwork)
            )

    await server.database.write(write)
    return root


def remove_all(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(("artwork", "channel"), [(COVER, 0), (EMBEDDED, 2)])
async def test_a_picture_is_scaled_and_cached(
    server: Server, anna: User, pictures: Path, artwork: ArtworkId, channel: int
) -> None:
    service = server.services.artwork
    original = await service.picture(anna, artwork, None)
    small = await service.picture(anna, artwork, 100)
    assert opened(original.data).width in (300, 400)
    assert opened(small.data).size == (100, 100)
    colour = opened(small.data).getpixel((50, 50))
    assert isinstance(colour, tuple)
    assert max(range(3), key=lambda c: colour[c]) == channel
    assert small.content_type == "image/jpeg"
    assert small.etag != original.etag
    remove_all(pictures)
    assert await service.picture(anna, artwork, 100) == small


async def test_many_ask_for_one_picture_and_one_leaves(
    server: Server, anna: User, pictures: Path
) -> None:
    service = server.services.artwork
    asked = [asyncio.create_task(service.picture(anna, COVER, 64)) for _ in range(20)]
    await asyncio.sleep(0)
    asked[0].cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert (
        len({answer.etag for answer in answers[1:] if not isinstance(answer, BaseException)}) == 1
    )


async def test_what_has_no_picture_gets_a_drawn_one(
    server: Server, anna: User, pictures: Path, tracks: list[Track]
) -> None:
    service = server.services.artwork
    made = (await server.services.playlists.create(anna, "Mine", [])).playlist
    for identifier in (
        tracks[3].album_id,
        tracks[3].id,
        tracks[3].artists[0].id,
        tracks[3].folder_id,
        made.id,
        tracks[2].album_id,  # its picture is broken
        BROKEN,
    ):
        drawn = await service.picture(anna, identifier, 120)
        assert opened(drawn.data).size == (120, 120)


@pytest.mark.parametrize(
    "identifier",
    ["", "x", "../../etc/passwd", "al-aaaaaaaaaaaaa", "im-zzzzzzzzzzzzz", "99", "\udcff"],
)
async def test_ids_of_nothing_have_no_picture(server: Server, anna: User, identifier: str) -> None:
    with pytest.raises(NotFoundError):
        await server.services.artwork.picture(anna, identifier, None)


async def test_pictures_of_others_are_not_shown(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    private = (await server.services.playlists.create(berta, "Hers", [])).playlist
    for identifier in (tracks[5].id, tracks[5].album_id, tracks[5].artists[0].id, private.id):
        await server.services.artwork.picture(berta, identifier, 50)
        with pytest.raises(NotFoundError):
            await server.services.artwork.picture(anna, identifier, 50)


async def test_absurd_sizes_are_bounded(
    server: Server, anna: User, pictures: Path, tracks: list[Track]
) -> None:
    for size in (-5, 0, 1, 10**9):
        picture = await server.services.artwork.picture(anna, COVER, size)
        assert 1 <= opened(picture.data).width <= 400
        drawn = await server.services.artwork.picture(anna, tracks[3].id, size)
        assert 1 <= opened(drawn.data).width <= 2000


async def test_playlist_shows_its_first_four_pictures(
    server: Server, anna: User, pictures: Path, tracks: list[Track]
) -> None:
    colors = ("red", "blue", "lime", "yellow")
    ids = [ArtworkId(f"im-{color[0] * 13}") for color in colors]

    def write(connection: Connection) -> None:
        for color, artwork_id, track in zip(colors, ids, tracks, strict=False):
            (pictures / f"{color}.jpg").write_bytes(make_picture(color=color, size=50))
            inventory.put_artwork(connection, LibraryId(1), {artwork_id: f"{color}.jpg"})
            connection.execute(
                update(track_table)
                .where(track_table.c.id == track.id)
                .values(artwork_id=artwork_id)
            )

    await server.database.write(write)
    service = server.services.artwork
    made = await server.services.playlists.create(anna, "Mine", [t.id for t in tracks[:4]])
    mosaic = opened((await service.picture(anna, made.playlist.picture_id, 100)).data)
    found = [mosaic.getpixel(place) for place in ((25, 25), (75, 25), (25, 75), (75, 75))]
    expected = [ImageColor.getrgb(color) for color in colors]
    for pixel, wanted in zip(found, expected, strict=True):
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) < 30 for a, b in zip(pixel, wanted, strict=False))
    fewer = await server.services.playlists.create(anna, "Few", [t.id for t in tracks[:3]])
    assert opened((await service.picture(anna, fewer.playlist.id, 100)).data).size == (50, 50)
    (pictures / "yellow.jpg").write_bytes(b"broken")
    remade = opened((await service.picture(anna, made.playlist.id, 90)).data)
    assert remade.size == (50, 50)
