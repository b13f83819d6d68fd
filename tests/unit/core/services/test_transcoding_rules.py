"""What an app gets, by what it asks for and by limits and rules."""

from typing import Any

import pytest

from hydrophone.config import ReplayGainMode, RuleFormat, TranscodingConfig, TranscodingRule
from hydrophone.domain.ids import UserId
from hydrophone.domain.media import StreamRequest
from hydrophone.domain.music import ReplayGain, Track
from hydrophone.domain.units import Hertz, Kbps, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, UnsupportedError
from hydrophone.media.transcode import MP4_AAC, MP4_COPY, MP4_FLAC, TranscodeSpec
from hydrophone.services.transcoding_rules import TranscodingRules
from hydrophone.testing.factories import make_track

FLAC = make_track(bit_depth=16, sampling_rate=Hertz(44_100))
FINE = make_track(bit_depth=24, sampling_rate=Hertz(96_000), bit_rate=Kbps(3000))
DSD = make_track(suffix="dsf", bit_depth=1, sampling_rate=Hertz(2_822_400), bit_rate=Kbps(5645))
MP3 = make_track(suffix="mp3", bit_rate=Kbps(320), sampling_rate=Hertz(44_100))
AAC = make_track(suffix="m4a", bit_rate=Kbps(128), sampling_rate=Hertz(44_100))
ALAC = make_track(suffix="m4a", bit_rate=Kbps(800), bit_depth=16, sampling_rate=Hertz(44_100))


def user(name: str = "anna", *, limit: int = 0) -> User:
    return User(
        id=UserId(1), name=name, libraries=(), max_bit_rate=Kbps(limit), created=Timestamp(0)
    )


def decide(
    track: Track,
    *rules: TranscodingRule,
    viewer: User | None = None,
    format_: str = "",
    limit: int = 0,
    offset: float = 0.0,
    client: str = "app",
) -> TranscodeSpec | None:
    request = StreamRequest(
        format=format_, max_bit_rate=Kbps(limit), offset=Seconds(offset), client=client
    )
    decision = TranscodingRules(TranscodingConfig(rules=rules))
    return decision.decide(viewer or user(), track, request)


def shown(spec: TranscodeSpec | None) -> str:
    if spec is None:
        return "file"
    return f"{spec.format.suffix} {spec.effective_bit_rate}".removesuffix(" 0")


@pytest.mark.parametrize(
    ("track", "format_", "limit", "expected"),
    [
        (FLAC, "", 0, "file"),
        (FLAC, "raw", 64, "file"),
        (FLAC, "RAW", 64, "file"),
        (FLAC, "flac", 0, "file"),
        (FLAC, "flac", 128, "file"),
        (FLAC, "", 1000, "file"),
        (FLAC, "", 128, "mp3 128"),
        (FLAC, "mp3", 0, "mp3 192"),
        (FLAC, "mp3", 9999, "mp3 320"),
        (FLAC, "ogg", 96, "opus 96"),
        (FLAC, "aac", 96, "aac 96"),
        (FLAC, "fmp4", 96, "mp4 96"),
        (MP3, "mp3", 320, "file"),
        (MP3, "mp3", 128, "mp3 128"),
        (MP3, "flac", 0, "flac"),
        (MP3, "flac", 64, "flac"),
        (MP3, "mp4", 0, "mp4 192"),
        (AAC, "aac", 0, "file"),
        (ALAC, "aac", 0, "aac 192"),
        (ALAC, "m4a", 0, "file"),
    ],
)
def test_without_rules_the_app_decides(
    track: Track, format_: str, limit: int, expected: str
) -> None:
    assert shown(decide(track, format_=format_, limit=limit)) == expected


