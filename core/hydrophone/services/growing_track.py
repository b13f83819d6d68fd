"""A track on its way from its source: heard while it comes, and sought in."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount
from hydrophone.errors import UnavailableError
from hydrophone.services.fetch import Fetch


class GrowingTrack:
    """A download that has begun, as a listener has it."""

    def __init__(self, fetch: Fetch, track: Track, etag: str) -> None:
        self._fetch = fetch
        handle = fetch.origin.handle
        self.content_type = handle.content_type
        self.duration = track.duration
        self.file_name = f"{track.title}.{handle.suffix}".replace("/", "_")
        """For Content-Disposition."""
        self.etag = etag
        """Without quotes; the file that this becomes has the same."""
        self.size = fetch.told_size
        """`None` if nobody knows: then it can be had from the first byte on only."""

    async def chunks(self, first: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `first` on to before `end`, as they come.

        The download goes on if this is closed. Where the disk is full, what is missing comes past
        it. Raises ProviderError, UnavailableError or MediaError if it breaks off.
        """
        try:
            async with aclosing(self._fetch.read(first, end)) as chunks:
                async for chunk in chunks:
                    first += len(chunk)
                    yield chunk
        except UnavailableError:
            if not self._fetch.is_disk_full:
                raise
        else:
            return
        async with aclosing(self._fetch.pass_through(ByteCount(first), end)) as chunks:
            async for chunk in chunks:
                yield chunk
