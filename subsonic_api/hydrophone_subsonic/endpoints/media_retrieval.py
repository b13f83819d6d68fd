"""Bytes of music and pictures, and the words of songs."""

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from hydrophone.domain.ids import ARTWORK, kind_of
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.errors import InvalidInputError
from hydrophone.services.conversions import EstimatedAudio, TranscodedAudio
from hydrophone.services.downloads import ARCHIVED
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.streaming import Audio
from hydrophone.services.transcoding_rules import RAW
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.mapping.lyrics import enhanced_lyrics, plain_lyrics, structured_lyrics
from hydrophone_subsonic.parameters import Natural, NotNegative, Parameters
from hydrophone_subsonic.responses.lyrics import Lyrics, LyricsList
from hydrophone_subsonic.sending import Headers

_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})", re.ASCII)
_A_YEAR = b"private, max-age=31536000, immutable"
_A_DAY = b"private, max-age=86400"


class Stream(Parameters, frozen=True, kw_only=True):
    """A song, and how a player wants it."""

    id: str
    max_bit_rate: Natural = 0
    """kbit/s; 0, which DSub sends, is no limit."""
    format: str = ""
    """`raw` for the file as it is."""
    time_offset: NotNegative = 0.0
    """Seconds from the start (extension transcodeOffset)."""
    size: str = ""
    """Of a video: width and height within which its pictures shall fit, such as 640x480."""
    estimate_content_length: bool = False
    converted: bool = False
    """A video in the form that plays everywhere."""


class GetCoverArt(Parameters, frozen=True, kw_only=True):
    """A picture, bounded by a square of `size` pixels."""

    id: str
    size: Natural = 0
    """0: as large as it is."""


class GetLyrics(Parameters, frozen=True, kw_only=True):
    """By names, as in the days before ids."""

    artist: str = ""
    title: str = ""


class GetLyricsBySongId(ById, frozen=True, kw_only=True):
    """Of which song, and whether with the times of words, translations and romanisations."""

    enhanced: bool = False


@endpoint("stream", role="stream")
async def stream(call: Call, parameters: Stream) -> Sender:
    """Send a song to be heard. It counts as no play: that is what scrobble is for."""
    width, height = _size(parameters.size)
    request = StreamRequest(
        max_bit_rate=Kbps(parameters.max_bit_rate),
        format=parameters.format,
        offset=Seconds(parameters.time_offset),
        width=width,
        height=height,
        converted=parameters.converted,
        client=call.client,
        estimated=parameters.estimate_content_length,
    )
    audio = await call.services.streaming.open(call.user, parameters.id, request)
    headers = ((b"x-content-duration", b"%.3f" % audio.duration),)
    return await send_audio(
        call,
        audio,
        headers,
        goes_on=call.services.streaming.goes_on(call.user, parameters.id, request),
        estimate_length=parameters.estimate_content_length,
    )


@endpoint("download", role="download")
async def download(call: Call, parameters: ById) -> Sender:
    """Send a file as it is, to be kept; what has several files as one zip archive.

    Ultrasonic's and aonsoku's wishes as to format are void.
    """
    if kind_of(parameters.id) in ARCHIVED:
        archive = await call.services.downloads.archive(call.user, parameters.id)
        return partial(
            call.tools.send_stream,
            chunks=archive.chunks(),
            content_type="application/zip",
            declared_length=archive.length,
            headers=(
                (b"content-disposition", _attachment(archive.file_name)),
                # Nobody knows what its middle is before its beginning was made again.
                (b"accept-ranges", b"none"),
            ),
        )
    streaming, request = call.services.streaming, StreamRequest(format=RAW, client=call.client)
    audio = await streaming.open(call.user, parameters.id, request)
    return await send_audio(
        call,
        audio,
        ((b"content-disposition", _attachment(audio.file_name)),),
        goes_on=streaming.goes_on(call.user, parameters.id, request),
    )


@endpoint("getCoverArt")
async def get_cover_art(call: Call, parameters: GetCoverArt) -> Sender:
    """Send a picture, by its own id or by that of what it belongs to."""
    picture = await call.services.artwork.picture(call.user, parameters.id, parameters.size or None)
    # The id of a picture is made of its content; under other ids it may change.
    caching = _A_YEAR if kind_of(parameters.id) == ARTWORK else _A_DAY
    return partial(call.tools.send_picture, picture=picture, caching=caching)


@endpoint("getLyrics", element="lyrics")
async def get_lyrics(call: Call, parameters: GetLyrics) -> Lyrics:
    """Show the words of a song; empty if there are none."""
    if not parameters.title:
        return Lyrics()
    lyrics = await call.services.lyrics.find(call.user, parameters.artist, parameters.title)
    return Lyrics() if lyrics is None else plain_lyrics(lyrics)


@endpoint("getLyricsBySongId", element="lyricsList")
async def get_lyrics_by_song_id(call: Call, parameters: GetLyricsBySongId) -> LyricsList:
    """Show all words of a song line by line, or word by word (extension songLyrics)."""
    enhanced = parameters.enhanced
    found = await call.services.lyrics.of_track(call.user, parameters.id, enhanced=enhanced)
    write = enhanced_lyrics if enhanced else structured_lyrics
    return LyricsList(structured_lyrics=tuple(map(write, found)))


async def send_audio(
    call: Call,
    audio: Audio,
    headers: Headers,
    *,
    goes_on: Callable[[str, bool], bool] | None = None,
    estimate_length: bool = False,
) -> Sender:
    """Answer with a file, a download on its way, or a transcode that is still to come.

    A browser waits a moment for the whole, see `TranscodedAudio.soon`; apps begin at once.
    """
    if isinstance(audio, TranscodedAudio) and _is_browser(call):
        audio = await audio.soon() or audio
    if isinstance(audio, AudioFile):
        return partial(
            call.tools.send_file,
            path=audio.path,
            content_type=audio.content_type,
            etag=audio.etag,
            headers=headers,
            goes_on=goes_on,
        )
    if isinstance(audio, GrowingTrack | EstimatedAudio):
        return partial(
            call.tools.send_growing,
            chunks=audio.chunks,
            size=audio.size,
            content_type=audio.content_type,
            etag=audio.etag,
            headers=headers,
            goes_on=goes_on,
        )
    length = audio.estimated_length if estimate_length else None
    if length is None and audio.etag:
        # What comes is what the file will be. With a length that is a guess it may not be.
        headers = (*headers, (b"etag", b'"%b"' % audio.etag.encode("ascii")))
    return partial(
        call.tools.send_stream,
        chunks=audio.chunks(),
        content_type=audio.content_type,
        declared_length=length,
        headers=headers,
    )


def _is_browser(call: Call) -> bool:
    """Tell by the name that all browsers bear; `Sec-Fetch-Dest` they send by HTTPS alone."""
    return any(
        name == b"user-agent" and value.startswith(b"Mozilla/")
        for name, value in call.scope["headers"]
    )


def _size(text: str) -> tuple[int, int]:
    """Read a size such as 640x480; none is no bound."""
    if not text:
        return 0, 0
    if (match := _SIZE.fullmatch(text)) is None:
        raise InvalidInputError("Parameter size must be like 640x480.")
    return int(match[1]), int(match[2])


def _attachment(file_name: str) -> bytes:
    """Name a download in both ways of RFC 6266: for old clients in ASCII, for the rest entirely."""
    encoded = quote(file_name, safe="", errors="replace")
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}".encode("ascii")
