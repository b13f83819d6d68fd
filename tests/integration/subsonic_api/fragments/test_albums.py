"""Lists of albums that were written before say what they would say if written now."""

import asyncio

import msgspec
import pytest
from tests.integration.subsonic_api.fragments.household import (
    ENCODINGS,
    KINDS,
    LISTS,
    SHELF,
    Household,
    elsewhere,
    read,
)

from hydrophone.config import Config
from hydrophone.domain.library import AlbumListKind
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import AccountChanges
from hydrophone.storage.queries import annotations, catalogue, counters
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio


async def test_answers_say_the_same_whatever_is_left(household: Household) -> None:
    services, anna, berta = household.server.services, *household.users.values()
    marks = services.annotations
    await marks.star(anna, [track.album_id for track in SHELF[:10]])
    await marks.rate(anna, SHELF[20].album_id, 4)
    await services.plays.scrobble(anna, [(SHELF[30].id, Timestamp(1_700_000_000_000))], "Phone")
    await marks.star(berta, [SHELF[5].album_id, SHELF[-1].album_id])
    # A star that was taken back leaves nothing to see, though it is still on record.
    await marks.star(berta, [SHELF[7].album_id])
    await marks.unstar(berta, [SHELF[7].album_id])
    # What others have rated shows as their average, though only where the protocol has it.
    await marks.rate(berta, SHELF[40].album_id, 2)
    for _ in range(2):
        for form in ENCODINGS:
            for kind in KINDS:
                for name in household.users:
                    for answer in LISTS:
                        asked = await household.ask(name, form, kind, answer)
                        anew = await household.anew(name, form, kind, answer)
                        assert read(form, asked) == read(form, anew)
        # By now it is written ahead, too.
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_star_shows_at_once_to_its_user_alone(
    household: Household, config: Config, form: str
) -> None:
    by_name = AlbumListKind.BY_NAME
    before = {name: await household.ask(name, form, by_name) for name in household.users}
    assert b"starred" not in before["anna"]
    await household.server.services.annotations.star(household.users["anna"], [SHELF[3].album_id])
    assert (await household.ask("anna", form, by_name)).count(b"starred") == 1
    async with elsewhere(config) as connection:
        others = [SHELF[4].album_id]
        annotations.star(connection, household.users["anna"].id, others, Timestamp(1))
    assert (await household.ask("anna", form, by_name)).count(b"starred") == 2
    assert await household.ask("berta", form, by_name) == before["berta"]
    await household.server.services.annotations.unstar(
        household.users["anna"], [SHELF[3].album_id, SHELF[4].album_id]
    )
    assert await household.ask("anna", form, by_name) == before["anna"]


async def test_all_that_is_starred_is_there_however_much(
    household: Household, config: Config
) -> None:
    many = [make_track("Of many", artist=f"Of {n}", album=f"Album {n}") for n in range(1100)]
    async with elsewhere(config) as connection:
        fill_library(connection, many)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    ids = [track.album_id for track in many]
    artists = [track.artists[0].id for track in many]
    await household.server.services.annotations.star(household.users["anna"], [*ids, *artists])
    for name, element in (("/getStarred", "starred"), ("/getStarred2", "starred2")):
        answer = msgspec.json.decode(await household.get("anna", name, "json"))
        found = answer["subsonic-response"][element]
        counts = {artist.get("albumCount") for artist in found["artist"]}
        # The folder view has none.
        assert counts == ({1} if element == "starred2" else {None})
        listed = found["album"]
        assert {album["id"] for album in listed} == set(ids)
        assert len(listed) == sum("starred" in album for album in listed) == len(ids)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_retag_by_another_process_shows_at_once(
    household: Household, config: Config, form: str
) -> None:
    for _ in range(2):
        assert b"Retagged" not in await household.ask("anna", form, AlbumListKind.BY_NAME)
        await asyncio.sleep(0.05)
    async with elsewhere(config) as connection:
        old = catalogue.album_by_id(connection, SHELF[3].album_id)
        assert old is not None
        retagged = msgspec.structs.replace(old, name="Retagged")
        catalogue.put_album(connection, f"factory {old.id}", retagged)
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    for name in household.users:
        assert b"Retagged" in await household.ask(name, form, AlbumListKind.BY_NAME)


@pytest.mark.parametrize("form", ENCODINGS)
async def test_what_a_scan_has_found_shows_within_seconds(
    household: Household, config: Config, form: str
) -> None:
    newest = AlbumListKind.NEWEST
    assert b"Brand new" not in await household.ask("anna", form, newest)
    async with elsewhere(config) as connection:
        fill_library(connection, [make_track("New", artist="N", album="Brand new")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    async with asyncio.timeout(30):
        while b"Brand new" not in await household.ask("anna", form, newest):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
    asked = await household.ask("berta", form, newest)
    assert read(form, asked) == read(form, await household.anew("berta", form, newest))


@pytest.mark.parametrize("form", ENCODINGS)
async def test_a_library_that_is_taken_from_a_user_is_gone_at_once(
    household: Household, form: str
) -> None:
    by_name = AlbumListKind.BY_NAME
    assert b'"Hers"' in await household.ask("berta", form, by_name)
    changes = AccountChanges(libraries=(1,))
    await household.server.services.accounts.change("berta", changes)
    assert b'"Hers"' not in await household.ask("berta", form, by_name)
