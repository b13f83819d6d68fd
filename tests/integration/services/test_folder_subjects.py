"""What folders stand for that do not hold exactly one album: starred, rated, asked about."""

from pathlib import PurePosixPath

import pytest

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.scanner.identity import folder_id
from hydrophone.server.wiring import Server
from hydrophone.services.folders import newest_stars
from hydrophone.services.reading import by_rows
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio


def id_of(path: str, library: int = 1) -> str:
    return folder_id(f"Music {library}", path)


def at(path: str, artist: str, album: str) -> Track:
    place = PurePosixPath(path)
    return make_track(
        path,
        artist=artist,
        album=album,
        path=path,
        folder_id=id_of(str(place.parent)),
        library_id=LibraryId(1),
    )


@pytest.fixture
def tracks() -> list[Track]:
    return [
        at("Anna/First/1.flac", "Anna", "First"),
        at("Anna/Second/CD1/1.flac", "Anna", "Second"),
        at("Anna/Second/CD2/1.flac", "Anna", "Second"),
        at("Anna/With Bert/1.flac", "Bert", "Duets"),
        at("Rock/Carl/One/1.flac", "Carl", "One"),
        at("Rock/Dora/Two/1.flac", "Dora", "Two"),
        at("Heap/1.flac", "Emil", "Three"),
        at("Heap/2.flac", "Emil", "Four"),
        at("Heap/More/1.flac", "Emil", "Five"),
        at("Single/Only/1.flac", "Single", "Only"),
        at("FRÍDA/1.flac", "Frida", "Six"),
        at("FRÍDA/2.flac", "Frida", "Seven"),
        at("FRÍDA/3.flac", "Emil", "Eight"),
        make_track("Secret", artist="Berta", album="Hers", library_id=2),
    ]


async def marked(server: Server, user: User) -> tuple[set[str], set[str]]:
    starred = await server.services.annotations.starred(user)
    albums = await by_rows(server.database, ALBUMS, user, starred.albums)
    return {one.name for one in starred.artists}, {one.name for one in albums.values()}


@pytest.mark.parametrize(
    ("path", "artists", "albums"),
    [
        ("Anna", {"Anna"}, set()),
        ("Single", {"Single"}, set()),
        ("Rock/Carl", {"Carl"}, set()),
        ("Anna/Second", set(), {"Second"}),
        ("Anna/First", set(), {"First"}),
        ("Heap", set(), {"Three", "Four"}),
        ("FRÍDA", {"Frida"}, set()),
    ],
)
async def test_a_folder_is_starred_and_rated_as_what_it_stands_for(
    server: Server, anna: User, path: str, artists: set[str], albums: set[str]
) -> None:
    annotations = server.services.annotations
    await annotations.star(anna, [id_of(path)])
    await annotations.rate(anna, id_of(path), 4)
    assert await marked(server, anna) == (artists, albums)
    starred = await annotations.starred(anna)
    ratings = [one.annotation.rating for one in starred.artists]
    rated = await by_rows(server.database, ALBUMS, anna, starred.albums)
    assert ratings + [one.annotation.rating for one in rated.values()] == [4] * (
        len(artists) + len(albums)
    )
    await annotations.unstar(anna, [id_of(path)])
    assert await marked(server, anna) == (set(), set())


async def test_a_folder_of_many_artists_and_one_of_others_stand_for_nothing(
    server: Server, anna: User
) -> None:
    for nothing in (id_of("Rock"), id_of(""), id_of("Berta", 2)):
        with pytest.raises(NotFoundError):
            await server.services.annotations.star(anna, [nothing])


async def test_a_folder_leads_to_its_artist_or_album(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    subject = server.services.folders.subject
    assert await subject(anna, id_of("Anna")) == tracks[0].album_artists[0].id
    assert await subject(anna, id_of("Anna/Second")) == tracks[1].album_id
    assert await subject(anna, id_of("Anna/First")) == tracks[0].album_id
    for nothing in (id_of("Rock"), id_of(""), id_of("Berta", 2), "fo-x"):
        with pytest.raises(NotFoundError):
            await subject(anna, nothing)


async def test_a_folder_shows_the_star_of_its_artist(
    server: Server, anna: User, berta: User
) -> None:
    folders = server.services.folders
    starred = ("Anna", "Rock/Carl", "FRÍDA")
    await server.services.annotations.star(anna, [id_of(path) for path in starred])
    await server.services.annotations.rate(berta, id_of("Single"), 3)

    async def below(user: User, path: str) -> dict[str, tuple[bool, float]]:
        listing = await folders.folder(user, id_of(path))
        return {
            one.name: (one.annotation.starred is not None, one.average_rating)
            for one in listing.folders
        }

    top = await folders.marked(anna, await folders.letters(anna.libraries))
    assert {one.name for one in newest_stars(top, 20)} == {"Anna", "FRÍDA"}
    rest = {"Heap": (False, 0), "Rock": (False, 0), "Single": (False, 3)}
    assert await below(anna, "") == {"Anna": (True, 0), "FRÍDA": (True, 0), **rest}
    assert await below(berta, "") == {"Anna": (False, 0), "FRÍDA": (False, 0), **rest}
    assert await below(anna, "Rock") == {"Carl": (True, 0), "Dora": (False, 0)}
    assert (await folders.folder(anna, id_of("Anna"))).folder.annotation.starred is not None
    discs = (await folders.folder(anna, id_of("Anna/Second"))).folder.album
    assert discs is not None
    assert discs.name == "Second"
