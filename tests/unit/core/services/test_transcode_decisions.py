"""What an app gets that has said what it can play."""

import msgspec
import pytest

from hydrophone.domain.client_profile import (
    ClientProfile,
    CodecProfile,
    Comparison,
    DirectPlayProfile,
    Limitation,
    Property,
    Protocol,
    StreamDetails,
    TranscodingProfile,
)
from hydrophone.domain.music import Track
from hydrophone.domain.units import Hertz, Kbps
from hydrophone.services.transcode_decisions import (
    Transcoded,
    choose_transcode,
    obstacles,
    source_details,
)
from hydrophone.services.transcoding_rules import Limits
from hydrophone.testing.factories import make_track

CD = Hertz(44_100)
FLAC = make_track(codec="flac", bit_depth=16, sampling_rate=CD, channel_count=2)
FINE = make_track(
    codec="flac", bit_depth=24, sampling_rate=Hertz(96_000), channel_count=6, bit_rate=Kbps(6000)
)
ALAC = make_track(suffix="m4a", codec="alac", bit_depth=16, sampling_rate=CD, channel_count=2)
AAC = make_track(
    suffix="m4a",
    codec="aac",
    codec_profile="LC",
    bit_rate=Kbps(128),
    sampling_rate=CD,
    channel_count=2,
)
MP3 = make_track(suffix="mp3", codec="mp3", bit_rate=Kbps(320), sampling_rate=CD, channel_count=2)
UNREAD = make_track(suffix="ogg", bit_rate=Kbps(192), sampling_rate=CD)
"""Scanned before codecs were noted."""
FREE = Limits(
    never=False,
    bit_rate=Kbps(0),
    sample_rate=Hertz(0),
    bit_depth=0,
    default_bit_rate=Kbps(192),
    gain=None,
)


def direct(
    containers: str = "", codecs: str = "", *, protocols: str = "http", channels: int = 0
) -> DirectPlayProfile:
    return DirectPlayProfile(
        containers=tuple(containers.split()),
        codecs=tuple(codecs.split()),
        protocols=tuple(map(Protocol, protocols.split())),
        max_channels=channels,
    )


def to(container: str, codec: str, *, channels: int = 0) -> TranscodingProfile:
    return TranscodingProfile(
        container=container, codec=codec, protocol=Protocol.HTTP, max_channels=channels
    )


def limit(
    what: Property, comparison: Comparison, values: str, *, required: bool = False
) -> Limitation:
    return Limitation(
        property=what,
        comparison=comparison,
        values=tuple(values.split()),
        is_required=required,
    )


def app(
    *profiles: DirectPlayProfile | TranscodingProfile | Limitation,
    codec: str = "flac",
    most: int = 0,
    most_transcoded: int = 0,
) -> ClientProfile:
    """Make an app; limitations are those of one codec."""
    limitations = tuple(one for one in profiles if isinstance(one, Limitation))
    return ClientProfile(
        max_bit_rate=Kbps(most),
        max_transcoding_bit_rate=Kbps(most_transcoded),
        direct_play=tuple(one for one in profiles if isinstance(one, DirectPlayProfile)),
        transcoding=tuple(one for one in profiles if isinstance(one, TranscodingProfile)),
        codecs=(CodecProfile(codec=codec, limitations=limitations),) if limitations else (),
    )


def reasons(track: Track, client: ClientProfile, limits: Limits = FREE) -> tuple[str, ...]:
    return obstacles(source_details(track), client, limits)


def chosen(
    track: Track, client: ClientProfile, limits: Limits = FREE
) -> tuple[Transcoded, StreamDetails]:
    found = choose_transcode(track, source_details(track), client, limits)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("track", "profile"),
    [
        (FLAC, direct("flac", "flac")),
        (FLAC, direct()),
        (ALAC, direct("m4a", "alac")),
        (ALAC, direct("MP4", "ALAC")),
        (AAC, direct("mp4 mp3", "mp3 mp4a")),
        (UNREAD, direct("ogg", "vorbis")),
        (FINE, direct("flac", "flac", protocols="", channels=6)),
    ],
)
def test_a_profile_that_names_the_file(track: Track, profile: DirectPlayProfile) -> None:
    assert reasons(track, app(profile)) == ()
    assert reasons(track, app(direct("nothing"), profile)) == ()


def test_each_profile_has_its_reason() -> None:
    client = app(
        direct("flac", "flac", protocols="hls"),
        direct("ogg", "flac"),
        direct("flac", "opus"),
        direct("flac", "flac", channels=2),
    )
    assert reasons(FINE, client) == (
        "protocol not supported",
        "container not supported",
        "audio codec not supported",
        "audio channels not supported",
    )
    assert reasons(FINE, app()) == ("no direct play profile was given",)


