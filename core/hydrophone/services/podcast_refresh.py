"""Reads feeds when they are due, and says what became of it."""

import asyncio
import logging
from collections.abc import Sequence

import httpx
import msgspec

from hydrophone.config import PodcastDownload, PodcastsConfig
from hydrophone.domain.annotation import UNTOUCHED
from hydrophone.domain.ids import (
    ARTWORK,
    EPISODE,
    ArtworkId,
    EpisodeId,
    digest,
    encode_id,
    make_id,
)
from hydrophone.domain.podcast import Channel, Episode, PodcastStatus
from hydrophone.domain.units import ByteCount, Hertz, Kbps, Seconds, Timestamp
from hydrophone.errors import HydrophoneError, InvalidInputError, ProviderError, RetryLaterError
from hydrophone.media.feed import MOST_EPISODES, Feed, FeedEpisode, FeedRequest
from hydrophone.media.in_thread import in_thread
from hydrophone.outbound import Document, Outbound
from hydrophone.sandbox.worker import Worker
from hydrophone.services.clock import Clock
from hydrophone.services.podcast_downloads import PodcastDownloads
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes, podcasts

logger = logging.getLogger(__name__)

_MOST_HOSTS = 4
"""That are asked at the same time; each for one feed after the other."""
_LOOK_SECONDS = 30.0
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_LARGEST_FEED = ByteCount(10 * 1024**2)
_LARGEST_PICTURE = ByteCount(10 * 1024**2)
_FETCH_LIMIT = Seconds(60.0)
_PARSE_LIMIT = 30.0
_WORKER_MEMORY = 768 * 1024**2
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")
"""How files begin that can be scaled."""


