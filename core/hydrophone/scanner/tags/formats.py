"""Each container that is scanned: how to read it and where its audio lies.

Mutagen's classes are called by name, never through `mutagen.File`, which opens each file with
all of them in turn to see which one fits.
"""

import os
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from mutagen import MutagenError
from mutagen.apev2 import TEXT, APEv2
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp3 import MPEGInfo
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from hydrophone.errors import MediaError
from hydrophone.scanner.mp4_fragments import fragmented_duration
from hydrophone.scanner.ogg_payload import ogg_payload
from hydrophone.scanner.payload import Payload, flac_payload, mp4_payload, mpeg_payload
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.mp4 import read_mp4_picture, read_mp4_texts
from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.texts import Texts
from hydrophone.scanner.tags.vorbis import read_ogg_picture, read_vorbis_texts

_OPUS_RATE = 48_000
"""What every Opus decoder puts out; the rate in the header is that of the encoder's input."""
_ID3V2 = (2, 0, 0)
_BEGIN = 512
"""The identification header of an Ogg stream lies within so many bytes."""


class Contents(NamedTuple):
    """What a file says of itself, before it is interpreted."""

    texts: Texts
    picture: bytes
    duration: float
    """Seconds."""
    bit_rate: float
    """Bits per second; 0 if it must be computed from payload and duration."""
    sampling_rate: int
    channel_count: int
    bit_depth: int = 0


class Format(NamedTuple):
    """A container: its name with an article, its content type and its two readers."""

    name: str
    content_type: str
    read: Callable[[BinaryIO], Contents]
    """Raises `MutagenError` or whatever mutagen stumbles over, or `MediaError`."""
    payload: Callable[[int, int], Payload]


def _read_mpeg(file: BinaryIO) -> Contents:
    tags = _id3(file)
    info = MPEGInfo(file, tags.size)
    texts = read_id3_texts(tags)
    ape = _ape_texts(file)
    return Contents(
        texts={**texts, **ape} if tags.version < _ID3V2 else {**ape, **texts},
        picture=read_id3_picture(tags),
        duration=info.length,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
    )


def _id3(file: BinaryIO) -> ID3:
    """Read ID3v2, else ID3v1; broken tags count as absent, for the audio may be whole."""
    has_v2 = file.read(3) == b"ID3"
    file.seek(0)
    try:
        return ID3(file, load_v1=not has_v2)
    except MutagenError:
        return ID3()


def _ape_texts(file: BinaryIO) -> Texts:
    """Read an APEv2 tag, in which old gain scanners left their results beside ID3."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 160))
    if b"APETAGEX" not in file.read():
        return {}
    try:
        tags = APEv2(file)
    except MutagenError:
        return {}
    return read_vorbis_texts(
        (name, text) for name, value in tags.items() if value.kind == TEXT for text in value
    )


def _read_flac(file: BinaryIO) -> Contents:
    flac = FLAC(file)
    tags: Any = flac.tags
    return Contents(
        texts=read_vorbis_texts(tags or ()),
        picture=choose_picture(
            (picture.type, picture.data) for picture in flac.pictures if picture.mime != LINK
        ),
        duration=flac.info.length,
        bit_rate=flac.info.bitrate,
        sampling_rate=flac.info.sample_rate,
        channel_count=flac.info.channels,
        bit_depth=flac.info.bits_per_sample,
    )


def _read_ogg(file: BinaryIO) -> Contents:
    """Read Opus or Vorbis: both are found under either suffix."""
    is_opus = b"OpusHead" in file.read(_BEGIN)
    file.seek(0)
    ogg: Any = OggOpus(file) if is_opus else OggVorbis(file)
    return Contents(
        texts=read_vorbis_texts(ogg.tags),
        picture=read_ogg_picture(ogg.tags),
        duration=ogg.info.length,
        bit_rate=0,
        sampling_rate=_OPUS_RATE if is_opus else ogg.info.sample_rate,
        channel_count=ogg.info.channels,
    )


def _read_mp4(file: BinaryIO) -> Contents:
    mp4: Any = MP4(file)
    if not mp4.info.codec:
        raise MediaError("contains no audio track")
    tags = mp4.tags or {}
    size = os.fstat(file.fileno()).st_size
    return Contents(
        texts=read_mp4_texts(tags),
        picture=read_mp4_picture(tags),
        duration=mp4.info.length or fragmented_duration(file.fileno(), size),
        bit_rate=mp4.info.bitrate,
        sampling_rate=mp4.info.sample_rate,
        channel_count=mp4.info.channels,
        bit_depth=mp4.info.bits_per_sample if mp4.info.codec == "alac" else 0,
    )


_MPEG = Format("an MPEG audio file", "audio/mpeg", _read_mpeg, mpeg_payload)
_FLAC = Format("a FLAC file", "audio/flac", _read_flac, flac_payload)
_OGG = Format("an Ogg Vorbis or Opus file", "audio/ogg", _read_ogg, ogg_payload)
_MP4 = Format("an MPEG-4 audio file", "audio/mp4", _read_mp4, mp4_payload)

FORMATS = {
    "mp3": _MPEG,
    "flac": _FLAC,
    "ogg": _OGG,
    "oga": _OGG,
    "opus": _OGG,
    "m4a": _MP4,
    "m4b": _MP4,
}
"""By suffix, in lower case and without the dot."""
