"""Queues, plays and what is playing now."""

import asyncio
from typing import Protocol

import pytest
from sqlalchemy import func, select

from hydrophone.config import Config
from hydrophone.domain.library import AlbumListKind, AlbumListQuery
from hydrophone.domain.music import Track
from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.services.playables import watchable
from hydrophone.services.reading import by_rows
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.tables.playback import play

pytestmark = pytest.mark.anyio


class AnyClock(Protocol):
    time: int

    def now(self) -> Timestamp: ...


async def test_a_queue_comes_back_as_it_was(
    server: Server, anna: User, berta: User, tracks: list[Track], clock: AnyClock
) -> None:
    queues = server.services.play_queue
    assert await queues.get(anna, watchable) is None
    ids = [tracks[0].id, tracks[1].id, tracks[0].id]
    await queues.save(anna, ids, 1, Milliseconds(12345), "Phone")
    saved = await queues.get(anna, watchable)
    assert saved is not None
    assert [track.id for track in saved.entries] == ids
    assert (saved.current, saved.current_index) == (tracks[1].id, 1)
    assert (saved.position, saved.changed, saved.changed_by) == (12345, clock.now(), "Phone")
    assert await queues.get(berta, watchable) is None
    await queues.save(anna, [], 0, Milliseconds(0), "Phone")
    assert await queues.get(anna, watchable) is None


