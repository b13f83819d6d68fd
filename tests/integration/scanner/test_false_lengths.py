"""Headers that claim forty minutes of sound where there are seconds, and silence that is honest."""

import os
import re
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from mutagen.ogg import OggPage

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.scanner.parse import parse_file
from hydrophone.testing.audio_files import make_audio

SECONDS = 3.0
CLAIMED = 40 * 60
RATE = 44_100


def _remark(path: Path) -> str:
    return parse_file(os.fsencode(path)).length_remark


def _put(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def _m4a_header(content: bytes) -> bytes:
    content = content.replace(b"elst", b"free")
    return _put(content, content.index(b"mdhd") + 20, struct.pack(">I", CLAIMED * RATE))


def _m4a_count(content: bytes) -> bytes:
    """Claim more packets in the first run of `stts`, too, than there are sizes for."""
    count = CLAIMED * RATE // 1024
    return _put(_m4a_header(content), content.index(b"stts") + 12, struct.pack(">I", count))


def _m4a_ticks(content: bytes) -> bytes:
    """Claim that each packet lasts for seconds."""
    ticks = struct.pack(">I", 20 * RATE)
    return _put(_m4a_header(content), content.index(b"stts") + 16, ticks)


def _ogg(content: bytes) -> bytes:
    """Set the time of the last page."""
    return _put(content, content.rindex(b"OggS") + 6, struct.pack("<q", CLAIMED * 48_000))


def _wma(content: bytes) -> bytes:
    properties = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
    return _put(content, content.index(properties) + 64, struct.pack("<Q", CLAIMED * 10**7))


def _ape(content: bytes) -> bytes:
    """Claim more frames than the table has places for."""
    return _put(content, 52 + 12, struct.pack("<I", CLAIMED * RATE // 73_728))


def _ape_frame(content: bytes) -> bytes:
    """Claim frames that last for a quarter of an hour."""
    both = struct.pack("<II", 15 * 60 * RATE, 15 * 60 * RATE)
    return _put(content, 52 + 4, both)


def _musepack(content: bytes) -> bytes:
    return _put(content, 4, struct.pack("<I", CLAIMED * RATE // 1152))


def _musepack_8(content: bytes) -> bytes:
    """Claim more samples in the stream header; of four bytes, as its length has to stay."""
    begin = content.index(b"SH")
    skip = struct.pack("BBBB", *(CLAIMED * RATE >> shift & 0x7F | 0x80 for shift in (21, 14, 7, 0)))
    count = skip[:3] + bytes([skip[3] & 0x7F])
    old = content[begin + 3 : begin + content[begin + 2]]
    header = old[:5] + count + bytes([0]) + old[-2:]
    packet = b"SH" + bytes([len(header) + 3]) + header
    return content[:begin] + packet + content[begin + content[begin + 2] :]


LIES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "m4a by its header": ("m4a", _m4a_header),
    "m4a by its count of packets": ("m4a", _m4a_count),
    "m4a by the length of packets": ("m4a", _m4a_ticks),
    "alac by its header": ("alac", _m4a_header),
    "ogg": ("ogg", _ogg),
    "opus": ("opus", _ogg),
    "wma": ("wma", _wma),
    "ape by its count of frames": ("ape", _ape),
    "ape by the length of frames": ("ape", _ape_frame),
    "musepack 7": ("mpc", _musepack),
    "musepack 8": ("mpc8", _musepack_8),
}


@pytest.mark.parametrize("name", LIES)
def test_forty_minutes_of_nothing_are_told(tmp_path: Path, name: str) -> None:
    codec, change = LIES[name]
    suffix = {"alac": "m4a", "mpc8": "mpc"}.get(codec, codec)
    path = make_audio(tmp_path / f"false.{suffix}", codec=codec, seconds=SECONDS)
    assert _remark(path) == ""
    path.write_bytes(change(path.read_bytes()))
    assert re.fullmatch(r"says \d\d:\d\d, but holds 0:\d\d( \(cut off\?\))?", _remark(path))


@pytest.mark.parametrize(
    ("name", "seconds", "options"),
    [
        ("quiet.m4a", 120, ("-c:a", "aac", "-b:a", "24k")),
        ("quiet alac.m4a", 600, ("-c:a", "alac")),
        (
            "fragments.m4a",
            60,
            ("-c:a", "aac", "-f", "mp4", "-movflags", "+empty_moov+frag_keyframe"),
        ),
        ("quiet.wma", 300, ("-c:a", "wmav2", "-b:a", "32k")),
        # An hour of it is so small that it would be a lie if nothing counted its frames.
        ("quiet.flac", 3700, ("-ac", "1", "-c:a", "flac")),
        ("quiet.wv", 3700, ("-ac", "1", "-c:a", "wavpack")),
        pytest.param("quiet.ogg", 3700, ("-ac", "1", "-q:a", "0"), marks=pytest.mark.slow),
        ("quiet.opus", 60, ("-c:a", "libopus", "-b:a", "6k")),
        ("speech.m4a", 3700, ("-ac", "1", "-c:a", "aac", "-b:a", "8k")),
        ("quiet.mp3", 60, ("-c:a", "libmp3lame", "-q:a", "9")),
    ],
)
def test_silence_is_no_lie(
    tmp_path: Path, name: str, seconds: int, options: tuple[str, ...]
) -> None:
    path = tmp_path / name
    rate = RATE if seconds <= 600 else 8000
    silence = ("-f", "lavfi", "-i", f"anullsrc=r={rate}", "-t", str(seconds))
    subprocess.run([find_ffmpeg(), "-nostdin", "-v", "error", *silence, *options, path], check=True)
    assert _remark(path) == ""


@pytest.mark.parametrize("codec", ["ape", "mpc", "mpc8"])
def test_silence_that_ffmpeg_cannot_make_is_no_lie(tmp_path: Path, codec: str) -> None:
    path = make_audio(tmp_path / f"quiet.{codec[:3]}", codec=codec, seconds=3700.0)
    assert _remark(path) == ""


@pytest.mark.parametrize(("suffix", "rate"), [("ogg", RATE), ("opus", 48_000), ("oga", RATE)])
def test_what_was_cut_out_of_a_broadcast_is_as_long_as_it_is(
    tmp_path: Path, suffix: str, rate: int
) -> None:
    """Its time goes on from what was sent before, here for two hours."""
    path = make_audio(tmp_path / f"rip.{suffix}", seconds=20.0)
    pages: list[OggPage] = []
    with path.open("rb") as file:
        while not pages or not pages[-1].last:
            pages.append(OggPage(file))
    for page in pages:
        if page.position > 0:
            page.position += 7200 * rate
    path.write_bytes(b"".join(page.write() for page in pages))
    parsed = parse_file(os.fsencode(path))
    assert parsed.length_remark == ""
    # The first page may have had less of it than the second.
    assert parsed.stream.duration == pytest.approx(20.0, abs=1.5)