@pytest.mark.parametrize(
    ("track", "name", "offset", "expected"),
    [
        (AAC, "mp4", 0, None),
        (AAC, "fmp4", 0, MP4_COPY),
        (ALAC, "fmp4", 0, MP4_COPY),
        (FLAC, "mp4", 0, MP4_COPY),
        (FLAC, "MP4", 0, MP4_COPY),
        # Cut to the sample without a loss, and between packets where that would cost one.
        (FLAC, "mp4", 5, MP4_FLAC),
        (ALAC, "mp4", 5, MP4_FLAC),
        (AAC, "mp4", 5, MP4_COPY),
        (DSD, "mp4", 0, MP4_FLAC),
        (MP3, "mp4", 0, MP4_AAC),
    ],
)
def test_what_fits_into_mp4_is_copied(
    track: Track, name: str, offset: int, expected: object
) -> None:
    spec = decide(track, format_=name, offset=offset)
    assert (spec and spec.format) is expected


@pytest.mark.parametrize(
    ("track", "format_", "asked", "expected"),
    [
        (FLAC, "", 0, "mp3 96"),
        (FLAC, "", 320, "mp3 96"),
        (FLAC, "opus", 64, "opus 64"),
        # Neither of these could be held to a bit rate.
        (FLAC, "flac", 0, "mp3 96"),
        (FLAC, "mp4", 0, "mp4 96"),
        (MP3, "flac", 0, "mp3 96"),
        (MP3, "raw", 0, "file"),
    ],
)
def test_the_limit_of_an_account_is_hard(
    track: Track, format_: str, asked: int, expected: str
) -> None:
    limited = user(limit=96)
    assert shown(decide(track, viewer=limited, format_=format_, limit=asked)) == expected
    never = TranscodingRule(never=True)
    if format_ != "raw":
        assert shown(decide(track, never, viewer=limited)) == "mp3 96"


OPUS = TranscodingRule(format=RuleFormat.OPUS, bit_rate=Kbps(112))


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"client": "app"}, True),
        ({"client": "APP"}, True),
        ({"client": "a*"}, True),
        ({"client": "*p"}, True),
        ({"client": "ap"}, False),
        ({"user": "Anna"}, True),
        ({"user": "ann"}, False),
        ({"client": "app", "user": "berta"}, False),
        ({"sources": ("lossless",)}, True),
        ({"sources": ("Flac", "wav")}, True),
        ({"sources": ("lossy", "wav")}, False),
    ],
)
def test_whom_a_rule_fits(changes: dict[str, Any], fits: bool) -> None:
    rule = TranscodingRule(format=RuleFormat.OPUS, bit_rate=Kbps(112), **changes)
    assert shown(decide(FLAC, rule)) == ("opus 112" if fits else "file")


def test_the_first_rule_that_fits_is_the_only_one() -> None:
    other = TranscodingRule(client="other", never=True)
    limit = TranscodingRule(max_bit_rate=Kbps(64))
    assert shown(decide(FLAC, other, OPUS, limit)) == "opus 112"
    assert shown(decide(FLAC, limit, OPUS)) == "mp3 64"
    assert shown(decide(FLAC, other, OPUS, client="Other", format_="mp3", limit=64)) == "file"


@pytest.mark.parametrize(
    ("format_", "limit", "expected"),
    [("", 0, "opus 112"), ("mp3", 0, "mp3 112"), ("", 64, "opus 64"), ("aac", 256, "aac 256")],
)
def test_a_rule_fills_in_what_the_app_leaves_open(format_: str, limit: int, expected: str) -> None:
    assert shown(decide(FLAC, OPUS, format_=format_, limit=limit)) == expected
    capped = TranscodingRule(format=RuleFormat.OPUS, bit_rate=Kbps(112), max_bit_rate=Kbps(96))
    name, rate = expected.split()
    assert shown(decide(FLAC, capped, format_=format_, limit=limit)) == (
        f"{name} {min(int(rate), 96)}"
    )


def test_never_means_that_a_cut_is_not_made_either() -> None:
    assert decide(FLAC, TranscodingRule(never=True), offset=30) is None