async def test_tracks_that_are_gone_leave_the_queue(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    queues = server.services.play_queue
    gone = "tr-aaaaaaaaaaaaa"
    await queues.save(anna, [tracks[0].id, gone, tracks[1].id], 1, Milliseconds(500), "x")
    saved = await queues.get(anna, watchable)
    assert saved is not None
    assert (saved.current, saved.current_index, saved.position) == (tracks[1].id, 1, 0)
    await queues.save(anna, [tracks[0].id, gone], 1, Milliseconds(500), "x")
    saved = await queues.get(anna, watchable)
    assert saved is not None
    assert (saved.current, saved.current_index) == (tracks[0].id, 0)
    await queues.save(anna, [gone], 0, Milliseconds(500), "x")
    assert await queues.get(anna, watchable) is None


@pytest.mark.parametrize("index", [-1, 1])
async def test_the_current_track_must_be_in_the_queue(
    server: Server, anna: User, tracks: list[Track], index: int
) -> None:
    with pytest.raises(InvalidInputError):
        await server.services.play_queue.save(anna, [tracks[0].id], index, Milliseconds(0), "x")


async def test_the_second_of_two_equal_tracks_may_be_the_current_one(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    queues = server.services.play_queue
    ids = [tracks[0].id, tracks[1].id, tracks[0].id]
    await queues.save(anna, ids, 2, Milliseconds(5), "x")
    saved = await queues.get(anna, watchable)
    assert saved is not None
    assert (saved.current, saved.current_index) == (tracks[0].id, 2)


async def test_a_bookmark_is_set_moved_and_taken_away(
    server: Server, anna: User, berta: User, tracks: list[Track], clock: AnyClock
) -> None:
    bookmarks = server.services.bookmarks
    first, second = tracks[:2]
    await bookmarks.put(anna, first.id, Milliseconds(0), "begin")
    began = clock.now()
    clock.time += 1000
    await bookmarks.put(anna, second.id, Milliseconds(9), "")
    clock.time += 1000
    await bookmarks.put(anna, first.id, Milliseconds(70_000), "here")
    moved, other = await bookmarks.all(anna)
    assert (moved.item.id, moved.position, moved.comment) == (first.id, 70_000, "here")
    assert (moved.created, moved.changed, moved.user_name) == (began, clock.now(), "anna")
    assert (other.item.id, other.position) == (second.id, 9)
    assert (await server.services.tracks.track(anna, first.id)).annotation.bookmark == 70_000
    assert await bookmarks.all(berta) == ()
    for _ in range(2):
        await bookmarks.remove(anna, first.id)
    [left] = await bookmarks.all(anna)
    assert left.item.id == second.id
    assert (await server.services.tracks.track(anna, first.id)).annotation.bookmark is None


async def test_a_bookmark_leaves_stars_and_plays_alone(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    services = server.services
    await services.annotations.star(anna, [tracks[0].id])
    await services.bookmarks.put(anna, tracks[0].id, Milliseconds(1), "x")
    await services.annotations.rate(anna, tracks[0].id, 3)
    await services.bookmarks.remove(anna, tracks[0].id)
    left = (await services.tracks.track(anna, tracks[0].id)).annotation
    assert left.starred is not None
    assert left.rating == 3


async def test_only_what_one_may_see_has_bookmarks(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    for identifier in ("tr-aaaaaaaaaaaaa", "", tracks[5].id, tracks[0].album_id):
        with pytest.raises(NotFoundError):
            await server.services.bookmarks.put(anna, identifier, Milliseconds(0), "")
    await server.services.bookmarks.put(berta, tracks[5].id, Milliseconds(0), "")
    assert len(await server.services.bookmarks.all(berta)) == 1


async def test_a_listen_counts_once_on_track_album_and_artist(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    services = server.services
    when = Timestamp(1_700_000_000_000)
    for _ in range(2):
        await services.plays.scrobble(anna, [(tracks[0].id, when)], "Phone")
    await services.plays.scrobble(anna, [(tracks[1].id, when)], "Phone")
    track = await services.tracks.track(anna, tracks[0].id)
    assert (track.annotation.play_count, track.annotation.last_played) == (1, when)
    album = (await services.albums.album(anna, track.album_id)).album
    artist = (await services.artists.artist(anna, track.artists[0].id)).artist
    assert (album.annotation.play_count, artist.annotation.play_count) == (2, 2)
    assert (await services.tracks.track(berta, track.id)).annotation.play_count == 0
    frequent = AlbumListQuery(kind=AlbumListKind.FREQUENT)
    page = await services.albums.page(anna, frequent)
    listed = await by_rows(server.database, ALBUMS, anna, page.rows)
    assert [one.id for one in listed.values()] == [album.id]
    assert (await services.albums.page(berta, frequent)).total == 0


async def test_an_older_listen_sent_later_does_not_turn_time_back(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    """DSub sends what was heard offline when it is online again."""
    plays = server.services.plays
    await plays.scrobble(anna, [(tracks[0].id, Timestamp(2000))], "x")
    await plays.scrobble(anna, [(tracks[0].id, Timestamp(1000))], "x")
    track = await server.services.tracks.track(anna, tracks[0].id)
    assert (track.annotation.play_count, track.annotation.last_played) == (2, 2000)


async def test_an_unknown_track_takes_no_other_listen_along(
    server: Server, anna: User, tracks: list[Track]
) -> None:
    """What was heard offline may be of a track that is gone meanwhile."""
    listens = [(tracks[5].id, Timestamp(1)), (tracks[0].id, Timestamp(2)), (tracks[1].id, None)]
    for _ in range(2):
        with pytest.raises(NotFoundError, match=tracks[5].id):
            await server.services.plays.scrobble(anna, listens, "x")
    for heard in tracks[:2]:
        track = await server.services.tracks.track(anna, heard.id)
        assert track.annotation.play_count == 1


async def test_the_same_listen_without_a_time_counts_once(
    server: Server, anna: User, berta: User, tracks: list[Track], clock: AnyClock
) -> None:
    """Apps say it again when no answer came; of three minutes nobody has heard half so soon."""
    plays, heard = server.services.plays, tracks[0].id
    for client, after, count in (
        ("Phone", 0, 1),
        ("Phone", 5, 1),
        ("Phone", 29_000, 1),
        ("Desk", 0, 2),
        ("Phone", 2_000, 3),
        ("Phone", 200_000, 4),
    ):
        clock.time += after
        await plays.scrobble(anna, [(heard, None)], client)
        track = await server.services.tracks.track(anna, heard)
        assert (client, after, track.annotation.play_count) == (client, after, count)
    await plays.scrobble(berta, [(heard, None)], "Phone")
    assert (await server.services.tracks.track(berta, heard)).annotation.play_count == 1
    # Who says when it was means that.
    for earlier in (2_000, 1_000):
        when = Timestamp(clock.now() - earlier)
        await plays.scrobble(anna, [(heard, when)], "Phone")
    assert (await server.services.tracks.track(anna, heard)).annotation.play_count == 6


async def test_others_can_write_while_thousands_of_listens_are_recorded(
    server: Server, anna: User, berta: User, tracks: list[Track], config: Config
) -> None:
    listens = [(tracks[n % 5].id, Timestamp(n)) for n in range(3000)]
    with connect(config.server.data_dir / DATABASE, durable=False) as connection:
        count = select(func.count()).select_from(play)
        recorded = set()
        scrobbling = asyncio.create_task(server.services.plays.scrobble(anna, listens, "x"))
        while not scrobbling.done():
            await server.services.annotations.rate(berta, tracks[0].id, 3)
            recorded.add(connection.execute(count).scalar_one())
        await scrobbling
    assert recorded - {0, 3000}, "nobody could write before all was recorded"
    track = await server.services.tracks.track(anna, tracks[0].id)
    assert (track.annotation.play_count, track.annotation.last_played) == (600, 2995)
    artist = (await server.services.artists.artist(anna, tracks[2].artists[0].id)).artist
    assert artist.annotation.play_count == 1800


async def test_what_is_playing_now(
    server: Server, anna: User, berta: User, tracks: list[Track], clock: AnyClock
) -> None:
    plays = server.services.plays
    await plays.announce(anna, tracks[0].id, "Phone")
    await plays.announce(berta, tracks[5].id, "Desk")
    clock.time += 1
    await plays.announce(anna, tracks[1].id, "Phone")
    seen = await plays.now_playing(berta)
    assert [
        (p.user_name, p.item.id, p.player_name, p.player_id)
        for p in seen
        if isinstance(p.item, Track)
    ] == [
        ("anna", tracks[1].id, "Phone", 1),
        ("Berta", tracks[5].id, "Desk", 2),
    ]
    # Berta's library is hers alone.
    assert [p.user_name for p in await plays.now_playing(anna)] == ["anna"]
    clock.time += 180_000 + 30 * 60_000
    assert await plays.now_playing(berta) == ()


@pytest.mark.parametrize(
    "told", [[("starting", 0), ("playing", 60_000), ("stopped", 120_000)], [("stopped", 120_000)]]
)
async def test_reports_that_come_all_at_once_are_one_play(
    server: Server, anna: User, tracks: list[Track], told: list[tuple[str, int]]
) -> None:
    for state, position in [*told, told[-1]]:
        await server.services.plays.report(
            anna,
            tracks[0].id,
            PlaybackState(state),
            Milliseconds(position),
            rate=1.0,
            counts=True,
            client="Phone",
        )
    track = await server.services.tracks.track(anna, tracks[0].id)
    assert track.annotation.play_count == 1
