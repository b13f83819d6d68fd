"""Compares streams with the limitations that apps set for codecs (OpenSubsonic `transcoding`)."""

import re
from collections.abc import Iterable

from hydrophone.domain.client_profile import Comparison, Limitation, Property, StreamDetails

_CODECS = {
    "mpeg": "mp3",
    "mp4a": "aac",
    "m4a": "aac",
    "ogg": "vorbis",
    "oga": "flac",
    "spx": "speex",
    "wav": "pcm",
    "wave": "pcm",
    "aiff": "pcm",
    "aif": "pcm",
    "aifc": "pcm",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "wv": "wavpack",
    "mpc": "musepack",
    "wmav2": "wma",
    "wmav1": "wma",
    "asf": "wma",
    "dsf": "dsd",
    "dff": "dsd",
}
"""Other names of codecs, ours for the suffixes of files among them."""


_NUMBER = re.compile(r"[1-9][0-9]{0,9}")


def name_of(codec: str) -> str:
    """Return the usual name of a codec: apps call raw samples `pcm`, `wav` or `pcm_s16le`."""
    name = codec.lower()
    return "pcm" if name.startswith("pcm_") else _CODECS.get(name, name)


def fits(stream: StreamDetails, limitation: Limitation) -> bool:
    """Tell whether a stream keeps a limitation of its codec.

    What is not known of a stream keeps every limitation that is not required.
    """
    if limitation.property is Property.PROFILE:
        known, values = stream.profile.lower(), tuple(map(str.lower, limitation.values))
        if not known:
            return not limitation.is_required
        return (known in values) is (limitation.comparison is not Comparison.NOT_EQUALS)
    value = _number_of(stream, limitation.property)
    if not value:
        return not limitation.is_required
    return _compares(value, limitation.comparison, _numbers(limitation))


def largest_fitting(value: int, wanted: Property, limitations: Iterable[Limitation]) -> int:
    """Return the value nearest to one, if possible below it, that keeps the upper limits.

    What cannot be reached so is left for `fits` to find.
    """
    for limitation in limitations:
        if limitation.property is not wanted or not (allowed := _numbers(limitation)):
            continue
        if limitation.comparison is Comparison.AT_MOST:
            value = min(value, allowed[0])
        elif limitation.comparison is Comparison.EQUALS:
            value = max((one for one in allowed if one <= value), default=min(allowed))
    return value


def _compares(value: int, comparison: Comparison, allowed: tuple[int, ...]) -> bool:
    match comparison:
        case Comparison.EQUALS:
            return value in allowed
        case Comparison.NOT_EQUALS:
            return value not in allowed
        case Comparison.AT_MOST:
            return not allowed or value <= allowed[0]
        case Comparison.AT_LEAST:
            return not allowed or value >= allowed[0]


def _numbers(limitation: Limitation) -> tuple[int, ...]:
    """Return the values that are numbers; 0 or something else limits nothing."""
    return tuple(int(one) for one in limitation.values if _NUMBER.fullmatch(one))


def _number_of(stream: StreamDetails, wanted: Property) -> int:
    return {
        Property.CHANNELS: stream.channel_count,
        Property.BIT_RATE: stream.bit_rate * 1000,
        Property.SAMPLE_RATE: stream.sample_rate,
        Property.BIT_DEPTH: stream.bit_depth,
    }.get(wanted, 0)