class PodcastRefresh:
    """Follows the feeds: by the clock, and at once when somebody wishes."""

    def __init__(
        self,
        config: PodcastsConfig,
        *,
        database: Database,
        clock: Clock,
        outbound: Outbound,
        files: PodcastFiles,
        downloads: PodcastDownloads,
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._outbound = outbound
        self._files = files
        self._downloads = downloads
        self._wish = asyncio.Event()
        self._parser: Worker[Feed] = Worker(
            "hydrophone.media.feed_parser:parse_feed", answer=Feed, memory=_WORKER_MEMORY
        )
        self._parsing = asyncio.Semaphore(1)

    def wish(self) -> None:
        """Look soon for feeds that are due."""
        self._wish.set()

    def close(self) -> None:
        """End the child process."""
        self._parser.close()

    async def run(self) -> None:
        """Read feeds when they are due, for ever."""
        while True:
            self._wish.clear()
            await self._downloads.retry(self._clock.now())
            due = await self._database.read(podcasts.due, self._clock.now())
            by_host: dict[str, list[Channel]] = {}
            for channel in due:
                by_host.setdefault(httpx.URL(channel.url).host, []).append(channel)
            turns = asyncio.Semaphore(_MOST_HOSTS)
            async with asyncio.TaskGroup() as group:
                for channels in by_host.values():
                    group.create_task(self._one_by_one(channels, turns))
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._wish.wait()
            except TimeoutError:
                continue

    async def _one_by_one(self, channels: Sequence[Channel], turns: asyncio.Semaphore) -> None:
        async with turns:
            for channel in channels:
                try:
                    await self._refresh(channel)
                except HydrophoneError as error:
                    await self._fail(channel, error)
                except Exception:  # the border: what one feed provokes must not stop the others
                    logger.exception("Reading the podcast %s failed", channel.id)
                    await self._fail(channel, HydrophoneError("The feed could not be read."))

    async def _refresh(self, channel: Channel) -> None:
        document = await self._outbound.fetch(
            channel.url,
            largest=_LARGEST_FEED,
            time_limit=_FETCH_LIMIT,
            headers=_conditions(channel),
        )
        if document.is_unchanged:
            await self._succeed(msgspec.structs.replace(channel, url=document.permanent_url))
            return
        async with self._parsing:
            request = FeedRequest(url=document.url, content=document.content)
            feed = await in_thread(lambda: self._parser.call(request, timeout=_PARSE_LIMIT))
        updated = _updated(channel, document, feed)
        new = await self._store(updated, feed)
        if feed.image_url and (feed.image_url != channel.image_url or not channel.artwork_id):
            await self._get_picture(updated)
        await self._succeed(updated)
        await self._settle(channel, new)

    async def _store(self, channel: Channel, feed: Feed) -> list[EpisodeId]:
        """Keep all episodes of a feed; return those that are new, the newest first."""
        now = self._clock.now()
        found = [_episode(channel, episode, now) for episode in feed.episodes]
        new: list[EpisodeId] = []
        for step in steps(found):
            new += await self._database.write(episodes.store, channel.id, step)
        await self._database.write(episodes.prune, channel.id, MOST_EPISODES)
        return new

    async def _settle(self, channel: Channel, new: Sequence[EpisodeId]) -> None:
        """Download what is new, if that is wished for, and let go of what is too old."""
        keep = self._config.keep_episodes
        if self._config.download is PodcastDownload.NEW and channel.refreshed is not None:
            wanted, skipped = (new[:keep], new[keep:]) if keep else (new, ())
            for step in steps(skipped):
                await self._database.write(episodes.set_status, step, PodcastStatus.SKIPPED)
            for step in steps(wanted):
                await self._downloads.request(step)
        if not keep:
            return
        too_old = await self._database.read(episodes.beyond, channel.id, keep)
        for step in steps(too_old):
            known = await self._database.read(episodes.by_ids, episodes.NOBODY, step)
            await self._database.write(episodes.forget_files, step)
            for episode in known.values():
                await in_thread(self._files.remove, episode)

    async def _get_picture(self, channel: Channel) -> None:
        """Get a channel's picture; a channel without one is no worse for it."""
        try:
            document = await self._outbound.fetch(
                channel.image_url, largest=_LARGEST_PICTURE, time_limit=_FETCH_LIMIT
            )
            if not document.content.startswith(_PICTURES):
                logger.info("The picture of the podcast %s is none", channel.id)
                return
            artwork_id = ArtworkId(encode_id(ARTWORK, digest(document.content)))
            await in_thread(self._files.put_picture, artwork_id, document.content)
            await self._database.write(podcasts.save_artwork, channel.id, artwork_id)
        except (ProviderError, InvalidInputError, OSError) as error:
            logger.info("No picture of the podcast %s: %s", channel.id, error)

    async def _succeed(self, channel: Channel) -> None:
        now = self._clock.now()
        minutes = self._config.refresh_minutes
        next_due = Timestamp(now + minutes * _MINUTE_MS) if minutes else None
        await self._database.write(podcasts.save_success, channel, now, next_due)

    async def _fail(self, channel: Channel, error: HydrophoneError) -> None:
        logger.warning("The podcast %s (%s) is not read: %s", channel.id, channel.title, error)
        minutes = self._config.refresh_minutes
        wait = min(minutes * _MINUTE_MS * 2 ** min(channel.failures, 16), _DAY_MS)
        if isinstance(error, RetryLaterError):
            wait = max(wait, int(error.after * 1000))
        next_due = Timestamp(self._clock.now() + wait) if minutes else None
        await self._database.write(podcasts.save_failure, channel.id, str(error), next_due)


def _conditions(channel: Channel) -> dict[str, str]:
    headers = {"Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*"}
    if channel.status is PodcastStatus.COMPLETED:
        if channel.etag:
            headers["If-None-Match"] = channel.etag
        if channel.last_modified:
            headers["If-Modified-Since"] = channel.last_modified
    return headers


def _updated(channel: Channel, document: Document, feed: Feed) -> Channel:
    return msgspec.structs.replace(
        channel,
        url=document.permanent_url,
        title=feed.title,
        description=feed.description,
        image_url=feed.image_url,
        etag=document.etag,
        last_modified=document.last_modified,
    )


def _episode(channel: Channel, episode: FeedEpisode, now: Timestamp) -> Episode:
    return Episode(
        id=EpisodeId(make_id(EPISODE, channel.id, episode.guid)),
        channel_id=channel.id,
        channel_title=channel.title,
        artwork_id=channel.artwork_id,
        title=episode.title,
        description=episode.description,
        published=episode.published,
        url=episode.url,
        duration=episode.duration,
        size=episode.size,
        suffix=episode.suffix,
        content_type=episode.content_type,
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
        created=now,
        annotation=UNTOUCHED,
    )
