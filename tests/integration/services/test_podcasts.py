"""Podcasts from real feeds on loopback: reading, downloading, hearing, and all that goes wrong."""

import asyncio
import socket
import time
import typing
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from hydrophone.config import Config, OutboundConfig, PodcastDownload
from hydrophone.config.outbound import HostAndPort
from hydrophone.domain.client_profile import (
    ClientProfile,
    MediaType,
    Protocol,
    TranscodingProfile,
)
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.podcast import Channel, Episode
from hydrophone.domain.units import Kbps, Milliseconds, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from hydrophone.server.wiring import Server, open_server
from hydrophone.services.podcast_downloads import GrowingEpisode
from hydrophone.services.streaming import Media, TranscodedAudio
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.loopback import Loopback, Request, loopback, reset, respond

pytestmark = pytest.mark.anyio


class StandingClock(typing.Protocol):
    """That of conftest.py."""

    time: int

    def now(self) -> Timestamp: ...


WANTS_OPUS = ClientProfile(
    max_bit_rate=Kbps(0),
    max_transcoding_bit_rate=Kbps(0),
    direct_play=(),
    transcoding=(
        TranscodingProfile(container="ogg", codec="opus", protocol=Protocol.HTTP, max_channels=0),
    ),
    codecs=(),
)


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("audio") / "a.mp3"
    make_audio(path, seconds=30.0)
    return path.read_bytes()


@pytest.fixture
def remote() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
def config(config: Config, remote: Loopback) -> Config:
    return replace(config, outbound=OutboundConfig(allow=(HostAndPort(remote.place),)))


