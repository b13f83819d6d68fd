"""Episodes are downloaded, by hand or by themselves, and go again."""

import socket
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.integration.services.podcasts.listener import Listener, StandingClock, feed, until

from hydrophone.config import Config, PodcastDownload
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    NotFoundError,
)
from hydrophone.server.wiring import open_server
from hydrophone.services.conversions import TranscodedAudio
from hydrophone.testing.loopback import Loopback, Request

pytestmark = pytest.mark.anyio


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


async def _is_more(remote: Loopback, asked: int) -> bool:
    return len(remote.asked("/One.mp3")) > asked


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