@pytest.mark.parametrize(
    ("rate", "most", "expected"),
    [
        (96_000, 48_000, 48_000),
        (192_000, 48_000, 48_000),
        (88_200, 48_000, 44_100),
        (176_400, 96_000, 88_200),
        (2_822_400, 96_000, 88_200),
        (64_000, 48_000, 48_000),
        (48_000, 44_100, 44_100),
        (44_100, 22_050, 22_050),
    ],
)
def test_hi_res_is_brought_down_evenly(rate: int, most: int, expected: int) -> None:
    track = make_track(bit_depth=24, sampling_rate=Hertz(rate))
    spec = decide(track, TranscodingRule(sample_rate=Hertz(most)))
    assert spec is not None
    assert (spec.format.suffix, spec.sample_rate, spec.bit_depth) == ("flac", expected, 24)


@pytest.mark.parametrize(
    ("format_", "rate", "expected"),
    [
        ("aac", 96_000, 48_000),
        ("mp4", 192_000, 48_000),
        ("aac", 88_200, 44_100),
        ("mp3", 88_200, 44_100),
        ("opus", 88_200, 48_000),
        ("aac", 44_100, 0),
        ("aac", 0, 0),
    ],
)
def test_lossy_formats_have_48_khz_at_most(format_: str, rate: int, expected: int) -> None:
    track = make_track(bit_depth=24, sampling_rate=Hertz(rate), bit_rate=Kbps(3000))
    spec = decide(track, format_=format_, limit=128)
    assert spec is not None
    assert (spec.format.is_lossy, spec.sample_rate) == (True, expected)


def test_rules_for_the_quality_of_samples() -> None:
    rule = TranscodingRule(sample_rate=Hertz(48_000), bit_depth=16)
    assert decide(FLAC, rule) is None
    spec = decide(FINE, rule)
    assert spec is not None
    assert (spec.format.suffix, spec.sample_rate, spec.bit_depth) == ("flac", 48_000, 16)
    for track, depth in ((DSD, 24), (FINE, 24), (FLAC, 16), (MP3, 16)):
        spec = decide(track, format_="flac", offset=1)
        assert spec is not None
        assert (spec.sample_rate, spec.bit_depth) == (0, depth)


@pytest.mark.parametrize(
    ("mode", "tags", "gain"),
    [
        (ReplayGainMode.TRACK, ReplayGain(track_gain=-7.5, album_gain=-6.0), -7.5),
        (ReplayGainMode.ALBUM, ReplayGain(track_gain=-7.5, album_gain=-6.0), -6.0),
        (ReplayGainMode.ALBUM, ReplayGain(track_gain=-7.5), -7.5),
        (ReplayGainMode.TRACK, ReplayGain(album_gain=-6.0), -6.0),
        (ReplayGainMode.TRACK, ReplayGain(track_gain=8.0, track_peak=0.5), 6.0206),
        (ReplayGainMode.TRACK, ReplayGain(track_gain=2.0, track_peak=0.5), 2.0),
        (ReplayGainMode.TRACK, ReplayGain(track_gain=-1.0, track_peak=1.26), -2.0074),
        (ReplayGainMode.TRACK, ReplayGain(), None),
        (ReplayGainMode.TRACK, None, None),
        (ReplayGainMode.NONE, ReplayGain(track_gain=-7.5), None),
    ],
)
def test_replay_gain_never_clips(
    mode: ReplayGainMode, tags: ReplayGain | None, gain: float | None
) -> None:
    rule = TranscodingRule(replay_gain=mode)
    track = make_track(bit_depth=16, replay_gain=tags)
    # It is no reason to convert.
    assert decide(track, rule) is None
    spec = decide(track, rule, format_="mp4")
    assert spec is not None
    assert spec.gain == (None if gain is None else pytest.approx(gain, abs=0.0001))
    # A copy cannot be louder.
    assert spec.format is (MP4_COPY if gain is None else MP4_FLAC)


def test_what_cannot_be() -> None:
    with pytest.raises(UnsupportedError, match="wav"):
        decide(FLAC, format_="wav")
    with pytest.raises(InvalidInputError, match="behind the end"):
        decide(FLAC, offset=180)
