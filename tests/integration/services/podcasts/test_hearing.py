"""Episodes are played, before they are here too, and remembered like tracks."""

import asyncio
import socket

import pytest
from tests.integration.services.podcasts.listener import Listener, StandingClock, feed

from hydrophone.config import Config
from hydrophone.domain.client_profile import (
    ClientProfile,
    MediaType,
    Protocol,
    TranscodingProfile,
)
from hydrophone.domain.media import StreamRequest
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import Kbps, Milliseconds, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import (
    NotFoundError,
)
from hydrophone.services.conversions import TranscodedAudio
from hydrophone.services.growing_episode import GrowingEpisode
from hydrophone.services.playables import watchable
from hydrophone.services.streaming import Media
from hydrophone.testing.loopback import Loopback, Request

pytestmark = pytest.mark.anyio

WANTS_OPUS = ClientProfile(
    max_bit_rate=Kbps(0),
    max_transcoding_bit_rate=Kbps(0),
    direct_play=(),
    transcoding=(
        TranscodingProfile(container="ogg", codec="opus", protocol=Protocol.HTTP, max_channels=0),
    ),
    codecs=(),
)


async def test_it_is_heard_while_it_is_downloaded(
    listener: Listener, remote: Loopback, audio: bytes, config: Config
) -> None:
    may_go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(request: Request, connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(audio)}\r\n\r\n"
        connection.sendall(head.encode() + audio[:100_000])
        asyncio.run_coroutine_threadsafe(may_go_on.wait(), loop).result(60)
        connection.sendall(audio[100_000:])

    remote.routes["/One.mp3"] = slow
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    episode = await listener.episode("One")
    streaming = listener.server.services.streaming
    heard = await streaming.open(listener.user, episode.id, StreamRequest())
    assert isinstance(heard, GrowingEpisode)
    first = heard.chunks()
    begun = await anext(first)
    assert audio.startswith(begun)
    assert (await listener.episode("One")).status == "downloading"
    second = asyncio.create_task(listener.hear(episode))
    await first.aclose()
    may_go_on.set()
    assert await second == audio
    done = await listener.until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio
    assert len(remote.asked("/One.mp3")) == 1


async def test_apps_that_say_what_they_play_are_told_of_episodes(
    listener: Listener, remote: Loopback, audio: bytes, admin: User
) -> None:
    remote.serve_file("/One.mp3", audio)
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    episode = await listener.episode("One")
    streaming = listener.server.services.streaming
    media = Media(MediaType.PODCAST, episode.id, "app")
    before = await streaming.decide(admin, media, WANTS_OPUS)
    assert (before.can_play_directly, before.transcode) == (False, None)
    assert "download it" in before.problem
    await listener.podcasts.download(admin, episode.id)
    await listener.until("One", "completed")
    decision = await streaming.decide(admin, media, WANTS_OPUS)
    assert (decision.source.container, decision.source.codec) == ("mp3", "mp3")
    assert decision.transcode is not None
    assert decision.transcode.codec == "opus"
    heard = await streaming.open_decided(admin, media, decision.parameters, Seconds(10.0))
    assert isinstance(heard, TranscodedAudio)
    assert heard.content_type == "audio/ogg"
    assert heard.duration == pytest.approx(20, abs=0.2)
    with pytest.raises(NotFoundError):
        await streaming.decide(admin, Media(MediaType.SONG, episode.id, "app"), WANTS_OPUS)


async def test_bookmarks_plays_and_the_queue_know_episodes(
    listener: Listener, remote: Loopback, admin: User, clock: StandingClock
) -> None:
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    episode = await listener.episode("One")
    services = listener.server.services
    await services.bookmarks.put(admin, episode.id, Milliseconds(1500), "here")
    [bookmark] = await services.bookmarks.all(admin)
    assert isinstance(bookmark.item, Episode)
    assert (bookmark.item.id, bookmark.item.annotation.bookmark) == (episode.id, 1500)
    await services.plays.scrobble(admin, [(episode.id, Timestamp(5))] * 2, "test")
    heard = (await listener.episode("One")).annotation
    assert (heard.play_count, heard.last_played) == (1, 5)
    await services.plays.announce(admin, episode.id, "test")
    [playing] = await services.plays.now_playing(admin)
    assert playing.item == await listener.episode("One")
    await services.play_queue.save(admin, [episode.id], 0, Milliseconds(7), "test")
    queue = await services.play_queue.get(admin, watchable)
    assert queue is not None
    assert (queue.current, [entry.id for entry in queue.entries]) == (episode.id, [episode.id])
    with pytest.raises(NotFoundError):
        await services.annotations.star(admin, [episode.id])
