"""MPEG-4 audio: AAC and ALAC as iTunes and video sites write them."""

import os
from typing import Any, BinaryIO

from mutagen import mp4

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.scanner.formats.contents import Claim, Contents, Format, claimed_shortfall
from hydrophone.scanner.mp4_atoms import claimed_atoms
from hydrophone.scanner.mp4_fragments import fragmented_duration
from hydrophone.scanner.mp4_samples import held_seconds
from hydrophone.scanner.mp4_trim import mp4_trim
from hydrophone.scanner.payload import Payload, mp4_payload
from hydrophone.scanner.shortfall import unaccounted
from hydrophone.scanner.tags.mp4 import read_mp4_picture, read_mp4_texts

_PROTECTED = "drms"
"""The codec of what was sold with copy protection until 2009."""

_MP3 = ("mp4a.69", "mp4a.6B")
_TWICE = 2.1
_LIKE = 0.2
_USUAL_RATE = 32_000
"""Bits a second; silence has fewer."""
_AAC_PROFILES = {"1": "Main", "2": "LC", "5": "HE-AAC", "29": "HE-AACv2"}


class _Tagged(mp4.MP4):
    """A file with its tags, without the chapters: nothing reads them, and they may be damaged."""

    MP4Chapters: Any = staticmethod(lambda *_: None)


class _Untagged(_Tagged):
    """What Mutagen reads of a file besides its tags."""

    MP4Tags: Any = staticmethod(lambda *_: None)


def _read(file: BinaryIO) -> Contents:
    read: Any = _read_atoms(file)
    info = read.info
    if not info.codec:
        raise MediaError("contains no audio track")
    if info.codec == _PROTECTED:
        raise MediaError("protected against copying: no app can play it")
    tags = read.tags or {}
    fd = file.fileno()
    size = os.fstat(fd).st_size
    duration = info.length or fragmented_duration(fd, size)
    return Contents(
        texts=read_mp4_texts(tags),
        picture=read_mp4_picture(tags),
        duration=duration,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        bit_depth=info.bits_per_sample if info.codec == "alac" else 0,
        trim=mp4_trim(fd, size, tags, info.sample_rate),
        claim=Claim(
            sum(end - begin for name, begin, end in claimed_atoms(fd, 0, size) if name == b"mdat"),
            duration,
        ),
        codec=_codec(info.codec),
        profile=_profile(info.codec),
    )


def _read_atoms(file: BinaryIO) -> Any:  # noqa: ANN401 - mutagen declares no fields
    """Read stream and tags; tags that are damaged count as absent."""
    try:
        return _Tagged(file)  # type: ignore[no-untyped-call] # Mutagen's
    except mp4.MP4MetadataError:
        file.seek(0)
        return _Untagged(file)  # type: ignore[no-untyped-call] # Mutagen's


def _codec(name: str) -> str:
    """Tell a codec by its name in RFC 6381; one that we do not know keeps it."""
    if name in _MP3:
        return "mp3"
    return "aac" if name.startswith("mp4a") else name.lower()


def _profile(name: str) -> str:
    """Return the variety of AAC: the audio object type of ISO/IEC 14496-3."""
    return _AAC_PROFILES.get(name.removeprefix("mp4a.40."), "")


def _shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str | None:
    """Look for what was cut off, and compare the length in the headers with the tables.

    Where the length fits the rate that the encoder noted for music, the tables need not be looked
    for.
    """
    remark = claimed_shortfall(fd, size, contents, payload)
    if remark:
        return remark
    rate = payload.size * 8 / max(contents.duration, contents.seconds, 1.0)
    if rate > _USUAL_RATE and abs(rate - contents.bit_rate) < contents.bit_rate * _LIKE:
        return ""
    held = held_seconds(fd, size, codec=contents.codec, sampling_rate=contents.sampling_rate)
    if held is None:
        return None
    says = contents.duration
    # Of HE-AAC iTunes's note may count at twice the rate that we know of.
    if contents.seconds > _TWICE * max(says, held):
        says = contents.seconds
    return unaccounted(Seconds(says), held)


MP4 = Format(
    "an MPEG-4 audio file",
    "audio/mp4",
    ("m4a", "m4b", "mp4", "alac"),
    _read,
    mp4_payload,
    "aac",
    _shortfall,
)
