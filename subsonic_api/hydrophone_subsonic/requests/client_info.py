"""ClientInfo: what an app says it can play (extension transcoding).

Bit rates are bits per second. Kotlin's and Swift's encoders write null for what is not set, and
some apps leave out even what the specification requires: nothing depends on those. Others mean well
and write `"*"`, `"HTTP"`, `16` for `"16"` or `128000.0`: that is understood. A protocol, a property
or a comparison that nobody knows costs an app this profile or limitation only.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from hydrophone.domain import client_profile as domain
from hydrophone.domain.units import Kbps
from hydrophone.errors import InvalidInputError

_Text = Annotated[str, Meta(max_length=200)]
_Texts = Annotated[tuple[_Text, ...], Meta(max_length=200)]
_Values = Annotated[tuple[_Text | int | float, ...], Meta(max_length=200)]
_Natural = Annotated[int, Meta(ge=0, le=2**31)]

_ANY = "*"
E = TypeVar("E", bound=StrEnum)


class _Info(Struct, frozen=True, rename="camel"):
    """A part of what is POSTed; what nobody knows is ignored."""


class Limitation(_Info, frozen=True, kw_only=True):
    """A limit for one property of a codec."""

    name: _Text
    comparison: _Text
    values: _Values
    required: bool = False


class CodecProfile(_Info, frozen=True, kw_only=True):
    """The limits of a codec."""

    type: _Text = ""
    """`AudioCodec`, so far the only one; others say nothing of audio."""
    name: _Text
    limitations: Annotated[tuple[Limitation, ...], Meta(max_length=50)] | None = None


class DirectPlayProfile(_Info, frozen=True, kw_only=True):
    """Files that the app plays; an absent or empty list means any, as does one with `*`."""

    containers: _Texts | None = None
    audio_codecs: _Texts | None = None
    protocols: _Texts | None = None
    max_audio_channels: _Natural | None = None


class TranscodingProfile(_Info, frozen=True, kw_only=True):
    """What the app would have music converted to."""

    container: _Text
    audio_codec: _Text
    protocol: _Text | None = None
    """HTTP if absent."""
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
        info = msgspec.json.decode(body, type=ClientInfo, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The body is no ClientInfo: {error}.") from error
    except RecursionError as error:
        raise InvalidInputError("The body is nested too deeply.") from error
    return domain.ClientProfile(
        max_bit_rate=_kbps(info.max_audio_bitrate),
        max_transcoding_bit_rate=_kbps(info.max_transcoding_audio_bitrate),
        direct_play=tuple(_direct_play(info.direct_play_profiles or ())),
        transcoding=tuple(_transcoding(info.transcoding_profiles or ())),
        codecs=tuple(
            _codec(one)
            for one in info.codec_profiles or ()
            if one.type.lower() in ("", "audiocodec")
        ),
    )


def _kbps(bits: int | None) -> Kbps:
    """Round up what is not 0: a limit of less than a kilobit is a limit all the same."""
    return Kbps(-(-(bits or 0) // 1000))


def _known(kind: type[E], name: str) -> E | None:
    """Return what a name stands for, in whichever case it is written; `None` if nothing."""
    return next((one for one in kind if one.lower() == name.lower()), None)


def _protocol(name: str) -> domain.Protocol:
    return _known(domain.Protocol, name) or domain.Protocol.OTHER


def _or_any(names: tuple[str, ...] | None) -> tuple[str, ...]:
    return () if not names or _ANY in names else names


def _direct_play(profiles: Iterable[DirectPlayProfile]) -> Iterator[domain.DirectPlayProfile]:
    for profile in profiles:
        yield domain.DirectPlayProfile(
            containers=_or_any(profile.containers),
            codecs=_or_any(profile.audio_codecs),
            protocols=tuple(map(_protocol, _or_any(profile.protocols))),
            max_channels=profile.max_audio_channels or 0,
        )


def _transcoding(profiles: Iterable[TranscodingProfile]) -> Iterator[domain.TranscodingProfile]:
    for profile in profiles:
        named = profile.protocol or _ANY
        yield domain.TranscodingProfile(
            container=profile.container,
            codec=profile.audio_codec,
            protocol=domain.Protocol.HTTP if named == _ANY else _protocol(named),
            max_channels=profile.max_audio_channels or 0,
        )


def _codec(profile: CodecProfile) -> domain.CodecProfile:
    return domain.CodecProfile(
        codec=profile.name, limitations=tuple(_limitations(profile.limitations or ()))
    )


def _limitations(limitations: Iterable[Limitation]) -> Iterator[domain.Limitation]:
    for one in limitations:
        limited = _known(domain.Property, one.name)
        comparison = _known(domain.Comparison, one.comparison)
        if limited is None or comparison is None:
            continue
        yield domain.Limitation(
            property=limited,
            comparison=comparison,
            values=tuple(map(_value, one.values)),
            is_required=one.required,
        )


def _value(value: str | float) -> str:
    """Write a number as apps that send texts do: 16 for 16.0."""
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value)
