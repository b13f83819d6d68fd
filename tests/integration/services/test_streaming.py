"""Where the bytes of a track come from."""

from pathlib import Path

import msgspec
import pytest

from hydrophone.config import Config
from hydrophone.domain.client_profile import (
    ClientProfile,
    MediaType,
    Protocol,
    TranscodingProfile,
)
from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.music import Track
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, UnsupportedError
from hydrophone.server.wiring import Server
from hydrophone.services.conversions import TranscodedAudio
from hydrophone.services.streaming import Media
from hydrophone.testing.audio_files import make_audio

pytestmark = pytest.mark.anyio

FLAC = 0
"""Position in the fixture `tracks`: FLAC of 900 kbit/s, 180 s by the database."""


@pytest.fixture
def flac(config: Config, tracks: list[Track]) -> Path:
    """Put a file where the track is."""
    return make_audio(Path(config.libraries[0].path, tracks[FLAC].path))


async def test_the_file_as_it_is(
    server: Server, anna: User, tracks: list[Track], flac: Path
) -> None:
    audio = await server.services.streaming.open(anna, tracks[FLAC].id, StreamRequest())
    assert isinstance(audio, AudioFile)
    assert (audio.path, audio.duration, audio.etag) == (flac, 180.0, "")


async def test_a_transcode_says_what_it_will_be(
    server: Server, anna: User, tracks: list[Track], flac: Path
) -> None:
    limited = msgspec.structs.replace(anna, max_bit_rate=Kbps(96))
    request = StreamRequest(format="mp3", offset=Seconds(60.0))
    audio = await server.services.streaming.open(limited, tracks[FLAC].id, request)
    assert isinstance(audio, TranscodedAudio)
    assert audio.content_type == "audio/mpeg"
    assert audio.duration == 120.0
    assert audio.estimated_length == 96 * 125 * 120
    lossless = StreamRequest(format="mp4")
    audio = await server.services.streaming.open(anna, tracks[FLAC].id, lossless)
    assert isinstance(audio, TranscodedAudio)
    assert audio.estimated_length is None


async def test_a_finished_transcode_is_a_file(
    server: Server, anna: User, tracks: list[Track], flac: Path
) -> None:
    request = StreamRequest(format="opus", offset=Seconds(179.5))
    make_audio(flac, seconds=180.0)
    audio = await server.services.streaming.open(anna, tracks[FLAC].id, request)
    assert isinstance(audio, TranscodedAudio)
    data = b"".join([chunk async for chunk in audio.chunks()])
    again = await server.services.streaming.open(anna, tracks[FLAC].id, request)
    assert isinstance(again, AudioFile)
    assert again.path.read_bytes() == data
    assert (again.etag, again.content_type) == (audio.etag, "audio/ogg")
    assert again.duration == audio.duration == 0.5


async def test_a_missing_file(server: Server, anna: User, tracks: list[Track]) -> None:
    with pytest.raises(NotFoundError):
        await server.services.streaming.open(anna, tracks[FLAC].id, StreamRequest(format="mp3"))


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
    assert isinstance(audio, AudioFile)
    assert audio.path == Path(config.libraries[0].path, tracks[FLAC].path)


async def test_a_limit_set_after_the_decision_counts(
    server: Server, anna: User, tracks: list[Track], flac: Path
) -> None:
    wants_mp3 = TranscodingProfile(
        container="mp3", codec="mp3", protocol=Protocol.HTTP, max_channels=0
    )
    wants_flac = msgspec.structs.replace(wants_mp3, container="flac", codec="flac")
    streaming = server.services.streaming
    media = Media(MediaType.SONG, tracks[FLAC].id, "app")
    limited = msgspec.structs.replace(anna, max_bit_rate=Kbps(64))
    for wish in (wants_mp3, wants_flac):
        profile = ClientProfile(
            max_bit_rate=Kbps(0),
            max_transcoding_bit_rate=Kbps(0),
            direct_play=(),
            transcoding=(wish,),
            codecs=(),
        )
        token = (await streaming.decide(anna, media, profile)).parameters
        if wish is wants_flac:
            with pytest.raises(InvalidInputError, match="another decision"):
                await streaming.open_decided(limited, media, token, Seconds(0))
            continue
        audio = await streaming.open_decided(limited, media, token, Seconds(60.0))
        assert isinstance(audio, TranscodedAudio)
        assert audio.estimated_length == 64 * 125 * 120
