"""Feeds on loopback become channels, are read again, and say what is wrong with them."""

import socket
import time

import pytest
from tests.integration.services.podcasts.listener import Listener, feed, until

from hydrophone.domain.user import User
from hydrophone.errors import (
    InvalidInputError,
    NotPermittedError,
)
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.loopback import Loopback, Request, respond

pytestmark = pytest.mark.anyio


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
