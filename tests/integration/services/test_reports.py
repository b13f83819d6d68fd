"""Plays that players report while they play: counted once, seen by all, lost by no restart."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest

from hydrophone.config import Config
from hydrophone.domain.music import Track
from hydrophone.domain.playback import NowPlaying, PlaybackState
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.server.wiring import Server
from hydrophone.services.plays import Plays
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.database import open_database

pytestmark = pytest.mark.anyio


class AnyClock(Protocol):
    time: int

    def now(self) -> Timestamp: ...


Count = Callable[[], Awaitable[int]]
Say = Callable[..., Awaitable[None]]
"""(state, position, after=milliseconds): report it so long after the last report."""


@pytest.fixture
def say(server: Server, anna: User, tracks: list[Track], clock: AnyClock) -> Say:
    async def report(
        state: str,
        position: int = 0,
        *,
        after: int = 0,
        track: int = 0,
        counts: bool = True,
        client: str = "Phone",
    ) -> None:
        clock.time += after
        await server.services.plays.report(
            anna,
            tracks[track].id,
            PlaybackState(state),
            Milliseconds(position),
            rate=1.0,
            counts=counts,
            client=client,
        )

    return report


@pytest.fixture
def count(server: Server, anna: User, tracks: list[Track]) -> Count:
    """Return how often Anna has played the first track."""

    async def play_count() -> int:
        found = await server.services.tracks.track(anna, tracks[0].id)
        return found.annotation.play_count

    return play_count


async def now(server: Server, viewer: User) -> list[NowPlaying]:
    return list(await server.services.plays.now_playing(viewer))


async def test_the_timeline_of_a_play(
    server: Server, anna: User, tracks: list[Track], clock: AnyClock, say: Say
) -> None:
    await say("starting")
    [seen] = await now(server, anna)
    assert (seen.state, seen.position, seen.rate) == ("starting", 0, 1.0)
    await say("playing", 500, after=1000)
    clock.time += 61_000
    [seen] = await now(server, anna)
    assert (seen.state, seen.position, seen.since_report) == ("playing", 61_500, 61_000)
    assert isinstance(seen.item, Track)
    assert (seen.item.id, seen.player_name) == (tracks[0].id, "Phone")
    await say("paused", 62_000, after=500)
    clock.time += 20 * 60_000
    [seen] = await now(server, anna)
    assert (seen.state, seen.position) == ("paused", 62_000)
    await say("stopped", 62_000)
    assert await now(server, anna) == []


async def test_several_players_of_one_user(
    server: Server, anna: User, clock: AnyClock, say: Say
) -> None:
    await say("playing", 1000)
    await say("paused", 2000, track=1, client="Desk", after=10)
    first, second = await now(server, anna)
    assert (first.player_name, second.player_name) == ("Desk", "Phone")
    assert first.player_id != second.player_id
    await say("playing", 2000, track=2, client="Phone")
    assert {one.player_id for one in await now(server, anna)} == {
        first.player_id,
        second.player_id,
    }
    clock.time += 33 * 60_000
    assert await now(server, anna) == []


async def test_an_app_with_a_new_name_each_time_is_forgotten_again(
    server: Server, anna: User, say: Say
) -> None:
    for number in range(105):
        await say("playing", client=f"app {number}", after=1)
    assert len(await now(server, anna)) == 100
    await say("playing", client="app 104", after=1)
    assert (await now(server, anna))[0].player_name == "app 104"


async def test_a_play_counts_once_and_at_its_beginning(
    server: Server, anna: User, tracks: list[Track], clock: AnyClock, say: Say, count: Count
) -> None:
    began = clock.time
    await say("starting")
    await say("playing", 60_000, after=60_000)
    assert await count() == 0
    await say("paused", 100_000, after=40_000)
    assert await count() == 1
    await say("playing", 100_000, after=3_600_000)
    await say("stopped", 180_000, after=80_000)
    await say("stopped", 180_000, after=10)
    found = await server.services.tracks.track(anna, tracks[0].id)
    assert (found.annotation.play_count, found.annotation.last_played) == (1, began)
    await say("starting")
    await say("stopped", 180_000, after=180_000)
    assert await count() == 2


async def test_a_skip_is_no_play_and_the_next_track_ends_the_one_before(
    say: Say, count: Count
) -> None:
    await say("starting")
    await say("starting", track=1, after=20_000)
    assert await count() == 0
    await say("starting", track=0, after=1000)
    await say("starting", track=1, after=180_000)
    assert await count() == 1


async def test_whoever_asks_for_it_is_not_counted(say: Say, count: Count) -> None:
    await say("starting", counts=False)
    await say("stopped", 180_000, after=180_000, counts=False)
    assert await count() == 0


@pytest.mark.parametrize("when", ["start", "now"])
@pytest.mark.parametrize("first", ["report", "scrobble"])
async def test_told_in_both_ways_a_play_is_one(
    server: Server,
    anna: User,
    tracks: list[Track],
    clock: AnyClock,
    say: Say,
    count: Count,
    when: str,
    first: str,
) -> None:
    plays = server.services.plays

    async def scrobble() -> None:
        time = Timestamp(began - 5000) if when == "start" else None
        await plays.scrobble(anna, [(tracks[0].id, time)], "Phone")

    for number in (1, 2):
        began = clock.time
        await plays.announce(anna, tracks[0].id, "Phone")
        await say("starting", after=100)
        await say("playing", 80_000, after=80_000)
        if first == "scrobble":
            clock.time += 5000
            await scrobble()
        await say("playing", 100_000, after=20_000)
        await plays.announce(anna, tracks[0].id, "Phone")
        if first == "report":
            await scrobble()
        await say("stopped", 180_000, after=80_000)
        assert await count() == number
        clock.time += 70_000
    # Another app of the same user is another play.
    await plays.scrobble(anna, [(tracks[0].id, None)], "Desk")
    assert await count() == 3


async def test_a_scrobble_sent_again_after_a_report_is_still_one(
    server: Server,
    anna: User,
    tracks: list[Track],
    clock: AnyClock,
    say: Say,
    count: Count,
) -> None:
    began = clock.time
    await say("starting")
    await say("stopped", 180_000, after=180_000)
    for _ in range(3):
        await server.services.plays.scrobble(anna, [(tracks[0].id, Timestamp(began))], "Phone")
    assert await count() == 1
    # What was heard later without a word counts by itself.
    clock.time += 3_600_000
    await server.services.plays.scrobble(anna, [(tracks[0].id, None)], "Phone")
    assert await count() == 2


async def test_an_announcement_alone_never_counts(
    server: Server,
    anna: User,
    tracks: list[Track],
    clock: AnyClock,
    count: Count,
) -> None:
    plays = server.services.plays
    for _ in range(2):
        await plays.announce(anna, tracks[0].id, "Phone")
        clock.time += 180_000
    await plays.announce(anna, tracks[1].id, "Phone")
    assert await count() == 0
    [seen] = await now(server, anna)
    assert isinstance(seen.item, Track)
    assert (seen.item.id, seen.state, seen.since_report) == (tracks[1].id, "playing", 0)


async def test_another_process_on_the_database_knows_it_all(
    config: Config,
    server: Server,
    anna: User,
    tracks: list[Track],
    clock: AnyClock,
    say: Say,
    count: Count,
) -> None:
    """As after a restart: nothing that tells of a listen lives in one process."""
    await say("starting")
    await say("playing", 60_000, after=60_000)
    async with open_database(config.server.data_dir / DATABASE) as database:
        other = Plays(
            database=database,
            clock=clock,
            radio=server.services.radio,
            events=server.services.events,
            catalogue=server.elsewhere.catalogue,
        )
        [seen] = await other.now_playing(anna)
        assert (seen.position, seen.player_id) == (60_000, 1)
        clock.time += 40_000
        await other.report(
            anna,
            tracks[0].id,
            PlaybackState.STOPPED,
            Milliseconds(100_000),
            rate=1.0,
            counts=True,
            client="Phone",
        )
    assert await count() == 1
    assert await now(server, anna) == []


async def test_only_what_one_may_hear_is_reported(
    server: Server, anna: User, berta: User, tracks: list[Track], say: Say
) -> None:
    with pytest.raises(NotFoundError):
        await say("playing", track=5)
    await server.services.plays.announce(berta, tracks[5].id, "Desk")
    assert await now(server, anna) == []
    assert len(await now(server, berta)) == 1
