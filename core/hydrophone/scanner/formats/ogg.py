"""Ogg with one of the codecs that are played: Vorbis, Opus, FLAC and Speex."""

import os
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

from hydrophone.domain.units import Seconds
from hydrophone.scanner.formats.contents import Contents, Format, whole
from hydrophone.scanner.formats.damaged_comments import (
    LenientOggFlac,
    LenientOpus,
    LenientSpeex,
    LenientVorbis,
)
from hydrophone.scanner.ogg_payload import LARGEST_PACKET, ogg_payload, read_end, samples_before
from hydrophone.scanner.payload import Payload
from hydrophone.scanner.shortfall import clock, unaccounted
from hydrophone.scanner.tags.texts import Texts
from hydrophone.scanner.tags.vorbis import read_ogg_picture, read_vorbis_texts

_OPUS_RATE = 48_000
"""What every Opus decoder puts out; the rate in the header is that of the encoder's input."""
BEGIN = 512
"""The identification header of an Ogg stream lies within so many bytes."""


def _read_vorbis(file: BinaryIO) -> Contents:
    ogg: Any = LenientVorbis(file)  # type: ignore[no-untyped-call] # Mutagen's
    return _contents(file, ogg)


def _read_speex(file: BinaryIO) -> Contents:
    ogg: Any = LenientSpeex(file)  # type: ignore[no-untyped-call] # Mutagen's
    return _contents(file, ogg)


def _read_flac(file: BinaryIO) -> Contents:
    ogg: Any = LenientOggFlac(file)  # type: ignore[no-untyped-call] # Mutagen's
    return _contents(file, ogg)._replace(bit_depth=ogg.info.bits_per_sample)


def _read_opus(file: BinaryIO) -> Contents:
    """The header's own gain is not a tag: every decoder applies it (RFC 7845, section 5.1)."""
    begin = file.read(BEGIN)
    at = begin.index(b"OpusHead")
    delay, _, gain = struct.unpack_from("<HIh", begin, at + 10)
    file.seek(0)
    ogg: Any = LenientOpus(file)  # type: ignore[no-untyped-call] # Mutagen's
    texts: Texts = read_vorbis_texts(ogg.tags)
    if gain:
        texts = {**texts, "replaygain_base_gain": [str(gain / 256)]}
    contents = _contents(file, ogg, _OPUS_RATE, texts)
    return contents._replace(trim=contents.trim._replace(encoder_delay=delay))


def _contents(file: BinaryIO, ogg: Any, rate: int = 0, texts: Texts | None = None) -> Contents:  # noqa: ANN401 - mutagen's classes share no base with these fields
    rate = rate or ogg.info.sample_rate
    fd = file.fileno()
    before = samples_before(fd, os.fstat(fd).st_size) / rate if rate else 0.0
    duration = max(0.0, ogg.info.length - before)
    return Contents(
        texts=read_vorbis_texts(ogg.tags) if texts is None else texts,
        picture=read_ogg_picture(ogg.tags),
        duration=duration,
        bit_rate=0,
        sampling_rate=rate,
        channel_count=ogg.info.channels,
        trim=whole(duration, rate),
    )


def _shortfall(fd: int, size: int, contents: Contents, _: Payload) -> str | None:
    """Look for the last page, whose time is the length, and compare it with that of the one before.

    A page before that did not end a packet has no time of its own, which is -1.
    """
    end = read_end(fd, size)
    if not end.is_whole:
        return f"holds {clock(Seconds(contents.seconds))} and has no end (cut off?)"
    if end.samples < 0 or not contents.sampling_rate:
        return None
    if end.samples <= end.packets * LARGEST_PACKET:
        return ""
    says = Seconds(contents.seconds)
    return unaccounted(says, Seconds(says - end.samples / contents.sampling_rate))


def _ogg(
    name: str, suffixes: tuple[str, ...], read: Callable[[BinaryIO], Contents], codec: str
) -> Format:
    return Format(name, "audio/ogg", suffixes, read, ogg_payload, codec, _shortfall)


VORBIS = _ogg("an Ogg Vorbis file", ("ogg", "oga"), _read_vorbis, "vorbis")
OPUS = _ogg("an Ogg Opus file", ("opus",), _read_opus, "opus")
OGG_FLAC = _ogg("an Ogg FLAC file", ("oga", "ogg"), _read_flac, "flac")
SPEEX = _ogg("an Ogg Speex file", ("spx",), _read_speex, "speex")

CODECS = {b"\x01vorbis": VORBIS, b"OpusHead": OPUS, b"\x7fFLAC": OGG_FLAC, b"Speex   ": SPEEX}
"""By how the identification header begins."""
