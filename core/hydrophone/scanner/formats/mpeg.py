"""MP3 and its relatives, and AAC as a bare stream (ADTS)."""

import os
from typing import Any, BinaryIO

from mutagen.aac import AACInfo
from mutagen.mp3 import BitrateMode, MPEGFrame, MPEGInfo

from hydrophone.scanner.formats.contents import Claim, Contents, Format, Trim
from hydrophone.scanner.formats.id3_tags import id3_in_front, tags_at_end
from hydrophone.scanner.payload import mpeg_payload
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.id3v1 import completed
from hydrophone.scanner.tags.texts import Texts

_MONO = 3
_ENCODERS = (b"LAME", b"L3.99", b"Lavf", b"Lavc")
"""Who fills in the LAME part of a Xing header: ffmpeg does it under its own name."""
_FRAMES, _BYTES, _CONTENTS, _QUALITY = 1, 2, 4, 8
"""Flags of a Xing header: which fields follow."""
_LOWEST_RATE = {1: 31_800, 2: 7_950, 2.5: 7_950}
"""Bits a second of layer III, by MPEG's version (ISO/IEC 11172-3 and 13818-3, bit_rate_index), less
what frames lack that are never padded: LAME's of silence."""


def _read_mpeg(file: BinaryIO) -> Contents:
    texts, picture, tag_size = _tags(file)
    info: Any = MPEGInfo(file, tag_size)
    header = os.pread(file.fileno(), 256, info.frame_offset)
    xing = _xing(header, info)
    trim = _xing_trim(header, xing, info) if xing else Trim()
    contents = Contents(
        texts=_with_gains(texts, info),
        picture=picture,
        duration=0.0 if info.bitrate_mode == BitrateMode.UNKNOWN else info.length,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        trim=trim,
        claim=Claim(_claimed_size(header, xing), info.length),
        codec=f"mp{info.layer}",
    )
    size = contents.claim.size or os.fstat(file.fileno()).st_size
    if size * 8 < contents.duration * _LOWEST_RATE[info.version]:
        return _disbelieved(file, info, contents)
    return contents


def _disbelieved(file: BinaryIO, info: Any, contents: Contents) -> Contents:  # noqa: ANN401 - as below
    """Take the length from the second frame's rate: no frames are as small as the header says."""
    file.seek(info.frame_offset)
    MPEGFrame(file)
    rate = MPEGFrame(file).bitrate
    return contents._replace(
        duration=0.0,
        bit_rate=rate,
        trim=contents.trim._replace(sample_count=0),
        claim=Claim(int(contents.duration * rate / 8), contents.duration),
    )


def _read_adts(file: BinaryIO) -> Contents:
    texts, picture, _ = _tags(file)
    file.seek(0)
    info: Any = AACInfo(file)
    return Contents(
        texts=texts,
        picture=picture,
        duration=info.length,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
    )


def _tags(file: BinaryIO) -> tuple[Texts, bytes, int]:
    """Read ID3v2, and what it lacks at the end: scanners of loudness add a tag to an older one."""
    tags = id3_in_front(file)
    behind = tags_at_end(file)
    texts = completed({**behind.ape, **read_id3_texts(tags)}, behind.id3v1)
    return texts, read_id3_picture(tags) or behind.picture, tags.size


def _with_gains(texts: Texts, info: Any) -> Texts:  # noqa: ANN401 - MPEGInfo copies a frame's fields
    """Add the gains that LAME measured while it encoded; tags of a later scan win."""
    measured = {
        "replaygain_track_gain": info.track_gain,
        "replaygain_album_gain": info.album_gain,
    }
    return {name: [str(gain)] for name, gain in measured.items() if gain is not None} | dict(texts)


def _xing(header: bytes, info: Any) -> int:  # noqa: ANN401 - MPEGInfo copies a frame's fields
    """Return where in the first frame its Xing header is; 0 if there is none."""
    side = {(False, False): 32, (False, True): 17, (True, False): 17, (True, True): 9}
    at = 4 + side[info.version >= 2, info.mode == _MONO]
    return at if header[at : at + 4] in {b"Xing", b"Info"} else 0


def _claimed_size(header: bytes, xing: int) -> int:
    """Return the bytes from this frame to the end of the music as it says; 0 if it does not.

    Fraunhofer's encoder writes a header of its own (VBRI) in the place of Xing's.
    """
    if header[36:40] == b"VBRI":
        return int.from_bytes(header[46:50], "big")
    flags = int.from_bytes(header[xing + 4 : xing + 8], "big") if xing else 0
    at = xing + 8 + 4 * bool(flags & _FRAMES)
    return int.from_bytes(header[at : at + 4], "big") if flags & _BYTES else 0


def _xing_trim(header: bytes, at: int, info: Any) -> Trim:  # noqa: ANN401 - as above
    """Read the Xing header with its LAME part (http://gabriel.mp3-tech.org/mp3infotag.html)."""
    flags = int.from_bytes(header[at + 4 : at + 8], "big")
    if not flags & _FRAMES:
        return Trim()
    frames = int.from_bytes(header[at + 8 : at + 12], "big")
    at += 12 + 4 * bool(flags & _BYTES) + 100 * bool(flags & _CONTENTS)
    at += 4 * bool(flags & _QUALITY)
    lame = header[at : at + 24]
    delay = padding = 0
    if lame.startswith(_ENCODERS) and len(lame) == 24:
        both = int.from_bytes(lame[21:24], "big")
        delay, padding = both >> 12, both & 0xFFF
    samples = frames * (576 if info.version >= 2 and info.layer == 3 else 1152)
    # Old versions of LAME wrote nonsense for very short files.
    return Trim(max(0, samples - delay - padding), delay, padding)


MPEG = Format("an MPEG audio file", "audio/mpeg", ("mp3", "mp2"), _read_mpeg, mpeg_payload, "mp3")
ADTS = Format("an AAC file", "audio/aac", ("aac",), _read_adts, mpeg_payload, "aac")
