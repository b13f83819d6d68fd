"""The top of a library that was written before is what it would be if written now."""

import asyncio
from functools import partial

import msgspec
import pytest
from msgspec import Raw
from tests.integration.subsonic_api.fragments.household import (
    ENCODINGS,
    ITEMS,
    SHELF,
    Household,
    elsewhere,
    read,
)

from hydrophone.config import Config
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import AccountChanges
from hydrophone.scanner.identity import folder_id
from hydrophone.storage.queries import catalogue, counters
from hydrophone.testing.factories import fill_library, make_track
from hydrophone_subsonic.mapping.browsing import folder_contents
from hydrophone_subsonic.mapping.child import folder_directory, song

pytestmark = pytest.mark.anyio


def at_top(album: str, number: int) -> Track:
    """Make a track that lies in a folder of the root, which is one album then."""
    name = f"{album}, {number}"
    return make_track(
        "One",
        artist=f"By {number}",
        album=album,
        path=f"{name}/1.flac",
        folder_id=folder_id("Music 1", name),
    )


ALBUMS = [at_top("&ÄBZ봄"[number % 5], number) for number in range(20)]
ROOT = folder_id("Music 1", "")
LOOSE = make_track("Loose", path="loose.flac", folder_id=ROOT)


async def check(household: Household, name: str, form: str, identifier: str) -> None:
    """Compare the root of a library with what is made of it without anything that was kept."""
    user = household.users[name]
    listing = await household.server.services.folders.folder(user, identifier)
    item = partial(ITEMS[form].item, "child")
    answer = folder_contents(
        listing.folder,
        identifier,
        (
            *(Raw(item(folder_directory(folder, identifier))) for folder in listing.folders),
            *(song(track, identifier) for track in listing.tracks),
        ),
    )
    anew = b"".join(ENCODINGS[form].parts("ok", "directory", answer))
    assert read(form, await asked(household, name, form, identifier)) == read(form, anew)


async def asked(household: Household, name: str, form: str, identifier: str = "1") -> bytes:
    return await household.get(name, "/getMusicDirectory", form, id=identifier)


async def fill(household: Household, config: Config, tracks: list[Track]) -> None:
    """Do what a scan does, and wait until the server knows."""
    async with elsewhere(config) as connection:
        fill_library(connection, tracks)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    last = tracks[-1].folder_id.encode()
    async with asyncio.timeout(30):
        while last not in await asked(household, "anna", "json"):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.02)


async def test_answers_say_the_same_whatever_is_left(household: Household, config: Config) -> None:
    services, (anna, berta) = household.server.services, household.users.values()
    await fill(household, config, [LOOSE, *ALBUMS])
    artists_folder = folder_id("Music 1", SHELF[1].display_artist.replace("/", "_"))
    marks = services.annotations

    async def check_all() -> None:
        for form in ENCODINGS:
            for name in household.users:
                for identifier in ("1", ROOT):
                    await check(household, name, form, identifier)
            await check(household, "berta", form, "2")

    await check_all()
    before = await asked(household, "anna", "json")
    await marks.star(anna, [ALBUMS[0].album_id, ALBUMS[7].album_id, artists_folder])
    await marks.rate(berta, ALBUMS[3].album_id, 4)
    await marks.rate(berta, artists_folder, 2)
    await services.plays.scrobble(anna, [(ALBUMS[9].id, Timestamp(1_700_000_000_000))], "Phone")
    await check_all()
    anna_sees = await asked(household, "anna", "json")
    assert anna_sees.count(b'"starred"') == 3
    assert anna_sees.count(b'"averageRating"') == 2
    assert b'"userRating"' not in anna_sees
    assert anna_sees.count(b'"playCount":1') == 1
    assert b'"played"' not in anna_sees
    berta_sees = await asked(household, "berta", "json")
    assert b'"starred"' not in berta_sees
    assert berta_sees.count(b'"userRating"') == 2
    await marks.unstar(anna, [ALBUMS[0].album_id, ALBUMS[7].album_id, artists_folder])
    await marks.rate(berta, ALBUMS[3].album_id, 0)
    await marks.rate(berta, artists_folder, 0)
    await check_all()
    after = await asked(household, "berta", "json")
    assert after == before


@pytest.mark.parametrize("form", ENCODINGS)
async def test_what_a_scan_has_changed_shows_within_seconds(
    household: Household, config: Config, form: str
) -> None:
    await fill(household, config, ALBUMS)
    assert b"Retagged" not in await asked(household, "anna", form)
    async with elsewhere(config) as connection:
        old = catalogue.album_by_id(connection, ALBUMS[3].album_id)
        assert old is not None
        retagged = msgspec.structs.replace(old, name="Retagged")
        catalogue.put_album(connection, f"factory {old.id}", retagged)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    async with asyncio.timeout(30):
        while b"Retagged" not in await asked(household, "anna", form):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.02)
    assert b"Retagged" in await asked(household, "berta", form, ROOT)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_an_album_in_a_folder_of_its_own_shows_its_new_tags(
    household: Household, config: Config, form: str
) -> None:
    discs = [
        make_track(
            f"On {disc}",
            album="Deep",
            path=f"Deep folder/{disc}/1.flac",
            folder_id=folder_id("Music 1", f"Deep folder/{disc}"),
        )
        for disc in ("CD1", "CD2")
    ]
    await fill(household, config, [*discs, *ALBUMS])
    await household.server.services.annotations.rate(household.users["berta"], discs[0].album_id, 4)
    assert b"Deep folder" in await asked(household, "anna", form)
    async with elsewhere(config) as connection:
        old = catalogue.album_by_id(connection, discs[0].album_id)
        assert old is not None
        retagged = msgspec.structs.replace(old, genres=("Retagged",))
        catalogue.put_album(connection, f"factory {old.id}", retagged)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    for name in household.users:
        async with asyncio.timeout(10):
            while b"Retagged" not in await asked(household, name, form):  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.02)
        await check(household, name, form, "1")


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_library_that_is_taken_from_a_user_is_gone_at_once(
    household: Household, form: str
) -> None:
    root = folder_id("Music 2", "")
    for identifier in ("2", root):
        assert b"Berta" in await asked(household, "berta", form, identifier)
        assert b"failed" in await asked(household, "anna", form, identifier)
    await household.server.services.accounts.change("berta", AccountChanges(libraries=(1,)))
    for identifier in ("2", root):
        assert b"failed" in await asked(household, "berta", form, identifier)
