"""Lists of artists and folders that were written before are what they would be if written now."""

import asyncio
from typing import Any, cast

import pytest
from tests.integration.subsonic_api.fragments.household import (
    BOTH,
    ENCODINGS,
    JSON,
    SHELF,
    Household,
    elsewhere,
    until,
)

from hydrophone.config import Config
from hydrophone.domain.library import ArtistLetter
from hydrophone.domain.music import Artist
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.scanner.identity import folder_id
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import counters
from hydrophone.testing.factories import fill_library, make_track
from hydrophone_subsonic.listings import listed_artists
from hydrophone_subsonic.shelf import Shelf
from hydrophone_subsonic.written_lists import WrittenLists

pytestmark = pytest.mark.anyio


async def test_artists_are_the_same_to_the_byte(household: Household) -> None:
    marks, (anna, berta) = household.server.services.annotations, household.users.values()
    artists = list(dict.fromkeys(track.album_artists[0].id for track in SHELF))
    for _ in range(2):
        for form in ENCODINGS:
            for name in household.users:
                asked = await household.get(name, "/getArtists", form)
                assert asked == await household.artists_anew(name, form)
            for library in (1, 2):
                asked = await household.get(
                    "berta", "/getArtists", form, musicFolderId=str(library)
                )
                assert asked == await household.artists_anew("berta", form, library)
        await marks.star(anna, artists[:2])
        await marks.rate(anna, artists[3], 4)
        await marks.star(berta, [artists[-1], artists[5]])
        await marks.rate(berta, artists[5], 1)
    await marks.unstar(anna, artists[:2])
    await marks.rate(anna, artists[3], 0)
    for form in ENCODINGS:
        plain = await household.get("anna", "/getArtists", form)
        assert b"starred" not in plain
        assert b"userRating" not in plain
        assert plain == await household.artists_anew("anna", form)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_an_artist_whom_a_scan_has_found_shows_within_seconds(
    household: Household, config: Config, form: str
) -> None:
    assert b"Brand new" not in await household.get("anna", "/getArtists", form)
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="Brand new", album="New")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    # At once, while the order of artists is still the old one, and then with the new one.
    assert b"Brand new" not in await household.get("anna", "/getArtists", form)
    async with asyncio.timeout(30):
        while b"Brand new" not in await household.get("anna", "/getArtists", form):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_folders_show_what_each_user_has_left_on_their_albums(
    household: Household, config: Config, form: str
) -> None:
    marks, anna = household.server.services.annotations, household.users["anna"]
    place = folder_id("Music 1", "Zoe's")
    new = make_track("New", artist="Zoe", album="Zoe's", path="Zoe's/1.mp3", folder_id=place)
    async with elsewhere(config) as connection:
        fill_library(connection, [new])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    async with asyncio.timeout(30):
        while b"Zoe's" not in await household.get("berta", "/getIndexes", form):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
        while b"Zoe's" not in (index := await household.get("anna", "/getIndexes", form)):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
    await marks.star(anna, [new.album_id])
    await marks.rate(anna, new.album_id, 4)
    marked = await household.get("anna", "/getIndexes", form)
    # In its place, and as a shortcut.
    assert marked.count(b"starred") == marked.count(b"userRating") == 2
    assert marked.index(b"Zoe's") < marked.index(b"starred")
    assert marked.count(b"averageRating") == 2
    others = await household.get("berta", "/getIndexes", form)
    assert b"starred" not in others
    assert b"userRating" not in others
    assert others.count(b"averageRating") == 1
    await marks.unstar(anna, [new.album_id])
    await marks.rate(anna, new.album_id, 0)
    assert await household.get("anna", "/getIndexes", form) == index


class CountedArtists:
    """The real artists, which count how often they are read for all."""

    def __init__(self, server: Server) -> None:
        self.reads = 0
        self._real = server.services.artists
        self.letters = self._real.letters
        self.starred = self._real.starred

    async def plain(self, letter: ArtistLetter, offset: int, count: int) -> dict[int, Artist]:
        self.reads += 1
        return await self._real.plain(letter, offset, count)


async def test_artists_are_written_before_somebody_asks(
    household: Household, config: Config
) -> None:
    artists, anna = CountedArtists(household.server), household.users["anna"]
    listed = listed_artists(cast(Any, artists))
    shelf = Shelf()
    lists = WrittenLists(listed, JSON, shelf, quiet=lambda: Seconds(0.1))
    household.server.on_library_change(lists.ahead.changed)
    task = asyncio.create_task(lists.ahead.run())
    lists.expect(anna.libraries)
    lists.expect(anna.libraries)
    (kept,) = shelf._lists.values()
    await until(lambda: len(kept) == 6)
    before = dict(kept)
    first = await lists.of(anna, anna.libraries)
    assert len(first) == 6
    assert artists.reads == 6
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="Brand new", album="New")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    await until(lambda: kept["B"] is not before["B"])
    # Only the letter that has changed is written anew.
    second = await lists.of(anna, anna.libraries)
    assert [name for name in second if second[name] != first[name]] == ["B"]
    assert artists.reads == 7
    task.cancel()


async def test_nothing_is_written_ahead_for_who_has_no_libraries(household: Household) -> None:
    lists = household.layer._json_lists
    answer = await household.client.get("/getOpenSubsonicExtensions", params={"f": "json"})
    assert b'"ok"' in answer.content
    assert lists.artists._known == lists.folders._known == {BOTH}


async def test_as_many_sets_of_artists_are_kept_as_fit(household: Household) -> None:
    artists, berta = CountedArtists(household.server), household.users["berta"]
    listed = listed_artists(cast(Any, artists))
    lists = WrittenLists(listed, JSON, Shelf(ByteCount(3000)))
    for libraries, reads in ((BOTH, 6), (BOTH, 6), (BOTH[:1], 12), (BOTH, 18)):
        await lists.of(berta, libraries)
        assert artists.reads == reads


async def test_what_does_not_fit_is_written_each_time(household: Household) -> None:
    artists, berta = CountedArtists(household.server), household.users["berta"]
    listed = listed_artists(cast(Any, artists))
    whole = await WrittenLists(listed, JSON, Shelf()).of(berta, BOTH)
    lists = WrittenLists(listed, JSON, Shelf(ByteCount(1000)))
    assert await lists.of(berta, BOTH) == whole
    assert artists.reads == 12
    assert await lists.of(berta, BOTH) == whole
    # What had room is kept, and does not make room for the rest again and again.
    assert 12 < artists.reads < 18
