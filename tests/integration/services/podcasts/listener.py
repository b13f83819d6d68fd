"""Feeds to serve, and an admin who hears what they bring."""

import asyncio
import time
import typing
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from hydrophone.domain.media import StreamRequest
from hydrophone.domain.podcast import Channel, Episode
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.services.growing_episode import GrowingEpisode
from hydrophone.testing.loopback import Loopback


class StandingClock(typing.Protocol):
    """That of conftest.py."""

    time: int

    def now(self) -> Timestamp: ...


def feed(remote: Loopback, *names: str, title: str = "Sea Talk", more: str = "") -> bytes:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid>"
        f"<pubDate>Thu, {day:02} Jan 2026 10:00:00 GMT</pubDate>"
        f'<enclosure url="{remote.url}/{name}.mp3" length="7" type="audio/mpeg"/></item>'
        for day, name in enumerate(names, 1)
    )
    return f"<rss><channel><title>{title}</title>{more}{items}</channel></rss>".encode()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; fail if it is not after half a minute."""
    deadline = time.monotonic() + 30
    while not await condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


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
