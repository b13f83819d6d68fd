"""Who is near to an artist by the library alone: remembered, but no longer than it stays so."""

import asyncio

import pytest

from hydrophone.config import Config
from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.services.library_kinship import KEPT, LibraryKinship
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.read_model import ReadModel
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio


@pytest.fixture
def tracks() -> list[Track]:
    """More artists of one genre than are remembered."""
    return [
        make_track(name, artist=name, album=name, genres=("Dub",))
        for name in (f"Artist {number:02}" for number in range(KEPT + 3))
    ]


@pytest.fixture
def read_model(server: Server, config: Config) -> ReadModel:
    return ReadModel(config.server.data_dir / DATABASE)


@pytest.fixture
def kinship(server: Server, read_model: ReadModel) -> LibraryKinship:
    return LibraryKinship(database=server.database, read_model=read_model)


def artist(track: Track) -> ArtistId:
    return track.artists[0].id


async def test_kin_is_found_once_for_a_version_of_the_library(
    server: Server, kinship: LibraryKinship, read_model: ReadModel, anna: User, tracks: list[Track]
) -> None:
    one = artist(tracks[0])
    found = await kinship.of(anna.libraries, one)
    assert set(found.by_genre) == {artist(track) for track in tracks[1:]}
    assert await kinship.of(anna.libraries, one) is found

    newcomer = make_track("New", artist="Newcomer", album="New", genres=("Dub",))
    await server.database.write(fill_library, [newcomer])
    assert await kinship.of(anna.libraries, one) is found
    await read_model.refresh()
    fresh = await kinship.of(anna.libraries, one)
    assert set(fresh.by_genre) == {*found.by_genre, artist(newcomer)}


async def test_what_a_change_overtakes_is_not_remembered(
    kinship: LibraryKinship, read_model: ReadModel, anna: User, tracks: list[Track]
) -> None:
    one = artist(tracks[0])
    await read_model.genres(anna.libraries)
    finding = asyncio.create_task(kinship.of(anna.libraries, one))
    await asyncio.sleep(0)
    read_model.version += 1
    await kinship.of((), one)
    overtaken = await finding
    assert await kinship.of(anna.libraries, one) is not overtaken


async def test_other_libraries_have_other_kin(
    kinship: LibraryKinship, anna: User, tracks: list[Track]
) -> None:
    one = artist(tracks[0])
    assert (await kinship.of(anna.libraries, one)).by_genre
    assert not (await kinship.of((), one)).by_genre


async def test_only_so_many_artists_are_remembered(
    kinship: LibraryKinship, anna: User, tracks: list[Track]
) -> None:
    first, second, *others = map(artist, tracks)
    found = {one: await kinship.of(anna.libraries, one) for one in (first, second)}
    for one in others[: KEPT - 2]:
        await kinship.of(anna.libraries, one)
    assert await kinship.of(anna.libraries, first) is found[first]
    await kinship.of(anna.libraries, others[-1])
    # The one that was asked for last has stayed, though it was found first.
    assert await kinship.of(anna.libraries, first) is found[first]
    assert await kinship.of(anna.libraries, second) is not found[second]
