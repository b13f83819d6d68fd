"""Podcasts: channels that are followed for all users, and their episodes."""

from sqlalchemy import Connection

from hydrophone.domain.library import Page
from hydrophone.domain.podcast import Channel, Episode
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, NotPermittedError
from hydrophone.media.in_thread import in_thread
from hydrophone.services.clock import Clock
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.podcast_refresh import PodcastRefresh
from hydrophone.services.reading import every_page
from hydrophone.services.subscriptions import Subscriptions
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes, podcasts


class Podcasts:
    """Shows podcasts to everybody, and lets those with the role change them."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        subscriptions: Subscriptions,
        files: PodcastFiles,
        refresh: PodcastRefresh,
        downloads: PodcastDownloads,
    ) -> None:
        self._database = database
        self._clock = clock
        self._subscriptions = subscriptions
        self._files = files
        self._refresh = refresh
        self._downloads = downloads

    async def channels(self) -> tuple[Channel, ...]:
        """Return all channels, the oldest first."""
        return await self._database.read(podcasts.load)

    async def channel(self, channel_id: str) -> Channel:
        """Return a channel. Raises NotFoundError."""
        channel = await self._database.read(podcasts.one, channel_id)
        if channel is None:
            raise NotFoundError("There is no such podcast.")
        return channel

    async def episodes(self, viewer: User, channel: Channel) -> tuple[Episode, ...]:
        """Return a channel's episodes, the newest first."""

        def query(connection: Connection, page: Page) -> tuple[Episode, ...]:
            return episodes.of_channel(connection, viewer.id, channel.id, page)

        return await every_page(self._database, query)

    async def plain(self, channel: Channel, page: Page) -> tuple[Episode, ...]:
        """Return some of a channel's episodes (at most 500), without anybody's traces."""
        return await self._database.read(episodes.of_channel, episodes.NOBODY, channel.id, page)

    async def touched(self, viewer: User) -> tuple[Episode, ...]:
        """Return the episodes of all channels that the viewer has left something on."""

        def query(connection: Connection, page: Page) -> tuple[Episode, ...]:
            return episodes.touched(connection, viewer.id, page)

        return await every_page(self._database, query)

    async def newest(self, viewer: User, count: int) -> tuple[Episode, ...]:
        """Return the newest episodes of all channels."""
        return await self._database.read(episodes.newest, viewer.id, count)

    async def episode(self, viewer: User, episode_id: str) -> Episode:
        """Return an episode. Raises NotFoundError."""
        found = await self._database.read(episodes.by_ids, viewer.id, [episode_id])
        if episode_id not in found:
            raise NotFoundError("There is no such episode.")
        return found[episode_id]

    async def add(self, user: User, url: str) -> None:
        """Follow a feed from now on; it is read soon, and its status tells what came of it.

        One that is followed already is read again. Raises NotPermittedError, InvalidInputError
        if the address cannot be one of a feed, and ConflictError if there are too many.
        """
        _check(user)
        await self._subscriptions.add(url)
        self._refresh.wish()

    async def refresh(self, user: User) -> None:
        """Let all feeds be read soon, and failed downloads be tried again.

        Raises NotPermittedError.
        """
        _check(user)
        await self._database.write(episodes.make_due, self._clock.now())
        await self._database.write(podcasts.make_due, self._clock.now())
        self._refresh.wish()

    async def remove(self, user: User, channel_id: str) -> None:
        """Follow a feed no longer, and delete its episodes with their files.

        Raises NotPermittedError and NotFoundError.
        """
        _check(user)
        channel = await self.channel(channel_id)
        gone = await self.episodes(user, channel)
        await self._database.write(podcasts.delete, channel_id)
        for episode in gone:
            # Of most there is nothing; asking the disk for each would take a while.
            if episode.path or self._downloads.has_begun(episode):
                await self._drop(episode)

    async def download(self, user: User, episode_id: str) -> None:
        """Let an episode be downloaded; its status tells what came of it.

        One that is here stays as it is. Raises NotPermittedError and NotFoundError.
        """
        _check(user)
        episode = await self.episode(user, episode_id)
        if not episode.path:
            await self._downloads.request([episode.id])

    async def delete(self, user: User, episode_id: str) -> None:
        """Delete the file of an episode, or stop its download; the episode stays in its channel.

        Raises NotPermittedError and NotFoundError.
        """
        _check(user)
        episode = await self.episode(user, episode_id)
        await self._downloads.cancel(episode)
        # Asked for again: it may have become complete at the last moment.
        episode = await self.episode(user, episode_id)
        await self._database.write(episodes.forget_files, [episode_id])
        await in_thread(self._files.remove, episode)

    async def _drop(self, episode: Episode) -> None:
        await self._downloads.cancel(episode)
        await in_thread(self._files.remove, episode)


def _check(user: User) -> None:
    if not user.roles.podcast:
        raise NotPermittedError("Your account lacks the role podcast.")
