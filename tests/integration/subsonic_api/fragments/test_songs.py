"""Songs of playlists and queues that were written before say what they would if written now."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
import pytest
from msgspec import Raw
from sqlalchemy import update
from tests.integration.subsonic_api.fragments.household import (
    BOTH,
    ENCODINGS,
    ITEMS,
    JSON,
    SHELF,
    Household,
    elsewhere,
    read,
    until,
)

from hydrophone.config import Config
from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.nsp import SmartPlaylist
from hydrophone.domain.playback import PlayQueue, Watchable
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import ByteCount, Milliseconds, Seconds, Timestamp
from hydrophone.server.wiring import Server
from hydrophone.services.playables import watchable
from hydrophone.services.tracks import Tracks
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, playlists
from hydrophone.storage.queries import play_queue as queues
from hydrophone.storage.queries.play_queue import SavedQueue
from hydrophone.storage.tables.music import track as track_table
from hydrophone.storage.tables.playlist import playlist_track
from hydrophone.testing.factories import fill_library
from hydrophone_subsonic.mapping.bookmark import play_queue
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.playable import entry
from hydrophone_subsonic.mapping.playlist import playlist_with_songs
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.lists import ThreeListsID3
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.songs import LIMIT, WrittenSongs
from hydrophone_subsonic.written_marks import WrittenMarks

pytestmark = pytest.mark.anyio

IDS = [track.id for track in SHELF if track.library_id == BOTH[0]]
NOT_THEIRS = SHELF[-1].id


SMART = '{"all": [{"gt": {"year": 2000}}], "sort": "-rating, title", "limit": 60}'


async def check(household: Household, *playlists: PlaylistId) -> None:
    """Compare what everybody is told, in all formats, twice, with what is made of it anew."""
    for playlist in playlists:
        await check_one(household, playlist)


async def check_one(household: Household, playlist: PlaylistId) -> None:
    services = household.server.services
    for name, user in household.users.items():
        found = await services.playlists.get(user, playlist)
        songs = tuple(map(song, found.tracks))
        listed = playlist_with_songs(found.playlist, user, songs)
        tracks = (await services.annotations.starred(user)).tracks
        starred = ThreeListsID3(
            artist=(), album=(), song=tuple(song(one.whole()) for one in tracks)
        )
        queue = await services.play_queue.get(user, watchable)
        for form in (*ENCODINGS, *ENCODINGS):
            given = await household.get(name, "/getPlaylist", form, id=playlist)
            assert read(form, given) == anew(form, "playlist", listed)
            given = await household.get(name, "/getStarred2", form)
            assert read(form, given) == anew(form, "starred2", starred)
            given = await household.get(name, "/getPlayQueue", form)
            if queue is not None:
                items = (ITEMS[form].item("entry", entry(one)) for one in queue.entries)
                right = play_queue(written(queue, tuple(map(Raw, items))))
                assert read(form, given) == anew(form, "playQueue", right)


def written(queue: PlayQueue[Watchable], entries: tuple[Raw, ...]) -> PlayQueue[Raw]:
    facts = {name: getattr(queue, name) for name in queue.__struct_fields__}
    return PlayQueue(**(facts | {"entries": entries}))


def anew(form: str, element: str, answer: Wire) -> object:
    return read(form, b"".join(ENCODINGS[form].parts("ok", element, answer)))


async def test_answers_say_the_same_whatever_happens(household: Household, config: Config) -> None:
    services, anna, berta = household.server.services, *household.users.values()
    made = await services.playlists.create(anna, "Mixed", [*IDS, IDS[3], IDS[3]])
    playlist = made.playlist.id
    await services.playlists.edit(anna, playlist, PlaylistEdit(is_public=True))
    async with elsewhere(config) as connection:
        place = {"playlist_id": playlist, "position": 1000, "track_id": NOT_THEIRS}
        connection.execute(playlist_track.insert().values(place))
    rules = SmartPlaylist(rules=SMART, is_public=True)
    smart = (await services.playlists.create_smart(anna, rules, name="Smart")).playlist.id
    await services.play_queue.save(anna, IDS[:50], 3, Milliseconds(5), "x")
    await services.play_queue.save(berta, IDS[40:], 0, Milliseconds(0), "x")
    await check(household, playlist, smart)
    assert SHELF[-1].title.encode() not in await household.get(
        "anna", "/getPlaylist", "json", id=playlist
    )
    await services.annotations.star(anna, IDS[:5])
    await services.annotations.rate(anna, IDS[2], 5)
    await services.annotations.rate(berta, IDS[2], 2)
    await services.annotations.rate(berta, IDS[9], 1)
    await services.plays.scrobble(berta, [(IDS[3], Timestamp(1_700_000_000_000))], "Phone")
    await services.bookmarks.put(anna, IDS[7], Milliseconds(1234), "")
    await check(household, playlist, smart)
    await services.annotations.unstar(anna, IDS[:2])
    await services.annotations.star(berta, [IDS[15], IDS[3]])
    await services.annotations.rate(berta, IDS[9], 0)
    await services.bookmarks.remove(anna, IDS[7])
    async with elsewhere(config) as connection:
        retagged = [msgspec.structs.replace(one, title="Else & more") for one in SHELF[10:20]]
        for one in retagged:
            document = msgspec.json.encode(one).decode()
            connection.execute(
                update(track_table).where(track_table.c.id == one.id).values(document=document)
            )
        hidden = track_table.c.id.in_(IDS[30:35])
        connection.execute(update(track_table).where(hidden).values(hidden=True))
    await check(household, playlist, smart)
    given = await household.get("anna", "/getPlaylist", "json", id=playlist)
    assert given.count(b"Else & more") == 10
    assert not [one for one in IDS[30:35] if f'"id":"{one}"'.encode() in given]
    await services.playlists.edit(anna, playlist, PlaylistEdit(remove=(0, 5), append=(IDS[0],)))
    await check(household, playlist, smart)


class Writer:
    """JSON, of which it is known what was written anew."""

    between = JSON.between
    content_type = JSON.content_type
    item, parts = JSON.item, JSON.parts
    marks, marked, marks_at = JSON.marks, JSON.marked, JSON.marks_at

    def __init__(self) -> None:
        self.titles: list[str] = []

    def bare(self, item: Wire) -> bytes:
        assert isinstance(item, Child)
        self.titles.append(f"{item.album} {item.title}")
        return JSON.bare(item)


@asynccontextmanager
async def running(
    server: Server, writer: Writer, limit: ByteCount = LIMIT
) -> AsyncIterator[WrittenSongs]:
    songs = WrittenSongs(
        writer,
        WrittenMarks(writer),
        server.services.tracks.chosen,
        limit=limit,
        quiet=lambda: Seconds(0.0),
    )
    server.on_choice_change(songs.ahead.changed)
    task = asyncio.create_task(songs.ahead.run())
    yield songs
    task.cancel()


async def test_what_is_in_playlists_and_queues_is_written_ahead(
    household: Household, config: Config
) -> None:
    server, anna = household.server, household.users["anna"]
    services, writer = server.services, Writer()
    await services.playlists.create(anna, "Before", IDS[:10])
    async with running(server, writer) as songs:
        await until(lambda: len(writer.titles) == 10)
        made = await services.playlists.create(anna, "Mixed", [*IDS[5:30], IDS[5]])
        await until(lambda: len(writer.titles) == 30)
        await services.play_queue.save(anna, IDS[20:40], 0, Milliseconds(5), "x")
        await until(lambda: len(writer.titles) == 40)
        await services.playlists.show(anna, made.playlist.id, songs.each("entry"))
        assert len(writer.titles) == 40
        async with elsewhere(config) as connection:
            fill_library(connection, [msgspec.structs.replace(SHELF[0], title="New")])
        songs.ahead.changed()
        await until(lambda: len(writer.titles) > 40)
        assert writer.titles[40:] == [f"{SHELF[0].album_name} New"]


async def test_the_layer_has_them_written_after_each_change(
    household: Household, config: Config
) -> None:
    kept = household.layer._json_lists.songs._kept
    await household.server.services.playlists.create(household.users["anna"], "Mixed", IDS[:3])
    await until(lambda: len(kept) == 3)
    async with elsewhere(config) as connection:
        fill_library(connection, [msgspec.structs.replace(SHELF[0], title="Retagged")])
        counters.bump(connection, counters.LIBRARY, Timestamp(1))
    await until(lambda: b"Retagged" in kept[IDS[0]][1])


async def test_the_same_queue_at_another_position_is_no_other_choice(household: Household) -> None:
    server, anna = household.server, household.users["anna"]

    async def choices() -> int:
        return await server.database.read(counters.value, counters.CHOICES)

    save = server.services.play_queue.save
    await save(anna, IDS[:3], 0, Milliseconds(0), "x")
    before = await choices()
    await save(anna, IDS[:3], 2, Milliseconds(90_000), "y")
    assert await choices() == before
    await save(anna, IDS[:4], 2, Milliseconds(90_000), "y")
    assert await choices() == before + 1


async def test_what_is_written_ahead_drives_out_none_of_the_same(household: Household) -> None:
    server, anna = household.server, household.users["anna"]
    await server.services.playlists.create(anna, "Long", IDS)
    writer = Writer()
    rests: list[int] = []

    async def rest() -> None:
        rests.append(len(writer.titles))

    songs = WrittenSongs(
        writer, WrittenMarks(writer), server.services.tracks.chosen, limit=ByteCount(100_000)
    )
    await songs._write_ahead(rest)
    count = len(writer.titles)
    assert 0 < count < len(IDS)
    # Others come first after each slice.
    assert rests == [50]
    chosen: list[Sequence[StoredTrack]] = [one async for one in server.services.tracks.chosen(100)]
    assert sum(map(len, chosen)) == 100
    await songs._write_ahead(rest)
    assert len(writer.titles) == count


class Reads:
    """A database of which it is known what was read."""

    def __init__(self, server: Server) -> None:
        self._database = server.database
        self.queries: list[object] = []

    async def read(self, query: Callable[..., Any], *arguments: object) -> Any:
        self.queries.append(query)
        return await self._database.read(query, *arguments)


async def test_what_was_changed_last_is_read_first_and_no_more_than_is_asked_for(
    household: Household,
) -> None:
    server, anna, berta = household.server, *household.users.values()
    for now, user, those in ((1, anna, IDS[:10]), (2, berta, IDS[10:20])):
        queue = SavedQueue(
            track_ids=tuple(those),
            current_index=0,
            position=Milliseconds(0),
            changed=Timestamp(now),
            changed_by="x",
        )
        await server.database.write(queues.save, user.id, queue)
    for now, those in ((1, IDS[20:40]), (2, IDS[40:60])):
        await server.database.write(
            playlists.put,
            PlaylistId(f"pl-{now}"),
            anna.id,
            name="Mixed",
            comment="",
            is_public=False,
            tracks=those,
            now=Timestamp(now),
        )
    reads = Reads(server)
    tracks = Tracks(
        database=cast(Database, reads),
        read_model=server.services.tracks._read_model,
        catalogue=server.elsewhere.catalogue,
    )
    for count, right in (
        (5, IDS[10:15]),
        (10, IDS[10:20]),
        (20, IDS[:20]),
        (40, IDS[:20] + IDS[40:60]),
        (100, IDS[:60]),
    ):
        chosen = [one.id async for some in tracks.chosen(count) for one in some]
        assert sorted(chosen) == sorted(right)
        if count == 10:
            assert reads.queries.count(queues.load) == 2
            assert reads.queries.count(playlists.track_ids) == 0
