"""ClientInfo: what an app says it can play (extension transcoding).

Bit rates are bits per second. Kotlin's and Swift's encoders write null for what is not set, and
some apps leave out even what the specification requires: nothing depends on those.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hydrophone.domain import client_profile as domain
from hydrophone.domain.units import Kbps
from hydrophone.errors import InvalidInputError

_Text = Annotated[str, Meta(max_length=200)]
_Texts = Annotated[tuple[_Text, ...], Meta(max_length=200)]
_Protocols = Annotated[tuple[domain.Protocol, ...], Meta(max_length=20)]
_Natural = Annotated[int, Meta(ge=0, le=2**31)]


class _Info(Struct, frozen=True, rename="camel"):
    """A part of what is POSTed; what nobody knows is ignored."""


class Limitation(_Info, frozen=True, kw_only=True):
    """A limit for one property of a codec."""

    name: domain.Property
    comparison: domain.Comparison
    values: _Texts
    required: bool = False


class CodecProfile(_Info, frozen=True, kw_only=True):
    """The limits of a codec."""

    type: _Text = ""
    """`AudioCodec`, so far the only one; others say nothing of audio."""
    name: _Text
    limitations: Annotated[tuple[Limitation, ...], Meta(max_length=50)] | None = None


class DirectPlayProfile(_Info, frozen=True, kw_only=True):
    """Files that the app plays; an absent or empty list means any."""

    containers: _Texts | None = None
    audio_codecs: _Texts | None = None
    protocols: _Protocols | None = None
    max_audio_channels: _Natural | None = None


class TranscodingProfile(_Info, frozen=True, kw_only=True):
    """What the app would have music converted to."""

    container: _Text
    audio_codec: _Text
    protocol: domain.Protocol = domain.Protocol.HTTP
    max_audio_channels: _Natural | None = None


class ClientInfo(_Info, frozen=True, kw_only=True):
    """All of it."""

    max_audio_bitrate: _Natural | None = None
    max_transcoding_audio_bitrate: _Natural | None = None
    direct_play_profiles: Annotated[tuple[DirectPlayProfile, ...], Meta(max_length=100)] | None = (
        None
    )
    transcoding_profiles: Annotated[tuple[TranscodingProfile, ...], Meta(max_length=100)] | None = (
        None
    )
    codec_profiles: Annotated[tuple[CodecProfile, ...], Meta(max_length=100)] | None = None


def read_client_info(body: bytes) -> domain.ClientProfile:
    """Read what was POSTed.

    Raises:
        InvalidInputError: It is no JSON, or not of this form; the sentence says where.
    """
    try:
        info = msgspec.json.decode(body, type=ClientInfo)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The body is no ClientInfo: {error}.") from error
    except RecursionError as error:
        raise InvalidInputError("The body is nested too deeply.") from error
    return domain.ClientProfile(
        max_bit_rate=_kbps(info.max_audio_bitrate),
        max_transcoding_bit_rate=_kbps(info.max_transcoding_audio_bitrate),
        direct_play=tuple(map(_direct_play, info.direct_play_profiles or ())),
        transcoding=tuple(map(_transcoding, info.transcoding_profiles or ())),
        codecs=tuple(
            _codec(one) for one in info.codec_profiles or () if one.type in ("", "AudioCodec")
        ),
    )


def _kbps(bits: int | None) -> Kbps:
    """Round up what is not 0: a limit of less than a kilobit is a limit all the same."""
    return Kbps(-(-(bits or 0) // 1000))


def _direct_play(profile: DirectPlayProfile) -> domain.DirectPlayProfile:
    return domain.DirectPlayProfile(
        containers=profile.containers or (),
        codecs=profile.audio_codecs or (),
        protocols=profile.protocols or (),
        max_channels=profile.max_audio_channels or 0,
    )


def _transcoding(profile: TranscodingProfile) -> domain.TranscodingProfile:
    return domain.TranscodingProfile(
        container=profile.container,
        codec=profile.audio_codec,
        protocol=profile.protocol,
        max_channels=profile.max_audio_channels or 0,
    )


def _codec(profile: CodecProfile) -> domain.CodecProfile:
    return domain.CodecProfile(
        codec=profile.name,
        limitations=tuple(
            domain.Limitation(
                property=one.name,
                comparison=one.comparison,
                values=one.values,
                is_required=one.required,
            )
            for one in profile.limitations or ()
        ),
    )
