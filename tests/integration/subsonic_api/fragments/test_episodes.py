"""Episodes that were written before are what they would be if written now."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection
from tests.integration.subsonic_api.fragments.household import ENCODINGS, Household, elsewhere

from hydrophone.config import Config
from hydrophone.domain.ids import CHANNEL, EPISODE, ArtworkId, ChannelId, EpisodeId, make_id
from hydrophone.domain.podcast import Channel, Episode, PodcastStatus
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Milliseconds, Seconds, Timestamp
from hydrophone.storage.queries import episodes, podcasts
from hydrophone_subsonic.mapping.podcast import podcast_channel, podcast_episode
from hydrophone_subsonic.responses.podcast import Podcasts

pytestmark = pytest.mark.anyio

NOW = Timestamp(1_700_000_000_000)
CHANNELS = [ChannelId(make_id(CHANNEL, name)) for name in ("a", "b", "empty")]


def episode(channel: ChannelId, number: int, **changes: Any) -> Episode:
    made = Episode(
        id=EpisodeId(make_id(EPISODE, channel, str(number))),
        channel_id=channel,
        channel_title="",
        artwork_id=None,
        title=f'Nr. <{number}> & "more"\u2028',
        description="봄" if number % 2 else "",
        published=Timestamp(NOW - number),
        url="http://podcast.example/e.mp3",
        duration=Seconds(60.0),
        size=ByteCount(1000),
        suffix="mp3",
        content_type="audio/mpeg",
        codec="",
        codec_profile="",
        bit_rate=Kbps(0),
        bit_depth=0,
        sampling_rate=Hertz(0),
        channel_count=0,
        status=PodcastStatus.NEW,
        error="",
        failures=0,
        due=None,
        path="",
        validator="",
        created=NOW,
    )
    return msgspec.structs.replace(made, **changes)


EPISODES = {channel: [episode(channel, n) for n in range(230)] for channel in CHANNELS[:2]}
ONE = EPISODES[CHANNELS[0]][3]


@pytest.fixture
async def followed(household: Household, config: Config) -> Household:
    async with elsewhere(config) as connection:
        for channel in CHANNELS:
            podcasts.add(connection, channel, f"http://127.0.0.1:1/{channel}", channel, NOW)
            # Nobody is to read them while they are looked at.
            known = podcasts.one(connection, channel)
            assert known is not None
            podcasts.save_success(connection, known, NOW, None)
        for channel, those in EPISODES.items():
            episodes.store(connection, channel, those)
    return household


async def podcasts_anew(household: Household, name: str, form: str, only: str | None) -> bytes:
    """Write podcasts without anything that was kept."""
    services, user = household.server.services.podcasts, household.users[name]
    shown = [
        podcast_channel(
            channel,
            tuple(map(podcast_episode, await services.episodes(user, channel))),
            shows_login=user.roles.podcast,
        )
        for channel in await services.channels()
        if only in (None, channel.id)
    ]
    return b"".join(ENCODINGS[form].parts("ok", "podcasts", Podcasts(channel=tuple(shown))))


async def check(household: Household) -> None:
    for form in ENCODINGS:
        for name in household.users:
            answer = await household.get(name, "/getPodcasts", form)
            assert answer == await podcasts_anew(household, name, form, None)
            for channel in CHANNELS[1:]:
                answer = await household.get(name, "/getPodcasts", form, id=channel)
                assert answer == await podcasts_anew(household, name, form, channel)


async def test_answers_are_the_same_to_the_byte(followed: Household) -> None:
    services, (anna, berta) = followed.server.services, followed.users.values()
    await check(followed)
    before = await followed.get("anna", "/getPodcasts", "json")
    assert before.count(b'"streamId"') == 2 * 230
    heard = EPISODES[CHANNELS[1]]
    await services.plays.scrobble(anna, [(heard[0].id, NOW), (heard[229].id, NOW)], "Phone")
    await services.bookmarks.put(berta, ONE.id, Milliseconds(5000), "")
    await check(followed)
    anna_sees = await followed.get("anna", "/getPodcasts", "json")
    assert anna_sees.count(b'"played"') == 2
    assert b"bookmarkPosition" not in anna_sees
    berta_sees = await followed.get("berta", "/getPodcasts", "json")
    assert b'"played"' not in berta_sees
    assert berta_sees.count(b"bookmarkPosition") == 1
    await services.bookmarks.remove(berta, ONE.id)
    await check(followed)
    assert await followed.get("berta", "/getPodcasts", "json") == before


CHANGES: dict[str, Callable[[Connection, Channel], object]] = {
    "new": lambda it, channel: episodes.store(it, channel.id, [episode(channel.id, 1000)]),
    "edited": lambda it, channel: episodes.store(
        it, channel.id, [episode(channel.id, 3, title="Hm")]
    ),
    "status": lambda it, _: episodes.set_status(it, [ONE.id], PodcastStatus.SKIPPED),
    "failed": lambda it, _: episodes.fail(it, ONE.id, "No.", NOW),
    "here": lambda it, _: episodes.save_file(it, msgspec.structs.replace(ONE, path="x.mp3")),
    "deleted": lambda it, _: episodes.forget_files(it, [ONE.id]),
    "too many": lambda it, channel: episodes.prune(it, channel.id, 229),
    "channel gone": lambda it, channel: podcasts.delete(it, channel.id),
    "renamed": lambda it, channel: podcasts.save_success(
        it, msgspec.structs.replace(channel, title="Otherwise"), NOW, None
    ),
    "picture": lambda it, channel: podcasts.save_artwork(it, channel.id, ArtworkId("aw-1")),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_by_another_process_shows_at_once(
    followed: Household, config: Config, change: str
) -> None:
    before = await followed.get("anna", "/getPodcasts", "xml")
    async with elsewhere(config) as connection:
        channel = podcasts.one(connection, ONE.channel_id)
        assert channel is not None
        CHANGES[change](connection, channel)
    assert await followed.get("anna", "/getPodcasts", "xml") != before
    await check(followed)


async def test_a_download_that_is_tried_again_shows_at_once(
    followed: Household, config: Config
) -> None:
    async with elsewhere(config) as connection:
        episodes.fail(connection, ONE.id, "No.", NOW)
    assert b"No. The server tries again" in await followed.get("anna", "/getPodcasts", "json")
    async with elsewhere(config) as connection:
        episodes.resume(connection, [ONE.id])
    assert b"No. The server tries again" not in await followed.get("anna", "/getPodcasts", "json")
    await check(followed)


async def test_a_feed_without_news_changes_nothing(followed: Household, config: Config) -> None:
    known = await followed.server.services.podcasts.channels()
    async with elsewhere(config) as connection:
        for channel, those in EPISODES.items():
            episodes.store(connection, channel, those)
            episodes.prune(connection, channel, 230)
    assert await followed.server.services.podcasts.channels() == known
    async with elsewhere(config) as connection:
        episodes.store(connection, CHANNELS[0], [episode(CHANNELS[0], 3, title="Hm")])
    after = await followed.server.services.podcasts.channels()
    assert [old.id for old, new in zip(known, after, strict=True) if old != new] == [CHANNELS[0]]
