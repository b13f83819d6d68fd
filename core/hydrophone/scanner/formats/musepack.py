"""Musepack: streams of the versions 4 to 8."""

import os
from typing import Any, BinaryIO

from mutagen.musepack import MusepackInfo

from hydrophone.domain.units import Seconds
from hydrophone.scanner.formats.ape_tagged import ape_tags, at_audio
from hydrophone.scanner.formats.contents import Contents, Format, Trim, whole
from hydrophone.scanner.musepack_frames import (
    FRAME,
    ends_whole,
    frames_of_version_7,
    samples_of_version_8,
)
from hydrophone.scanner.payload import Payload, after_id3, mpeg_payload
from hydrophone.scanner.shortfall import shortfall
from hydrophone.scanner.tags.texts import Texts

_USUAL_RATE = 32_000
"""Bits a second; encoders give music twice as many, and only silence gets fewer than these."""
_VERSION_8 = b"MPCK"
_VERSIONS_7 = (b"MP+\x07", b"MP+\x17")
"""7.0, and 7.1 with its wide range of values."""


def _read(file: BinaryIO) -> Contents:
    texts, picture = ape_tags(file)
    begin = os.pread(file.fileno(), 32, at_audio(file).tell())
    info: Any = MusepackInfo(file)
    return Contents(
        texts={**_gains(info), **texts},
        picture=picture,
        duration=info.length,
        bit_rate=0,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        trim=_trim(begin, info),
    )


def _trim(begin: bytes, info: Any) -> Trim:  # noqa: ANN401 - mutagen declares no fields
    """Return the samples; stream version 7 counts frames, and may say how long the last one is."""
    last = _last_frame(begin)
    if info.version == 7 and last is not None:
        frames = int.from_bytes(begin[4:8], "little")
        return Trim(max(0, (frames - 1) * FRAME + last))
    return whole(info.length, info.sample_rate)


def _last_frame(begin: bytes) -> int | None:
    """Return how many samples of the last frame are music; `None` if version 7 does not say."""
    last = int.from_bytes(begin[20:24], "little")
    return last >> 20 & 0x7FF if last >> 31 else None


def _gains(info: Any) -> Texts:  # noqa: ANN401 - as above
    """Return the gains of the header; its peaks have half the scale of ReplayGain's."""
    texts = {}
    for ours, theirs in (("track", "title"), ("album", "album")):
        if gain := getattr(info, f"{theirs}_gain", 0):
            texts[f"replaygain_{ours}_gain"] = [f"{gain:.2f} dB"]
        if peak := getattr(info, f"{theirs}_peak", 0):
            texts[f"replaygain_{ours}_peak"] = [f"{peak * 2:.6f}"]
    return texts


def _shortfall(fd: int, _size: int, contents: Contents, payload: Payload) -> str | None:
    """Count what there is, in version 7 only where it is little or does not end as it should."""
    says, rate, begin = Seconds(contents.seconds), contents.sampling_rate, after_id3(fd)
    version = payload.pieces[0][:4]
    if version == _VERSION_8 and rate:
        samples = samples_of_version_8(fd, begin, payload.size)
        return None if samples is None else shortfall(says, Seconds(samples / rate))
    if version in _VERSIONS_7 and rate:
        if payload.size * 8 >= says * _USUAL_RATE and _ends_whole(payload):
            return ""
        frames = frames_of_version_7(fd, begin, payload.size)
        return None if frames is None else shortfall(says, Seconds(frames * FRAME / rate))
    return None


def _ends_whole(payload: Payload) -> bool:
    head, _, tail = payload.pieces
    last = _last_frame(head)
    return last is not None and payload.size % 4 == 0 and ends_whole(tail, last)


MUSEPACK = Format(
    "a Musepack file",
    "audio/x-musepack",
    ("mpc", "mp+", "mpp"),
    _read,
    mpeg_payload,
    "musepack",
    _shortfall,
)
