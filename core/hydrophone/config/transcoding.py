"""The part of the schema that is about converting music: the keys, and rules for apps and users."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from hydrophone.domain.units import Hertz, Kbps


class TranscodeFormat(StrEnum):
    """A format that music can be converted to."""

    MP3 = "mp3"
    OPUS = "opus"
    AAC = "aac"


class RuleFormat(StrEnum):
    """A format that a rule chooses; empty = it chooses none."""

    NONE = ""
    MP3 = "mp3"
    OPUS = "opus"
    AAC = "aac"
    FLAC = "flac"
    MP4 = "mp4"


class ReplayGainMode(StrEnum):
    """Which loudness correction is applied; empty = none."""

    NONE = ""
    TRACK = "track"
    ALBUM = "album"


class TranscodingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[transcoding.rules]]`: what an app or a user gets that asks for nothing better."""

    client: Annotated[
        str,
        Meta(
            description="The name that the app gives itself (`c`), in any case; `*` stands for "
            "any text. Empty means every app.",
        ),
    ] = ""
    user: Annotated[str, Meta(description="Name of a user. Empty means everybody.")] = ""
    sources: Annotated[
        tuple[str, ...],
        Meta(
            description="Which files: suffixes such as `flac`, or `lossless` or `lossy`. Empty "
            "means every file.",
        ),
    ] = field(default=(), name="from")
    never: Annotated[
        bool,
        Meta(
            description="Whether the file is always sent as it is, whatever the app asks for. "
            "Only the user's own limit still counts.",
        ),
    ] = False
    format: Annotated[
        RuleFormat, Meta(description="Format to convert to if the app names none.")
    ] = RuleFormat.NONE
    bit_rate: Annotated[
        Kbps,
        Meta(
            ge=0,
            le=320,
            description="Kilobits per second to convert at if the app names none; 0 leaves it to "
            "`default_bit_rate`.",
        ),
    ] = Kbps(0)
    max_bit_rate: Annotated[
        Kbps,
        Meta(
            ge=0,
            le=10_000,
            description="Kilobits per second above which everything is converted; 0 means no "
            "limit.",
        ),
    ] = Kbps(0)
    sample_rate: Annotated[
        Hertz,
        Meta(
            ge=0,
            le=768_000,
            description="Sampling rate in hertz above which everything is converted; 0 means no "
            "limit.",
        ),
    ] = Hertz(0)
    bit_depth: Annotated[
        int,
        Meta(
            ge=0,
            le=32,
            description="Bits of a sample above which everything is converted, to 16 or 24; 0 "
            "means no limit.",
        ),
    ] = 0
    replay_gain: Annotated[
        ReplayGainMode,
        Meta(
            description="Whether music that is converted is also made as loud as its tags say, "
            "track by track or album by album.",
        ),
    ] = ReplayGainMode.NONE


class TranscodingConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[transcoding]`: conversion of music for apps that ask for less."""

    ffmpeg: Annotated[
        str,
        Meta(
            description="Name or absolute path of the ffmpeg program. Empty means `ffmpeg` from "
            "the PATH, else the one that came with the extra `hydrophone[ffmpeg]`.",
        ),
    ] = ""
    default_format: Annotated[
        TranscodeFormat,
        Meta(description="Format for an app that limits the bit rate and names no format."),
    ] = TranscodeFormat.MP3
    default_bit_rate: Annotated[
        Kbps,
        Meta(
            ge=32,
            le=320,
            description="Kilobits per second for an app that names a format and no bit rate.",
        ),
    ] = Kbps(192)
    max_concurrent: Annotated[
        int,
        Meta(ge=1, le=256, description="Number of conversions that run at the same time."),
    ] = 4
    max_per_user: Annotated[
        int,
        Meta(
            ge=1,
            le=256,
            description="Number of these that one user may have, so that the rest is left for "
            "others.",
        ),
    ] = 3
    cache_size: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000_000,
            description="MiB of converted music that are kept in `cache_dir` to be sent again; "
            "what was played longest ago goes first. 0 keeps nothing.",
        ),
    ] = 5120
    rules: tuple[TranscodingRule, ...] = ()
    """The first that fits an app, a user and a file counts, and no other."""
