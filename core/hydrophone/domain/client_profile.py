"""What an app says it can play, and what is decided on that (OpenSubsonic `transcoding`)."""

from enum import StrEnum

from msgspec import Struct

from hydrophone.domain.units import Hertz, Kbps


class MediaType(StrEnum):
    """What an id given for a decision stands for."""

    SONG = "song"
    PODCAST = "podcast"


class Protocol(StrEnum):
    """How bytes come to an app."""

    HTTP = "http"
    HLS = "hls"
    OTHER = ""
    """One that nobody here knows: what comes by it alone does not come."""


class Property(StrEnum):
    """What of a stream can be limited."""

    CHANNELS = "audioChannels"
    BIT_RATE = "audioBitrate"
    PROFILE = "audioProfile"
    SAMPLE_RATE = "audioSamplerate"
    BIT_DEPTH = "audioBitdepth"


class Comparison(StrEnum):
    """How a property is compared with the values of a limitation."""

    EQUALS = "Equals"
    NOT_EQUALS = "NotEquals"
    AT_MOST = "LessThanEqual"
    AT_LEAST = "GreaterThanEqual"


class Limitation(Struct, frozen=True, kw_only=True):
    """What an app wants of one property of a codec's streams."""

    property: Property
    comparison: Comparison
    values: tuple[str, ...]
    """Of bit rates: bits per second. Only the first counts for `AT_MOST` and `AT_LEAST`."""
    is_required: bool
    """Whether a stream of which the property is not known does not do."""


class CodecProfile(Struct, frozen=True, kw_only=True):
    """The limitations of one codec, in files as they are and in transcodes."""

    codec: str
    limitations: tuple[Limitation, ...]


class DirectPlayProfile(Struct, frozen=True, kw_only=True):
    """A kind of file that an app can play as it is; an empty tuple means any."""

    containers: tuple[str, ...]
    codecs: tuple[str, ...]
    protocols: tuple[Protocol, ...]
    max_channels: int
    """0 = any number."""


class TranscodingProfile(Struct, frozen=True, kw_only=True):
    """Something that an app would like music to be converted to."""

    container: str
    codec: str
    protocol: Protocol
    max_channels: int
    """0 = any number."""


class ClientProfile(Struct, frozen=True, kw_only=True):
    """All that an app says of itself."""

    max_bit_rate: Kbps
    """Of files as they are, and of transcodes; 0 = no limit."""
    max_transcoding_bit_rate: Kbps
    """0 = no limit of its own."""
    direct_play: tuple[DirectPlayProfile, ...]
    transcoding: tuple[TranscodingProfile, ...]
    """The first that can be had is taken."""
    codecs: tuple[CodecProfile, ...]


class StreamDetails(Struct, frozen=True, kw_only=True):
    """What a stream is, or will be, like; 0 and empty mean that nobody knows, or there is none."""

    container: str
    codec: str
    profile: str = ""
    channel_count: int = 0
    bit_rate: Kbps = Kbps(0)
    sample_rate: Hertz = Hertz(0)
    bit_depth: int = 0


class Decision(Struct, frozen=True, kw_only=True):
    """How an app can come to hear something."""

    can_play_directly: bool
    reasons: tuple[str, ...]
    """Why not: for each profile of direct play the first thing that is amiss."""
    source: StreamDetails
    transcode: StreamDetails | None
    """What can be had instead; `None` if nothing."""
    parameters: str
    """Stands for the transcode when it is asked for; empty if there is none."""
    problem: str
    """Why it can be had neither way, for people; empty if it can."""
