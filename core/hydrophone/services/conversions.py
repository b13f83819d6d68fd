"""Converted forms of files: made once for whoever wants the same, and sent while they are made."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.media import AudioFile
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import MediaError
from hydrophone.media.recipe import Recipe
from hydrophone.media.transcode_flight import Transcode
from hydrophone.media.transcoder import Transcoder

logger = logging.getLogger(__name__)

_PATIENCE = Seconds(1.5)
"""Cutting five minutes of FLAC takes one on a PC."""


class TranscodedAudio:
    """A transcode that is not there yet: it begins when its first chunk is asked for."""

    def __init__(
        self, transcoder: Transcoder, transcode: Transcode, user: User, file_name: str
    ) -> None:
        self._transcoder = transcoder
        self._transcode = transcode
        self._user = user
        self.content_type = transcode.spec.content_type
        self.duration = transcode.duration
        """Of what will be sent: the track's without the offset."""
        self.file_name = file_name
        """For Content-Disposition."""
        self.etag = transcode.name
        """Without quotes; that of the file which it will be."""

    @property
    def estimated_length(self) -> ByteCount | None:
        """About how many bytes will come; `None` for formats whose bit rate nobody knows."""
        return estimated_length(self._transcode.spec, self.duration)

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `Transcoder.listen` for errors and closing."""
        coming = self._transcoder.listen(self._transcode, user=self._user.id)
        return without_reasons(coming, self._transcode.source, "This file could not be converted.")


async def without_reasons(
    chunks: AsyncGenerator[bytes, None], source: object, refusal: str
) -> AsyncGenerator[bytes, None]:
    """Yield what a conversion yields, and close it in the end.

    Raises MediaError with the sentence `refusal` if it fails: ffmpeg's words name paths of this
    machine, and are for the log alone.
    """
    try:
        async with aclosing(chunks) as coming:
            async for chunk in coming:
                yield chunk
    except MediaError as error:
        logger.warning("Converting %s failed: %s", source, error)
        raise MediaError(refusal) from error


def estimated_length(spec: Recipe, duration: Seconds) -> ByteCount | None:
    """Return about how many bytes so much will have; `None` if nobody knows the bit rate."""
    bit_rate = spec.effective_bit_rate
    return ByteCount(round(duration * bit_rate * 1000 / 8)) if bit_rate else None


async def converted(
    transcoder: Transcoder, viewer: User, path: Path, spec: Recipe, length: Seconds, title: str
) -> AudioFile | TranscodedAudio:
    """Return a file in another form, of so many seconds, running or done.

    A FLAC whose header says its length is waited for, if that takes a moment only: of one that has
    neither ranges nor a length in bytes, Chromium says that nobody can seek in it, and a player
    there goes back to its beginning.

    Raises NotFoundError if the file is gone.
    """
    transcode = await transcoder.look_up(path, spec, length)
    name = f"{title}.{spec.suffix}".replace("/", "_")
    ready = transcode.ready
    if ready is None and spec.sample_count:
        ready = await transcoder.make(transcode, user=viewer.id, patience=_PATIENCE)
    if ready is None:
        return TranscodedAudio(transcoder, transcode, viewer, name)
    return AudioFile(
        path=ready,
        content_type=spec.content_type,
        etag=transcode.name,
        file_name=name,
        duration=length,
    )
