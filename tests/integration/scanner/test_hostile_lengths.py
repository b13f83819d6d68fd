"""Headers that claim days of sound in a small file: none is believed without a word of it."""

import os
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from mutagen.mp4 import MP4

from hydrophone.errors import MediaError
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.testing.audio_files import make_audio

SECONDS = 2.0


def _parse(path: Path) -> ParsedFile:
    return parse_file(os.fsencode(path))


def _put(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def _xing(content: bytes, frames: int, size: int | None) -> bytes:
    """Change the counts in the first frame; `None` says that it does not count bytes."""
    at = max(content.find(b"Info"), content.find(b"Xing"))
    flags = content[at + 7]
    if size is None:
        return _put(content, at + 7, struct.pack(">BI", flags & ~2, frames))
    return _put(content, at + 7, struct.pack(">BII", flags, frames, size))


def _mp3(content: bytes) -> bytes:
    return _xing(content, 0x7FFFFFF0, len(content))


def _mp3_without_size(content: bytes) -> bytes:
    return _xing(content, 0x7FFFFFF0, None)


def _mp3_with_size(content: bytes) -> bytes:
    return _xing(content, 10_000_000, 0xFFFFFF00)


def _vbri(content: bytes) -> bytes:
    at = content.index(b"\xff\xfb") + 36
    return _put(content, at, struct.pack(">4sHHHII", b"VBRI", 1, 0, 75, 50_000, 0x7FFFFFF0))


def _flac(content: bytes) -> bytes:
    """Set all 36 bits of the count of samples."""
    return _put(content, 21, bytes([content[21] | 0x0F]) + b"\xff" * 4)


def _flac_of_uneven_blocks(content: bytes) -> bytes:
    return _put(_flac(content), 8, struct.pack(">HH", 16, 65_535))


def _wav(content: bytes) -> bytes:
    return _put(content, content.index(b"data") + 4, struct.pack("<I", 0x7E000000))


def _wav_of_one_hertz(content: bytes) -> bytes:
    return _put(content, content.index(b"fmt ") + 12, struct.pack("<II", 1, 4))


def _wav_of_adpcm(content: bytes) -> bytes:
    at = content.index(b"fmt ") + 8
    fact = struct.pack("<4sII", b"fact", 4, 0xFFFFFFF0)
    content = _put(content, at, struct.pack("<H", 0x11))
    data = content.index(b"data")
    return content[:data] + fact + content[data:]


def _aiff(content: bytes) -> bytes:
    return _put(content, content.index(b"COMM") + 10, b"\xff" * 4)


def _wavpack(content: bytes) -> bytes:
    return _put(content, 12, struct.pack("<I", 0xFFFFFFF0))


def _musepack(content: bytes) -> bytes:
    return _put(content, 4, struct.pack("<I", 0x7FFFFFF0))


def _dsf(content: bytes) -> bytes:
    return _put(content, 28 + 36, struct.pack("<Q", 1 << 48))


def _ape(content: bytes) -> bytes:
    """Claim as many frames as there can be."""
    return _put(content, 52 + 12, struct.pack("<I", 0x7FFFFFF0))


def _m4a(content: bytes) -> bytes:
    """Stretch the track (32 bits behind two dates and the unit), and hide what corrects it."""
    content = content.replace(b"elst", b"free")
    return _put(content, content.index(b"mdhd") + 20, struct.pack(">I", 0xFFFFFFF0))


def _m4a_by_itunes(content: bytes) -> bytes:
    file = BytesIO(content)
    tags = MP4(file)
    tags["----:com.apple.iTunes:iTunSMPB"] = [b" 00000000 00000840 000001CA 0000FFFFFFFFFFFF"]
    file.seek(0)
    tags.save(file)
    return file.getvalue()


def _wma(content: bytes, seconds: int = 10**8) -> bytes:
    """Set the play duration in the file properties object, in steps of 100 ns."""
    properties = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
    return _put(content, content.index(properties) + 64, struct.pack("<Q", seconds * 10**7))


def _wma_of_hours(content: bytes) -> bytes:
    return _wma(content, 10 * 3600)


HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "mp3": ("mp3", _mp3),
    "mp3 that counts no bytes": ("mp3", _mp3_without_size),
    "mp3 that counts bytes, too": ("mp3", _mp3_with_size),
    "mp3 of Fraunhofer": ("mp3", _vbri),
    "flac": ("flac", _flac),
    "flac of uneven blocks": ("flac", _flac_of_uneven_blocks),
    "wav": ("wav", _wav),
    "wav of 1 Hz": ("wav", _wav_of_one_hertz),
    "wav of ADPCM": ("wav", _wav_of_adpcm),
    "aiff": ("aiff", _aiff),
    "wavpack": ("wv", _wavpack),
    "musepack": ("mpc", _musepack),
    "dsf": ("dsf", _dsf),
    "ape": ("ape", _ape),
    "m4a": ("m4a", _m4a),
    "alac": ("alac", _m4a),
    "m4a by iTunes's note": ("m4a", _m4a_by_itunes),
    "wma": ("wma", _wma),
    "wma of hours": ("wma", _wma_of_hours),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_length_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    codec, change = HOSTILE[name]
    suffix = "m4a" if codec == "alac" else codec
    path = make_audio(tmp_path / f"hostile.{suffix}", codec=codec, seconds=SECONDS)
    honest = _parse(path)
    assert (honest.length_remark, round(honest.stream.duration)) == ("", SECONDS)
    path.write_bytes(change(path.read_bytes()))
    try:
        parsed = _parse(path)
    except MediaError as error:
        reason = str(error)
    else:
        reason = parsed.length_remark
    assert reason.startswith(("says ", "damaged: says "))


@pytest.mark.parametrize("change", [_mp3, _mp3_without_size])
def test_mp3_is_listed_by_the_rate_of_its_frames(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = make_audio(tmp_path / "hostile.mp3", seconds=SECONDS)
    honest = _parse(path).stream
    path.write_bytes(change(path.read_bytes()))
    stream = _parse(path).stream
    assert stream.duration == pytest.approx(honest.duration, abs=0.1)
    assert (stream.bit_rate, stream.sample_count) == (honest.bit_rate, 0)


def test_file_without_a_second_frame_is_damaged(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "hostile.mp3", seconds=SECONDS)
    content = _mp3(path.read_bytes())
    path.write_bytes(content[: content.index(b"Info") + 300])
    with pytest.raises(MediaError, match=r"^not an MPEG audio file, or damaged$"):
        _parse(path)
