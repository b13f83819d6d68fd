"""Which feeds are followed, from apps and as files of other programs."""

import httpx

from hydrophone.domain.ids import CHANNEL, ChannelId, make_id
from hydrophone.errors import ConflictError, InvalidInputError
from hydrophone.media.opml import read_opml, write_opml
from hydrophone.outbound import Outbound
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import podcasts

_MOST_CHANNELS = 2000


class Subscriptions:
    """Adds feeds; a running server reads them when it looks for those that are due."""

    def __init__(self, *, database: Database, clock: Clock, outbound: Outbound) -> None:
        self._database = database
        self._clock = clock
        self._outbound = outbound

    async def add(self, url: str) -> None:
        """Follow a feed; one that is followed already is read again.

        Raises InvalidInputError if the address cannot be one of a feed, and ConflictError if
        there are too many.
        """
        url = url.strip()
        self._outbound.check(url)
        if await self._database.read(podcasts.count) >= _MOST_CHANNELS:
            raise ConflictError(f"There are {_MOST_CHANNELS} podcasts already.")
        channel_id = ChannelId(make_id(CHANNEL, url))
        title = httpx.URL(url).host
        await self._database.write(podcasts.add, channel_id, url, title, self._clock.now())

    async def import_opml(self, content: bytes) -> tuple[int, dict[str, str]]:
        """Follow all feeds of a file; return how many, and why others cannot be, by address.

        Raises InvalidInputError if it is no OPML, and ConflictError as `add` does, with those
        before the last one followed.
        """
        urls = read_opml(content)
        refused = {}
        for url in urls:
            try:
                await self.add(url)
            except InvalidInputError as error:
                refused[url] = str(error)
        return len(urls) - len(refused), refused

    async def export_opml(self) -> bytes:
        """Write all feeds that are followed into a file for other programs."""
        return write_opml(await self._database.read(podcasts.load))
