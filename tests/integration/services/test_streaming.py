"""Which form of a track a client gets."""

from pathlib import Path

import msgspec
import pytest

from hydrophone.config import Config
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.music import Track
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, UnsupportedError
from hydrophone.server.wiring import Server
from hydrophone.services.streaming import TranscodedAudio

pytestmark = pytest.mark.anyio

FLAC, MP3 = 0, 3
"""Positions in the fixture `tracks`: FLAC of 900 kbit/s, MP3 of 320 kbit/s, 180 s each."""


@pytest.mark.parametrize(
    ("track", "format_", "limit", "offset", "expected"),
    [
        (FLAC, "", 0, 0, "file"),
        (FLAC, "raw", 64, 30, "file"),
        (FLAC, "RAW", 64, 0, "file"),
        (FLAC, "flac", 0, 0, "file"),
        (FLAC, "flac", 1000, 0, "file"),
        (FLAC, "", 1000, 0, "file"),
        (FLAC, "", 128, 0, "audio/mpeg 128"),
        (FLAC, "mp3", 0, 0, "audio/mpeg 192"),
        (FLAC, "mp3", 128, 0, "audio/mpeg 128"),
        (FLAC, "mp3", 9999, 0, "audio/mpeg 320"),
        (FLAC, "opus", 96, 0, "audio/ogg 96"),
        (FLAC, "ogg", 96, 0, "audio/ogg 96"),
        (FLAC, "aac", 96, 0, "audio/aac 96"),
        (FLAC, "", 0, 60, "audio/flac 0"),
        (MP3, "", 0, 60, "audio/mpeg 192"),
        (MP3, "mp3", 320, 0, "file"),
        (MP3, "mp3", 128, 0, "audio/mpeg 128"),
        (MP3, "flac", 0, 0, "audio/flac 0"),
    ],
)
async def test_a_client_gets_what_it_asks_for(
    server: Server,
    anna: User,
    tracks: list[Track],
    track: int,
    format_: str,
    limit: int,
    offset: int,
    expected: str,
) -> None:
    request = StreamRequest(format=format_, max_bit_rate=Kbps(limit), offset=Seconds(float(offset)))
    audio = await server.services.streaming.open(anna, tracks[track].id, request)
    if isinstance(audio, AudioFile):
        assert expected == "file"
        assert audio.duration == 180.0
        return
    content_type, bit_rate = expected.split()
    assert audio.content_type == content_type
    assert audio.duration == 180.0 - offset
    length = audio.estimated_length
    assert length == (int(bit_rate) * 125 * (180 - offset) if int(bit_rate) else None)


async def test_an_account_may_have_a_limit(server: Server, anna: User, tracks: list[Track]) -> None:
    limited = msgspec.structs.replace(anna, max_bit_rate=Kbps(96))
    for asked in (0, 320):
        audio = await server.services.streaming.open(
            limited, tracks[MP3].id, StreamRequest(max_bit_rate=Kbps(asked))
        )
        assert isinstance(audio, TranscodedAudio)
        assert audio.estimated_length == 96 * 125 * 180


async def test_unknown_formats_and_tracks(
    server: Server, anna: User, berta: User, tracks: list[Track]
) -> None:
    streaming = server.services.streaming
    with pytest.raises(UnsupportedError, match="wav"):
        await streaming.open(anna, tracks[FLAC].id, StreamRequest(format="wav"))
    for identifier in (tracks[5].id, "tr-aaaaaaaaaaaaa", "../x", ""):
        with pytest.raises(NotFoundError):
            await streaming.open(anna, identifier, StreamRequest())
        with pytest.raises(NotFoundError):
            await streaming.original(anna, identifier)
    assert (await streaming.original(berta, tracks[5].id)).content_type == "audio/flac"


async def test_paths_stay_below_the_library(
    server: Server, anna: User, config: Config, tracks: list[Track]
) -> None:
    audio = await server.services.streaming.original(anna, tracks[FLAC].id)
    assert audio.path == Path(config.libraries[0].path, tracks[FLAC].path)
