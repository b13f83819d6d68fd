"""Turn an audio file into another format while it is being listened to."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.errors import UnavailableError, UnsupportedError
from hydrophone.media.ffmpeg import run_ffmpeg

logger = logging.getLogger(__name__)

_PATIENCE = Seconds(3.0)
"""How long a request waits for its turn: less than players wait before they give up."""

_DEMUXERS = "mp3,flac,ogg,mov,aac,asf,wav,w64,aiff,ape,wv,mpc,mpc8,dsf,tta,tak,caf,matroska"
"""What a music library holds. All else is refused whatever the file is called: above all
playlists and concat scripts, which would make ffmpeg open further files."""

_STEREO_AT_MOST = ("-af", "aformat=channel_layouts=stereo|mono")
"""For phones; besides, libopus refuses the usual side channels of 5.1 films."""


class AudioFormat(Struct, frozen=True, kw_only=True):
    """Something to transcode to."""

    suffix: str
    content_type: str
    default_bit_rate: Kbps = Kbps(0)
    """0 for lossless formats, which have no bit rate to choose."""
    max_bit_rate: Kbps = Kbps(0)
    encoder: tuple[str, ...]
    """Arguments for ffmpeg: codec and container."""


_AAC = AudioFormat(
    suffix="aac",
    content_type="audio/aac",
    default_bit_rate=Kbps(160),
    max_bit_rate=Kbps(320),
    encoder=("-c:a", "aac", *_STEREO_AT_MOST, "-f", "adts"),
)

_OPUS = AudioFormat(
    suffix="opus",
    content_type="audio/ogg",
    default_bit_rate=Kbps(128),
    # libopus takes 256 a channel, and a song may have one only.
    max_bit_rate=Kbps(256),
    encoder=("-c:a", "libopus", *_STEREO_AT_MOST, "-f", "ogg"),
)

FORMATS = {
    "mp3": AudioFormat(
        suffix="mp3",
        content_type="audio/mpeg",
        default_bit_rate=Kbps(192),
        max_bit_rate=Kbps(320),
        encoder=("-c:a", "libmp3lame", *_STEREO_AT_MOST, "-f", "mp3"),
    ),
    "opus": _OPUS,
    # Who asks for Ogg plays Opus too, and ffmpeg's Vorbis takes few rates and bit rates.
    "ogg": _OPUS,
    "aac": _AAC,
    # MP4 keeps its index at the end or in fragments, neither of which all players take from a
    # stream. Who asks for m4a wants AAC, and gets it with the content type that is true.
    "m4a": _AAC,
    "flac": AudioFormat(
        suffix="flac", content_type="audio/flac", encoder=("-c:a", "flac", "-f", "flac")
    ),
}
"""By the name that clients use (OpenSubsonic `stream`, parameter `format`)."""


def format_named(name: str) -> AudioFormat:
    """Return the format of this name; UnsupportedError names those that there are."""
    try:
        return FORMATS[name.lower()]
    except KeyError:
        known = ", ".join(sorted(FORMATS))
        raise UnsupportedError(f"There is no transcoding to {name!r}, only to {known}.") from None


class TranscodeSpec(Struct, frozen=True, kw_only=True):
    """What a transcode shall be like. Equal specs of one file give equal sound."""

    format: AudioFormat
    bit_rate: Kbps = Kbps(0)
    """0 for the format's default; more than its maximum means the maximum."""
    offset: Seconds = Seconds(0.0)
    """Where in the source to begin."""

    @property
    def effective_bit_rate(self) -> Kbps:
        """The bit rate that will be asked of the encoder; 0 for lossless formats."""
        wanted = self.bit_rate or self.format.default_bit_rate
        return min(wanted, self.format.max_bit_rate)


class Transcoder:
    """Runs ffmpeg for listeners, so many at a time and no more."""

    def __init__(self, ffmpeg: Path, *, max_concurrent: int, time_limit: Seconds) -> None:
        """See `run_ffmpeg` for the time limit; it does not count while a listener is slow."""
        self._ffmpeg = ffmpeg
        self._time_limit = time_limit
        self._slots = asyncio.Semaphore(max_concurrent)

    async def transcode(self, source: Path, spec: TranscodeSpec) -> AsyncGenerator[bytes, None]:
        """Encode the first audio stream of a file; hand out bytes as they come.

        Nothing happens before the first chunk is asked for. Closing the generator, or
        cancelling who waits for it, ends ffmpeg at once.

        Raises:
            UnavailableError: Instead of the first chunk: too many others are at it.
            MediaError: The source cannot be decoded, or ffmpeg failed or was silent for too
                long. Usually instead of the first chunk; after it what was handed out so far
                is no whole song, and must not be kept as one.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._slots.acquire()
        except TimeoutError as error:
            raise UnavailableError("Too many transcodes are running; try again soon.") from error
        try:
            argv = _argv(self._ffmpeg, source, spec)
            async with aclosing(run_ffmpeg(argv, time_limit=self._time_limit)) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            self._slots.release()


def _argv(ffmpeg: Path, source: Path, spec: TranscodeSpec) -> list[str]:
    bit_rate = ("-b:a", f"{spec.effective_bit_rate}k") if spec.effective_bit_rate else ()
    offset = ("-ss", f"{spec.offset:.3f}") if spec.offset > 0 else ()
    return [
        str(ffmpeg),
        *("-hide_banner", "-nostats", "-loglevel", "error", "-nostdin"),
        *("-threads", "1", "-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXERS),
        *offset,
        # "file:" keeps names such as "-i.mp3" and "http:x.mp3" from meaning something else.
        *("-i", f"file:{source}"),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-threads", "1"),
        # MP3 and FLAC carry tags for the file, Ogg for the stream; the second adds to the first.
        *("-map_metadata", "0", "-map_metadata", "0:s:a:0"),
        *spec.format.encoder,
        *bit_rate,
        "pipe:1",
    ]
