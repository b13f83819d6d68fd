"""Converted forms of files: made once for whoever wants the same, and sent while they are made."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.media import AudioFile
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import MediaError
from hydrophone.media.file_reader import read_file
from hydrophone.media.recipe import Recipe
from hydrophone.media.transcode_flight import Transcode
from hydrophone.media.transcoder import Transcoder

logger = logging.getLogger(__name__)

_PATIENCE = Seconds(1.5)
"""Cutting five minutes of FLAC takes one on a PC."""
_FILLING = 64 * 1024
_GRACE = Seconds(1.0)
"""Chromium closes one range before it asks for the next."""
_ESTIMATED = frozenset({"mp3"})
"""Suffixes of forms whose length may be told before it is known. Their encoder keeps to the bit
rate, where Opus and AAC take some percent more or less, so that seconds of music would be cut off;
players skip zero bytes behind the end, where Chromium fails in AAC; and Chromium seeks in them
without a look at their end first."""
_MP4 = "audio/mp4"
"""What of it comes while it is made looks two seconds long to Chromium."""


class _Conversion:
    """A transcode that somebody is to hear."""

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

    @property
    def estimated_length(self) -> ByteCount | None:
        """About how many bytes will come; `None` for formats of which nobody knows it well."""
        return estimated_length(self._transcode.spec, self.duration)


class TranscodedAudio(_Conversion):
    """A transcode that is not there yet: it begins when its first chunk is asked for."""

    @property
    def etag(self) -> str:
        """Without quotes; that of the file which it will be."""
        return self._transcode.name

    async def soon(self) -> AudioFile | None:
        """Wait for the whole of what can say its length only then, if it takes a moment only.

        For browsers: of what has a duration, but neither ranges nor a length in bytes, Chromium
        says that nobody can seek in it, and a player there goes back to its beginning. `None` if
        it takes longer, or fails; the bytes then come as they are made.
        """
        spec = self._transcode.spec
        if not spec.sample_count and spec.content_type != _MP4:
            return None
        user = self._user.id
        ready = await self._transcoder.make(self._transcode, user=user, patience=_PATIENCE)
        return _made(self._transcode, ready, self.file_name) if ready else None

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `Transcoder.listen` for errors and closing."""
        coming = self._transcoder.listen(self._transcode, user=self._user.id)
        return without_reasons(coming, self._transcode.source, "This file could not be converted.")


class EstimatedAudio(_Conversion):
    """A transcode whose length in bytes was told before anybody knew it, and so stands.

    It is cut there, or filled up with zero bytes, which players skip. So there can be ranges of it
    while it is made: a browser takes what has a length, but no ranges, for something in which
    nobody can seek.
    """

    @property
    def size(self) -> ByteCount | None:
        """The length that was told; `None` if nobody can even guess it."""
        return self.estimated_length

    @property
    def etag(self) -> str:
        """Without quotes; not that of the file, which has another end."""
        return f"{self._transcode.name}-{self.size}"

    async def chunks(self, first: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from `first` on to before `end`, which is at most the `size`.

        What is not made yet is waited for; see `Transcoder.listen` for errors and closing.
        """
        left = (self.size or 0 if end is None else end) - first
        ready, user = self._transcode.ready, self._user.id
        if ready is not None:
            coming = read_file(ready, first)
        else:
            coming = self._transcoder.listen(self._transcode, user=user, first=first, grace=_GRACE)
        refusal = "This file could not be converted."
        async with aclosing(without_reasons(coming, self._transcode.source, refusal)) as chunks:
            async for chunk in chunks:
                yield chunk[:left]
                left -= len(chunk)
                if left <= 0:
                    return
        while left > 0:
            yield bytes(min(left, _FILLING))
            left -= _FILLING


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
    """Return about how many bytes so much will have; `None` if nobody knows that well enough."""
    bit_rate = spec.effective_bit_rate if spec.suffix in _ESTIMATED else 0
    return ByteCount(round(duration * bit_rate * 1000 / 8)) if bit_rate else None


async def estimated(
    transcoder: Transcoder,
    viewer: User,
    path: Path,
    spec: Recipe,
    length: Seconds,
    title: str,
    *,
    given: str,
) -> EstimatedAudio | None:
    """Return a file in another form that is said to have as many bytes as can be guessed.

    `None` for forms that are not estimated, and when the whole is there, but for who was told an
    estimate before and keeps to it. `given` is the tag of what the listener has already, or empty.

    Raises NotFoundError if the file is gone.
    """
    if not estimated_length(spec, length):
        return None
    transcode = await transcoder.look_up(path, spec, length)
    audio = EstimatedAudio(transcoder, transcode, viewer, _named(title, spec))
    is_wanted = transcode.ready is None or given == audio.etag
    return audio if is_wanted else None


async def converted(
    transcoder: Transcoder, viewer: User, path: Path, spec: Recipe, length: Seconds, title: str
) -> AudioFile | TranscodedAudio:
    """Return a file in another form, of so many seconds, running or done.

    Raises NotFoundError if the file is gone.
    """
    transcode = await transcoder.look_up(path, spec, length)
    name = _named(title, spec)
    if transcode.ready is None:
        return TranscodedAudio(transcoder, transcode, viewer, name)
    return _made(transcode, transcode.ready, name)


def _made(transcode: Transcode, ready: Path, file_name: str) -> AudioFile:
    return AudioFile(
        path=ready,
        content_type=transcode.spec.content_type,
        etag=transcode.name,
        file_name=file_name,
        duration=transcode.duration,
    )


def _named(title: str, spec: Recipe) -> str:
    return f"{title}.{spec.suffix}".replace("/", "_")