def feed(remote: Loopback, *names: str, title: str = "Sea Talk", more: str = "") -> bytes:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid>"
        f"<pubDate>Thu, {day:02} Jan 2026 10:00:00 GMT</pubDate>"
        f'<enclosure url="{remote.url}/{name}.mp3" length="7" type="audio/mpeg"/></item>'
        for day, name in enumerate(names, 1)
    )
    return f"<rss><channel><title>{title}</title>{more}{items}</channel></rss>".encode()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; fail if it is not after ten seconds."""
    deadline = time.monotonic() + 10
    while not await condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def _is_more(remote: Loopback, asked: int) -> bool:
    return len(remote.asked("/One.mp3")) > asked


class Listener:
    """An admin with the services, who waits for what is to come."""

    def __init__(self, server: Server, user: User, clock: StandingClock) -> None:
        self.server = server
        self.user = user
        self.clock = clock
        self.podcasts = server.services.podcasts

    async def channel(self) -> Channel:
        [channel] = await self.podcasts.channels()
        return channel

    async def episodes(self) -> tuple[Episode, ...]:
        return await self.podcasts.episodes(self.user, await self.channel())

    async def episode(self, title: str) -> Episode:
        return next(one for one in await self.episodes() if one.title == title)

    async def add(self, url: str) -> Channel:
        await self.podcasts.add(self.user, url)
        return await self.settled()

    async def settled(self) -> Channel:
        await until(self.is_settled)
        return await self.channel()

    async def is_settled(self) -> bool:
        channels = await self.podcasts.channels()
        return bool(channels) and all(channel.status != "new" for channel in channels)

    async def refreshed(self, remote: Loopback, path: str) -> Channel:
        before = len(remote.asked(path))
        was = (await self.channel()).failures, (await self.channel()).refreshed
        self.clock.time += 1000
        await self.podcasts.refresh(self.user)

        async def is_done() -> bool:
            channel = await self.channel()
            was_read = was != (channel.failures, channel.refreshed)
            return was_read and len(remote.asked(path)) > before

        await until(is_done)
        return await self.channel()

    async def until(self, title: str, *statuses: str) -> Episode:
        async def is_there() -> bool:
            # What failed is tried again by the clock.
            self.clock.time += 100
            return (await self.episode(title)).status in statuses

        await until(is_there)
        return await self.episode(title)

    async def hear(self, episode: Episode) -> bytes:
        heard = await self.server.services.streaming.open(self.user, episode.id, StreamRequest())
        assert isinstance(heard, GrowingEpisode)
        async with aclosing(heard.chunks()) as chunks:
            return b"".join([chunk async for chunk in chunks])


@pytest.fixture
def listener(server: Server, admin: User, clock: StandingClock) -> Listener:
    return Listener(server, admin, clock)


async def test_a_feed_becomes_a_channel_with_its_picture(
    listener: Listener, remote: Loopback, berta: User
) -> None:
    picture = make_picture(color="red", size=64)
    image = f"<image><url>{remote.serve('/i.png', picture)}</url></image>"
    url = remote.serve("/feed", feed(remote, "One", "Two", more=image))
    channel = await listener.add(url)
    assert (channel.status, channel.title, channel.url) == ("completed", "Sea Talk", url)
    assert [e.title for e in await listener.episodes()] == ["Two", "One"]
    assert [e.title for e in await listener.podcasts.newest(berta, 1)] == ["Two"]
    assert channel.artwork_id is not None
    artwork = listener.server.services.artwork
    for identifier in (channel.artwork_id, channel.id, (await listener.episode("One")).id):
        assert (await artwork.picture(berta, identifier, None)).data == picture
    assert (await artwork.picture(berta, channel.id, 10)).content_type == "image/jpeg"
    await listener.podcasts.add(listener.user, url)
    assert (await listener.channel()).id == channel.id


async def test_only_those_with_the_role_change_anything(
    listener: Listener, remote: Loopback, berta: User
) -> None:
    channel = await listener.add(remote.serve("/feed", feed(remote, "One")))
    episode = await listener.episode("One")
    podcasts = listener.podcasts
    for forbidden in (
        podcasts.add(berta, remote.url),
        podcasts.refresh(berta),
        podcasts.remove(berta, channel.id),
        podcasts.download(berta, episode.id),
        podcasts.delete(berta, episode.id),
    ):
        with pytest.raises(NotPermittedError):
            await forbidden


@pytest.mark.parametrize(
    "url", ["", "feed", "file:///etc/passwd", "http://127.0.0.1:1/x", "http://169.254.169.254/"]
)
async def test_addresses_that_are_refused_at_once(listener: Listener, url: str) -> None:
    with pytest.raises(InvalidInputError):
        await listener.podcasts.add(listener.user, url)
    assert await listener.podcasts.channels() == ()


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"<rss><channel>", "200 OK", "broken"),
        (b"<!doctype html><p>Buy this domain", "200 OK", "web page"),
        (BOMB, "200 OK", "document type"),
        (b"x" * (10 * 1024 * 1024 + 1), "200 OK", "more than 10485760 bytes"),
        (b"gone", "410 Gone", "410"),
        (b"", "500 Oops", "500"),
    ],
    ids=["cut", "page", "bomb", "huge", "gone", "trouble"],
)
async def test_a_feed_that_cannot_be_read_says_why(
    listener: Listener, remote: Loopback, body: bytes, status: str, reason: str
) -> None:
    channel = await listener.add(remote.serve("/feed", body, status=status))
    assert channel.status == "error"
    assert reason in channel.error
    assert channel.failures == 1
    remote.serve("/feed", feed(remote, "One"))
    channel = await listener.refreshed(remote, "/feed")
    assert (channel.status, channel.error, channel.failures) == ("completed", "", 0)


async def test_a_name_that_is_private_is_found_out(listener: Listener, remote: Loopback) -> None:
    for url in (
        f"http://localhost:{remote.port}/feed",
        remote.redirect("/away", "http://10.0.0.1/"),
    ):
        await listener.podcasts.add(listener.user, url)
        await until(listener.is_settled)
        channels = await listener.podcasts.channels()
        assert "public internet" in channels[-1].error
    assert not remote.asked("/feed")


async def test_conditions_and_redirects_for_good(listener: Listener, remote: Loopback) -> None:
    etag = {"ETag": '"v1"'}
    first = await listener.add(remote.serve("/feed", feed(remote, "One"), headers=etag))
    remote.serve("/feed", status="304 Not Modified")
    channel = await listener.refreshed(remote, "/feed")
    assert channel.status == "completed"
    assert remote.asked("/feed")[-1].headers["if-none-match"] == '"v1"'
    assert len(await listener.episodes()) == 1
    remote.redirect("/feed", "/moved", status="301 Moved Permanently")
    moved = remote.serve("/moved", feed(remote, "One", "Two"))
    channel = await listener.refreshed(remote, "/moved")
    assert (channel.url, channel.id) == (moved, first.id)
    before = {episode.id for episode in await listener.episodes()}
    await listener.refreshed(remote, "/moved")
    assert {episode.id for episode in await listener.episodes()} == before
    assert len(remote.asked("/feed")) == 3


async def test_an_episode_is_downloaded_under_a_readable_name(
    listener: Listener, remote: Loopback, config: Config, audio: bytes, admin: User
) -> None:
    remote.serve_file("/One.mp3", audio)
    await listener.add(remote.serve("/feed", feed(remote, "One", title="../Sea: Talk")))
    episode = await listener.episode("One")
    await listener.podcasts.download(admin, episode.id)
    done = await listener.until("One", "completed", "error")
    assert (done.status, done.error) == ("completed", "")
    assert done.path == "_Sea_ Talk/2026-01-01 One.mp3"
    path = config.podcasts.folder / done.path
    assert path.read_bytes() == audio
    assert (done.size, done.suffix) == (len(audio), "mp3")
    assert done.duration == pytest.approx(30, abs=0.2)
    assert done.bit_rate > 0
    heard = await listener.server.services.streaming.open(admin, episode.id, StreamRequest())
    assert isinstance(heard, AudioFile)
    assert heard.path == path
    less = StreamRequest(max_bit_rate=Kbps(32))
    assert isinstance(
        await listener.server.services.streaming.open(admin, episode.id, less), TranscodedAudio
    )
    await listener.podcasts.delete(admin, episode.id)
    assert (await listener.episode("One")).status == "deleted"
    assert not path.exists()
    assert not path.parent.exists()
    assert not list((config.podcasts.folder / ".parts").iterdir())


async def test_it_is_heard_while_it_is_downloaded(
    listener: Listener, remote: Loopback, audio: bytes, config: Config
) -> None:
    may_go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(request: Request, connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(audio)}\r\n\r\n"
        connection.sendall(head.encode() + audio[:100_000])
        asyncio.run_coroutine_threadsafe(may_go_on.wait(), loop).result(10)
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


async def test_a_download_that_breaks_off_goes_on(
    listener: Listener, remote: Loopback, audio: bytes, config: Config, admin: User
) -> None:
    whole = remote.serve_file("/whole", audio)
    assert whole

    def once(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
            return
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(audio)}\r\n\r\n'
        connection.sendall(head.encode() + audio[:70_000])
        time.sleep(0.3)
        reset(connection)

    remote.routes["/One.mp3"] = once
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    done = await listener.until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio
    again = remote.asked("/One.mp3")[1].headers
    assert (again["range"], again["if-range"]) == ("bytes=70000-", '"v1"')


async def test_another_version_is_not_joined_to_the_first(
    listener: Listener, remote: Loopback, audio: bytes, config: Config, admin: User
) -> None:
    remote.serve_file("/whole", audio, etag='"v2"')

    def once(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
        else:
            head = b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 90000\r\n\r\n'
            connection.sendall(head + b"\0" * 60_000)

    remote.routes["/One.mp3"] = once
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    done = await listener.until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio


async def test_a_restart_goes_on_with_downloads(
    config: Config, remote: Loopback, audio: bytes, clock: StandingClock
) -> None:
    remote.serve_file("/whole", audio)

    def hanging(request: Request, connection: socket.socket) -> None:
        if len(remote.asked("/One.mp3")) > 1:
            remote.routes["/whole"](request, connection)
            return
        head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(audio)}\r\n\r\n'
        connection.sendall(head.encode() + audio[:50_000])
        connection.recv(1)

    remote.routes["/One.mp3"] = hanging
    async with open_server(config, clock=clock) as server:
        assert server.new_admin is not None
        admin = await server.services.logins.verify_password("admin", server.new_admin.password)
        listener = Listener(server, admin, clock)
        await listener.add(remote.serve("/feed", feed(remote, "One")))
        episode = await listener.episode("One")
        await listener.podcasts.download(admin, episode.id)
        part = config.podcasts.folder / ".parts" / f"{episode.id}.mp3"

        async def is_written() -> bool:
            return part.exists() and part.stat().st_size >= 50_000

        await until(is_written)
    async with open_server(config, clock=clock) as server:
        done = await Listener(server, admin, clock).until("One", "completed", "error")
    assert (config.podcasts.folder / done.path).read_bytes() == audio
    assert remote.asked("/One.mp3")[1].headers["range"] == "bytes=50000-"


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"<html>Please log in</html>", {"Content-Type": "text/html"}, "web page"),
        (b"This is no music at all." * 100, {}, "cannot be played"),
        (b"", {}, "cannot be played"),
    ],
    ids=["page", "words", "nothing"],
)
async def test_what_is_no_episode_is_not_kept(
    listener: Listener,
    remote: Loopback,
    config: Config,
    admin: User,
    body: bytes,
    headers: dict[str, str],
    reason: str,
) -> None:
    remote.serve("/One.mp3", body, headers=headers)
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    failed = await listener.until("One", "completed", "error")
    assert failed.status == "error"
    assert reason in failed.error
    assert {path.name for path in config.podcasts.folder.iterdir()} == {".parts"}
    with pytest.raises(HydrophoneError, match=reason):
        await listener.hear(failed)


async def test_a_failed_download_is_tried_again_later_each_time_and_not_for_ever(
    listener: Listener, remote: Loopback, audio: bytes, admin: User
) -> None:
    waits = []
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    for _ in range(4):
        failed = await listener.until("One", "error")
        assert failed.due is not None
        waits.append(round((failed.due - listener.clock.time) / 3_600_000))
        listener.clock.time = failed.due
        asked = len(remote.asked("/One.mp3"))
        await listener.refreshed(remote, "/feed")
        await until(partial(_is_more, remote, asked))
    assert waits == [1, 4, 24, 72]
    failed = await listener.until("One", "error")
    assert (failed.due, failed.failures) == (None, 5)
    remote.serve_file("/One.mp3", audio)
    await listener.refreshed(remote, "/feed")
    assert (await listener.episode("One")).status == "error"
    await listener.podcasts.download(admin, failed.id)
    assert (await listener.until("One", "completed")).failures == 0


async def test_who_refreshes_need_not_wait_for_the_next_try(
    listener: Listener, remote: Loopback, audio: bytes, admin: User
) -> None:
    await listener.add(remote.serve("/feed", feed(remote, "One")))
    await listener.podcasts.download(admin, (await listener.episode("One")).id)
    await listener.until("One", "error")
    remote.serve_file("/One.mp3", audio)
    await listener.podcasts.refresh(admin)
    assert (await listener.until("One", "completed")).error == ""


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


async def test_new_episodes_come_by_themselves_and_old_ones_go(
    config: Config, tmp_path: Path, remote: Loopback, audio: bytes, clock: StandingClock
) -> None:
    """Of three that appear at once, with two to keep, the oldest is skipped."""
    chosen = replace(config.podcasts, download=PodcastDownload.NEW, keep_episodes=2)
    for name in ("Old", "One", "Two", "Three", "Four"):
        remote.serve_file(f"/{name}.mp3", audio)
    async with open_server(replace(config, podcasts=chosen), clock=clock) as server:
        assert server.new_admin is not None
        admin = await server.services.logins.verify_password("admin", server.new_admin.password)
        listener = Listener(server, admin, clock)
        await listener.add(remote.serve("/feed", feed(remote, "Old")))
        assert (await listener.episode("Old")).status == "new"
        remote.serve("/feed", feed(remote, "Old", "One", "Two", "Three"))
        await listener.refreshed(remote, "/feed")
        await listener.until("Two", "completed")
        await listener.until("Three", "completed")
        statuses = {e.title: e.status for e in await listener.episodes()}
        assert (statuses["Old"], statuses["One"]) == ("new", "skipped")
        remote.serve("/feed", feed(remote, "Old", "One", "Two", "Three", "Four"))
        await listener.refreshed(remote, "/feed")
        await listener.until("Four", "completed")
        await listener.refreshed(remote, "/feed")
        gone = await listener.until("Two", "deleted")
        assert gone.path == ""
        files = [p.name for p in chosen.folder.rglob("*.mp3")]
        assert sorted(files) == ["2026-01-04 Three.mp3", "2026-01-05 Four.mp3"]


async def test_a_channel_is_removed_with_all_that_is_its(
    listener: Listener, remote: Loopback, audio: bytes, config: Config, admin: User
) -> None:
    def hanging(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + audio)
        connection.recv(1)

    remote.routes["/Two.mp3"] = hanging
    remote.serve_file("/One.mp3", audio)
    channel = await listener.add(remote.serve("/feed", feed(remote, "One", "Two")))
    for episode in await listener.episodes():
        await listener.podcasts.download(admin, episode.id)
    await listener.until("One", "completed")
    await listener.podcasts.remove(admin, channel.id)
    assert await listener.podcasts.channels() == ()
    assert await listener.podcasts.newest(admin, 10) == ()
    assert not [p for p in config.podcasts.folder.rglob("*") if p.is_file()]
    with pytest.raises(NotFoundError):
        await listener.podcasts.remove(admin, channel.id)


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
    queue = await services.play_queue.get(admin)
    assert queue is not None
    assert (queue.current, [entry.id for entry in queue.entries]) == (episode.id, [episode.id])
    with pytest.raises(NotFoundError):
        await services.annotations.star(admin, [episode.id])


async def test_one_host_is_asked_for_one_feed_at_a_time(
    listener: Listener, remote: Loopback, admin: User
) -> None:
    running, most = 0, 0

    def slow(request: Request, connection: socket.socket) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.05)
        running -= 1
        respond(connection, feed(remote, "One"))

    for number in range(5):
        remote.routes[f"/{number}"] = slow
        await listener.podcasts.add(admin, f"{remote.url}/{number}")
    await until(listener.is_settled)
    assert most == 1