def test_alac_is_not_aac() -> None:
    assert reasons(ALAC, app(direct("mp4", "aac"))) == ("audio codec not supported",)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (msgspec.structs.replace(FREE, bit_rate=Kbps(256)), "bitrate"),
        (
            msgspec.structs.replace(FREE, sample_rate=Hertz(48_000)),
            "samplerate",
        ),
        (msgspec.structs.replace(FREE, bit_depth=16), "bitdepth"),
    ],
)
def test_what_is_set_here_counts_for_files_too(limits: Limits, reason: str) -> None:
    assert reasons(FINE, app(direct()), limits) == (f"audio {reason} not supported",)


def test_the_bit_rate_of_the_app() -> None:
    assert reasons(MP3, app(direct(), most=320)) == ()
    assert reasons(MP3, app(direct(), most=319)) == ("audio bitrate not supported",)


@pytest.mark.parametrize(
    ("limitation", "keeps"),
    [
        (limit(Property.SAMPLE_RATE, Comparison.AT_MOST, "96000"), True),
        (limit(Property.SAMPLE_RATE, Comparison.AT_MOST, "48000"), False),
        (limit(Property.SAMPLE_RATE, Comparison.AT_LEAST, "96000"), True),
        (limit(Property.SAMPLE_RATE, Comparison.AT_LEAST, "96001"), False),
        (limit(Property.CHANNELS, Comparison.EQUALS, "2 6"), True),
        (limit(Property.CHANNELS, Comparison.EQUALS, "1 2"), False),
        (limit(Property.CHANNELS, Comparison.NOT_EQUALS, "6"), False),
        (limit(Property.CHANNELS, Comparison.NOT_EQUALS, "5"), True),
        (limit(Property.BIT_DEPTH, Comparison.AT_MOST, "16"), False),
        (limit(Property.BIT_DEPTH, Comparison.AT_MOST, "0"), True),
        (limit(Property.BIT_DEPTH, Comparison.AT_MOST, "many"), True),
        (limit(Property.BIT_RATE, Comparison.AT_MOST, "6000000"), True),
        (limit(Property.BIT_RATE, Comparison.AT_MOST, "5999999"), False),
        # FLAC has no profiles.
        (limit(Property.PROFILE, Comparison.EQUALS, "LC"), True),
        (limit(Property.PROFILE, Comparison.EQUALS, "LC", required=True), False),
    ],
)
def test_limits_of_a_codec(limitation: Limitation, keeps: bool) -> None:
    assert (reasons(FINE, app(direct(), limitation)) == ()) is keeps
    assert reasons(FINE, app(direct(), limitation, codec="mp3")) == ()


def test_a_bit_rate_that_mp3_has() -> None:
    """What is said is what comes: LAME would take the nearest, 96 for 90."""
    assert chosen(FINE, app(to("mp3", "mp3"), most_transcoded=90))[1].bit_rate == 80
    assert chosen(FINE, app(to("opus", "opus"), most_transcoded=90))[1].bit_rate == 90


def test_what_an_mp3_cannot_have_at_a_sampling_rate() -> None:
    """MPEG-1 begins at 32 kbit/s, MPEG-2 (up to 24,000 Hz) ends at 160."""
    talk = make_track(suffix="ogg", codec="vorbis", bit_rate=Kbps(21), sampling_rate=CD)
    made, details = chosen(talk, app(to("mp3", "mp3")))
    assert (made.bit_rate, details.bit_rate, details.sample_rate) == (32, 32, CD)
    made, details = chosen(talk, app(to("mp3", "mp3"), most=24))
    assert (made.bit_rate, made.sample_rate, details.sample_rate) == (24, 22_050, 22_050)
    few = limit(Property.BIT_RATE, Comparison.AT_MOST, "31999")
    assert chosen(FLAC, app(to("mp3", "mp3"), few, codec="mp3"))[1].bit_rate == 24
    low = make_track(codec="flac", bit_depth=16, sampling_rate=Hertz(22_050))
    assert chosen(low, app(to("mp3", "mp3")))[1].bit_rate == 160
    unknown = make_track(suffix="ogg", codec="vorbis", sampling_rate=Hertz(0))
    assert chosen(unknown, app(to("mp3", "mp3"), most=24))[0].sample_rate == 24_000
    # Of what there is no MP3 at all nothing is promised.
    client = app(to("mp3", "mp3"), most=7)
    assert choose_transcode(FLAC, source_details(FLAC), client, FREE) is None


def test_an_unknown_protocol() -> None:
    dash = DirectPlayProfile(containers=(), codecs=(), protocols=(Protocol.OTHER,), max_channels=0)
    assert reasons(FINE, app(dash)) == ("protocol not supported",)
    assert reasons(FINE, app(dash, direct())) == ()


