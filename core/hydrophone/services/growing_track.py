"""A track on its way from its source: heard while it comes, and sought in."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from hydrophone.domain.file_names import safe_name
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import UnavailableError
from hydrophone.media.transcode import TranscodeSpec
from hydrophone.media.transcoder import Transcoder
from hydrophone.services.conversions import estimated_length, without_reasons
from hydrophone.services.fetch import Fetch


class GrowingTrack:
    """A download that has begun, as a listener has it."""

    def __init__(self, fetch: Fetch, track: Track, etag: str) -> None:
        self._fetch = fetch
        self.item = track
        handle = fetch.intake.origin.handle
        self.content_type = handle.content_type
        self.duration = track.duration
        self.file_name = f"{safe_name(track.title)}.{handle.suffix}"
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
            if not self._fetch.intake.is_disk_full:
                raise
        else:
            return
        async with aclosing(self._fetch.pass_through(ByteCount(first), end)) as chunks:
            async for chunk in chunks:
                yield chunk


class ConvertedTrack:
    """A transcode of a track that is still on its way, for one listener."""

    etag = ""
    """Nobody knows it: the next one may be made of the copy."""

    def __init__(
        self, transcoder: Transcoder, growing: GrowingTrack, spec: TranscodeSpec, user: User
    ) -> None:
        self._transcoder = transcoder
        self._growing = growing
        self._spec = spec
        self._user = user
        self.content_type = spec.content_type
        self.duration = spec.length or Seconds(max(0.0, growing.duration - spec.offset))
        self.file_name = f"{growing.file_name.rpartition('.')[0]}.{spec.format.suffix}"

    @property
    def estimated_length(self) -> ByteCount | None:
        """About how many bytes will come; `None` for formats whose bit rate nobody knows."""
        return estimated_length(self._spec, self.duration)

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `Transcoder.convert` for errors and closing."""
        coming = self._transcoder.convert(self._growing.chunks(), self._spec, user=self._user.id)
        refusal = "This track cannot be converted before all of it is here."
        return without_reasons(coming, self._growing.file_name, refusal)
