"""Decides what an app that has said what it can play gets of a track (`transcoding`).

The specification leaves open in which order things are looked at; here it is the order in which
they would fail: how the bytes come, container, codec, then what is in them.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from msgspec import Struct

from hydrophone.domain.client_profile import (
    ClientProfile,
    CodecProfile,
    DirectPlayProfile,
    Limitation,
    Property,
    Protocol,
    StreamDetails,
    TranscodingProfile,
)
from hydrophone.domain.playback import Playable
from hydrophone.domain.units import Hertz, Kbps
from hydrophone.media.transcode import FORMATS, MP4_AAC, MP4_FLAC, AudioFormat
from hydrophone.services.codec_limitations import fits, largest_fitting, name_of
from hydrophone.services.transcoding_rules import (
    Limits,
    encodable_rate,
    least,
    lower_rate,
    useful_depth,
)

_CONTAINERS = {
    "mpeg": "mp3",
    "mp2": "mp3",
    "m4a": "mp4",
    "m4b": "mp4",
    "alac": "mp4",
    "fmp4": "mp4",
    "mov": "mp4",
    "oga": "ogg",
    "opus": "ogg",
    "spx": "ogg",
    "adts": "aac",
    "wave": "wav",
    "aif": "aiff",
    "aifc": "aiff",
    "asf": "wma",
    "mp+": "mpc",
    "mpp": "mpc",
}
"""Other names of containers, suffixes among them."""

_TARGETS: dict[tuple[str, str], AudioFormat] = {
    ("mp3", "mp3"): FORMATS["mp3"],
    ("ogg", "opus"): FORMATS["opus"],
    ("aac", "aac"): FORMATS["aac"],
    ("mp4", "aac"): MP4_AAC,
    ("mp4", "flac"): MP4_FLAC,
    ("flac", "flac"): FORMATS["flac"],
}
"""What can be made, by container and codec."""

_MOST_LOSSY_CHANNELS = 2
_MOST_BITS = 24


class Transcoded(Struct, frozen=True, kw_only=True, array_like=True):
    """A transcode that was decided on; it goes through the app's hands as a token."""

    container: str
    codec: str
    bit_rate: Kbps
    sample_rate: Hertz
    """0 = the source's, as with all that follows."""
    channel_count: int
    bit_depth: int

    @property
    def format(self) -> AudioFormat:
        """What it is made by."""
        return _TARGETS[self.container, self.codec]


def source_details(track: Playable) -> StreamDetails:
    """Describe the file of a track or an episode, or what is cut out of it."""
    return StreamDetails(
        container=_container(track.suffix),
        codec=track.codec or name_of(track.suffix),
        profile=track.codec_profile,
        channel_count=track.channel_count,
        bit_rate=track.bit_rate,
        sample_rate=track.sampling_rate,
        bit_depth=track.bit_depth,
    )


def obstacles(source: StreamDetails, client: ClientProfile, limits: Limits) -> tuple[str, ...]:
    """Say why an app cannot play a file as it is: one reason for each of its profiles.

    Empty if it can.
    """
    common = _too_much(source, client, limits) or _breach(source, client.codecs)
    found = []
    for profile in client.direct_play:
        reason = _mismatch(source, profile) or common
        if not reason:
            return ()
        found.append(reason)
    return tuple(found) or ("no direct play profile was given",)


def choose_transcode(
    track: Playable, source: StreamDetails, client: ClientProfile, limits: Limits
) -> tuple[Transcoded, StreamDetails] | None:
    """Return the first thing that the app would take and that can be made; `None` if none."""
    for profile in client.transcoding:
        chosen = _target(track, source, profile, client, limits)
        if chosen is not None:
            return chosen
    return None


def _container(name: str) -> str:
    return _CONTAINERS.get(name.lower(), name.lower())


def _mismatch(source: StreamDetails, profile: DirectPlayProfile) -> str:
    """Return what of a file a profile does not name; empty if nothing."""
    if profile.protocols and Protocol.HTTP not in profile.protocols:
        return "protocol not supported"
    if profile.containers and source.container not in map(_container, profile.containers):
        return "container not supported"
    if profile.codecs and name_of(source.codec) not in map(name_of, profile.codecs):
        return "audio codec not supported"
    if 0 < profile.max_channels < source.channel_count:
        return "audio channels not supported"
    return ""


def _too_much(source: StreamDetails, client: ClientProfile, limits: Limits) -> str:
    """Return which bound a file exceeds, the app's own or one set here; empty if none."""
    if 0 < least(client.max_bit_rate, limits.bit_rate) < source.bit_rate:
        return "audio bitrate not supported"
    if 0 < limits.sample_rate < source.sample_rate:
        return "audio samplerate not supported"
    return "audio bitdepth not supported" if 0 < limits.bit_depth < source.bit_depth else ""