def test_varieties_of_aac() -> None:
    only = limit(Property.PROFILE, Comparison.EQUALS, "HE-AAC")
    other = limit(Property.PROFILE, Comparison.NOT_EQUALS, "he-aac")
    assert reasons(AAC, app(direct(), only, codec="aac")) == ("audio profile not supported",)
    assert reasons(AAC, app(direct(), other, codec="aac")) == ()


@pytest.mark.parametrize(
    ("profile", "container", "codec", "bit_rate"),
    [
        (to("mp3", "mp3"), "mp3", "mp3", 192),
        (to("opus", "opus"), "ogg", "opus", 192),
        (to("m4a", "aac"), "mp4", "aac", 192),
        (to("aac", "aac"), "aac", "aac", 192),
        (to("flac", "flac"), "flac", "flac", 0),
        (to("fmp4", "FLAC"), "mp4", "flac", 0),
    ],
)
def test_what_can_be_made(
    profile: TranscodingProfile, container: str, codec: str, bit_rate: int
) -> None:
    transcoded, details = chosen(FLAC, app(to("midi", "midi"), profile))
    assert (details.container, details.codec, details.bit_rate) == (container, codec, bit_rate)
    assert (transcoded.format.container, transcoded.format.codec) == (container, codec)


def test_what_cannot_be_made() -> None:
    hls = TranscodingProfile(container="mp3", codec="mp3", protocol=Protocol.HLS, max_channels=0)
    client = app(hls, to("wav", "pcm"))
    assert choose_transcode(FLAC, source_details(FLAC), client, FREE) is None


def test_bit_rates() -> None:
    client = app(to("mp3", "mp3"), most=256, most_transcoded=160)
    assert chosen(FLAC, client)[0].bit_rate == 160
    assert chosen(FLAC, app(to("mp3", "mp3"), most=256))[0].bit_rate == 256
    assert chosen(FLAC, client, msgspec.structs.replace(FREE, bit_rate=Kbps(96)))[0].bit_rate == 96
    assert chosen(AAC, client)[0].bit_rate == 128
    assert chosen(FLAC, app(to("mp3", "mp3"), most=2000))[0].bit_rate == 320
    few = limit(Property.BIT_RATE, Comparison.EQUALS, "64000 128000")
    assert chosen(FLAC, app(to("mp3", "mp3"), few, codec="mp3", most=160))[0].bit_rate == 128


def test_flac_cannot_be_held_to_a_bit_rate() -> None:
    client = app(to("flac", "flac"), to("ogg", "opus"), most_transcoded=500)
    assert chosen(FLAC, client)[0].codec == "opus"


def test_sampling_rates() -> None:
    assert chosen(FINE, app(to("mp3", "mp3")))[0].sample_rate == 48_000
    assert chosen(FLAC, app(to("ogg", "opus")))[0].sample_rate == 48_000
    assert chosen(FLAC, app(to("mp3", "mp3")))[0].sample_rate == 0
    low = limit(Property.SAMPLE_RATE, Comparison.AT_MOST, "50000")
    assert chosen(FINE, app(to("flac", "flac"), low))[0].sample_rate == 48_000
    other = limit(Property.SAMPLE_RATE, Comparison.EQUALS, "48000")
    assert chosen(FLAC, app(to("flac", "flac"), other))[0].sample_rate == 48_000
    # Opus has but one rate, so the next wish counts.
    client = app(to("ogg", "opus"), to("mp3", "mp3"), low, codec="opus")
    assert chosen(FLAC, client)[0].codec == "opus"
    never = limit(Property.SAMPLE_RATE, Comparison.AT_MOST, "44100")
    client = app(to("ogg", "opus"), to("mp3", "mp3"), never, codec="opus")
    assert chosen(FLAC, client)[0].codec == "mp3"


def test_channels_and_bits() -> None:
    assert chosen(FINE, app(to("mp3", "mp3")))[1].channel_count == 2
    assert chosen(FINE, app(to("flac", "flac")))[0].channel_count == 0
    assert chosen(FINE, app(to("flac", "flac", channels=2)))[0].channel_count == 2
    mono = limit(Property.CHANNELS, Comparison.AT_MOST, "1")
    assert chosen(FLAC, app(to("mp3", "mp3"), mono, codec="mp3"))[0].channel_count == 1
    assert chosen(FINE, app(to("flac", "flac")))[0].bit_depth == 24
    shallow = limit(Property.BIT_DEPTH, Comparison.AT_MOST, "16")
    assert chosen(FINE, app(to("flac", "flac"), shallow))[0].bit_depth == 16
    assert chosen(FINE, app(to("mp3", "mp3")))[1].bit_depth == 0
