"""What apps POST to say what they can play: what is not known costs only itself."""

from typing import Any

import msgspec
import pytest

from hydrophone.domain.client_profile import ClientProfile, Comparison, Property, Protocol
from hydrophone.errors import InvalidInputError
from hydrophone_subsonic.requests.client_info import read_client_info

LIMITATION = {"name": "audioChannels", "comparison": "LessThanEqual", "values": ["2"]}


def read(**info: Any) -> ClientProfile:
    return read_client_info(msgspec.json.encode(info))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["http"], (Protocol.HTTP,)),
        (["HTTP", "Hls"], (Protocol.HTTP, Protocol.HLS)),
        (["dash", "http"], (Protocol.OTHER, Protocol.HTTP)),
        (["dash"], (Protocol.OTHER,)),
        (["*"], ()),
        (["http", "*"], ()),
        ([], ()),
        (None, ()),
    ],
)
def test_protocols_of_files(given: list[str] | None, wanted: tuple[Protocol, ...]) -> None:
    (profile,) = read(directPlayProfiles=[{"protocols": given}]).direct_play
    assert profile.protocols == wanted


def test_any_container_and_codec() -> None:
    (kept,) = read(directPlayProfiles=[{"containers": ["*"], "audioCodecs": ["*"]}]).direct_play
    assert (kept.containers, kept.codecs) == ((), ())


def test_protocols_of_transcodes() -> None:
    given = ("http", "HLS", "*", None, "dash")
    profiles = [{"container": "mp3", "audioCodec": "mp3", "protocol": one} for one in given]
    kept = read(transcodingProfiles=[*profiles, {"container": "x", "audioCodec": "x"}]).transcoding
    assert [one.protocol for one in kept] == [
        Protocol.HTTP, Protocol.HLS, Protocol.HTTP, Protocol.HTTP, Protocol.OTHER, Protocol.HTTP,
    ]  # fmt: skip


@pytest.mark.parametrize("unknown", [{"name": "audioMood"}, {"comparison": "Resembles"}])
def test_an_unknown_limitation_is_left_out(unknown: dict[str, str]) -> None:
    limitations = [
        LIMITATION | unknown,
        LIMITATION | {"name": "AUDIOBITDEPTH", "values": [16, 24.0]},
        LIMITATION | {"comparison": "equals", "values": [1.5]},
    ]
    profile = {"type": "audiocodec", "name": "flac", "limitations": limitations}
    (kept,) = read(codecProfiles=[profile]).codecs
    assert [(one.property, one.comparison, one.values) for one in kept.limitations] == [
        (Property.BIT_DEPTH, Comparison.AT_MOST, ("16", "24")),
        (Property.CHANNELS, Comparison.EQUALS, ("1.5",)),
    ]


def test_whole_numbers_with_a_point() -> None:
    found = read(maxAudioBitrate=128000.0, directPlayProfiles=[{"maxAudioChannels": 2.0}])
    assert found.max_bit_rate == 128
    assert found.direct_play[0].max_channels == 2


@pytest.mark.parametrize(
    "info", [{"maxAudioBitrate": 0.5}, {"maxAudioBitrate": -1.0}, {"directPlayProfiles": [1]}]
)
def test_another_form_is_refused(info: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="no ClientInfo"):
        read(**info)