_BREACHES = {
    Property.CHANNELS: "audio channels not supported",
    Property.BIT_RATE: "audio bitrate not supported",
    Property.PROFILE: "audio profile not supported",
    Property.SAMPLE_RATE: "audio samplerate not supported",
    Property.BIT_DEPTH: "audio bitdepth not supported",
}


def _breach(stream: StreamDetails, profiles: Sequence[CodecProfile]) -> str:
    """Return which limitation of its codec a stream does not keep; empty if none."""
    for limitation in _limitations(stream.codec, profiles):
        if not fits(stream, limitation):
            return _BREACHES[limitation.property]
    return ""


def _limitations(codec: str, profiles: Iterable[CodecProfile]) -> list[Limitation]:
    wanted = name_of(codec)
    return list(
        chain.from_iterable(one.limitations for one in profiles if name_of(one.codec) == wanted)
    )


def _target(
    track: Playable,
    source: StreamDetails,
    profile: TranscodingProfile,
    client: ClientProfile,
    limits: Limits,
) -> tuple[Transcoded, StreamDetails] | None:
    """Fit what a profile asks for to all limits; `None` if that cannot be."""
    target = _TARGETS.get((_container(profile.container), name_of(profile.codec)))
    if target is None or profile.protocol is not Protocol.HTTP:
        return None
    wishes = _limitations(target.codec, client.codecs)
    bound = least(client.max_transcoding_bit_rate, client.max_bit_rate, limits.bit_rate)
    if bound and not target.is_lossy:
        return None  # FLAC has no bit rate that could be held.
    most = _most_bits(source, target, wishes, bound or limits.default_bit_rate)
    rate = _sample_rate(source, target, wishes, limits, most)
    channels = _channels(source, target, profile, wishes)
    details = StreamDetails(
        container=target.container,
        codec=target.codec,
        profile=target.profile,
        channel_count=channels,
        bit_rate=target.bit_rate_for(most, rate) if target.is_lossy else Kbps(0),
        sample_rate=rate,
        bit_depth=0 if target.is_lossy else _bit_depth(track, wishes, limits),
    )
    if 0 < bound < details.bit_rate or not all(fits(details, wish) for wish in wishes):
        return None
    chosen = Transcoded(
        container=target.container,
        codec=target.codec,
        bit_rate=details.bit_rate,
        sample_rate=Hertz(0) if rate == source.sample_rate else rate,
        channel_count=0 if channels == source.channel_count else channels,
        bit_depth=details.bit_depth,
    )
    return chosen, details


def _most_bits(
    source: StreamDetails, target: AudioFormat, wishes: Sequence[Limitation], bound: Kbps
) -> Kbps:
    """Take as much as is allowed, but no more than is in the source, if there is so little."""
    most = least(bound, target.max_bit_rate)
    if source.bit_rate and not source.bit_depth:
        # As the sound is: of less an MP3 would have to leave out the high notes.
        enough = target.bit_rate_for(source.bit_rate, source.sample_rate)
        most = least(most, max(source.bit_rate, enough))
    return Kbps(largest_fitting(most * 1000, Property.BIT_RATE, wishes) // 1000)


def _sample_rate(
    source: StreamDetails,
    target: AudioFormat,
    wishes: Sequence[Limitation],
    limits: Limits,
    bit_rate: Kbps,
) -> Hertz:
    rate = source.sample_rate
    rate = lower_rate(rate, limits.sample_rate) or rate
    wished = Hertz(largest_fitting(rate, Property.SAMPLE_RATE, wishes))
    return encodable_rate(lower_rate(rate, wished) or max(rate, wished), target, bit_rate)


def _channels(
    source: StreamDetails,
    target: AudioFormat,
    profile: TranscodingProfile,
    wishes: Sequence[Limitation],
) -> int:
    channels = source.channel_count
    if target.is_lossy:
        channels = min(channels, _MOST_LOSSY_CHANNELS)
    if profile.max_channels:
        channels = min(channels, profile.max_channels)
    return largest_fitting(channels, Property.CHANNELS, wishes)


def _bit_depth(track: Playable, wishes: Sequence[Limitation], limits: Limits) -> int:
    """Return 16 or 24: FLAC is made in no other."""
    depth = min(useful_depth(track), limits.bit_depth or _MOST_BITS)
    depth = largest_fitting(depth, Property.BIT_DEPTH, wishes)
    return _MOST_BITS if depth > 16 else 16
