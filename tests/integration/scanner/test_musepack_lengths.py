"""Musepack 7 of ordinary bit rates: what was cut off is told, and nothing else."""

import os
import random
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from hydrophone.scanner.parse import parse_file
from hydrophone.testing.audio_tags import write_tags

FRAME = 1152
LAST = 700
"""Samples of the last frame that are music."""
FRAMES = 1149
"""Thirty seconds."""


def _stream(
    lengths: Sequence[int], *, claimed: int = FRAMES, behind: int = 1, last: int | None = LAST
) -> bytes:
    """Write frames of so many bits of noise, as encoders do, with some words `behind` them."""
    noise = random.Random(7)
    gapless = 0 if last is None else 1 << 31 | last << 20
    header = struct.pack("<4sIIHHHHI", b"MP+\x07", claimed, 0, 0, 0, 0, 0, gapless)
    frames = (f"{length:020b}{noise.getrandbits(length):0{length}b}" for length in lengths)
    bits = f"{115:08b}" + "".join(frames) + (f"{last or 0:011b}" if last is not None else "")
    bits += "0" * (-len(bits) % 32 + 32 * behind)
    count = len(bits) // 32
    words = struct.unpack(f">{count}I", int(bits, 2).to_bytes(count * 4, "big"))
    return header + struct.pack(f"<{count}I", *words)


def _lengths(rate: int, count: int = FRAMES) -> list[int]:
    noise, mean = random.Random(rate), rate * FRAME // 44_100
    return [max(8, int(noise.gauss(mean, mean / 3))) for _ in range(count)]


def _remark(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return parse_file(os.fsencode(path)).length_remark


@pytest.fixture(scope="module")
def usual() -> bytes:
    return _stream(_lengths(180_000))


@pytest.mark.parametrize("share", [0.05, 0.25, 0.45, 0.75, 0.95])
def test_what_was_cut_off_is_told_with_what_is_left(
    tmp_path: Path, usual: bytes, share: float
) -> None:
    remark = _remark(tmp_path / "cut.mpc", usual[: int(len(usual) * share)])
    assert remark == f"says 0:30, but holds 0:{int(30 * share):02} (cut off?)"


def test_a_cut_at_the_end_of_a_frame_is_told(tmp_path: Path) -> None:
    """There is no rest of a frame by which it would be known, only no end of a stream."""
    whole = _stream(_lengths(180_000)[:600], last=None, behind=0)
    header = struct.pack("<4sIIHHHHI", b"MP+\x07", FRAMES, 0, 0, 0, 0, 0, 1 << 31 | LAST << 20)
    assert _remark(tmp_path / "cut.mpc", header + whole[24:]) == (
        "says 0:30, but holds 0:15 (cut off?)"
    )


@pytest.mark.parametrize("rate", [24_000, 60_000, 180_000, 320_000])
@pytest.mark.parametrize("behind", [0, 1, 3])
def test_whole_files_of_every_rate_have_no_remark(tmp_path: Path, rate: int, behind: int) -> None:
    assert _remark(tmp_path / "whole.mpc", _stream(_lengths(rate), behind=behind)) == ""


def test_whole_files_of_old_encoders_have_no_remark(tmp_path: Path) -> None:
    """They do not say how long the last frame is, so their end is not known as one."""
    path = tmp_path / "old.mpc"
    assert _remark(path, _stream(_lengths(180_000), last=None, behind=0)) == ""
    cut = path.read_bytes()[:200_000]
    assert _remark(path, cut) == "says 0:30, but holds 0:08 (cut off?)"


def test_tags_and_what_strays_behind_a_stream_are_no_cut(tmp_path: Path, usual: bytes) -> None:
    path = tmp_path / "whole.mpc"
    assert _remark(path, usual + b"odd") == ""
    path.write_bytes(usual)
    write_tags(path, {"title": "A title " * 400, "artist": "Somebody"}, picture=os.urandom(70_000))
    content = path.read_bytes()
    assert _remark(path, content) == ""
    assert _remark(path, content + b"TAG" + bytes(125)) == ""


def test_quiet_ends_after_loud_music_are_no_cut(tmp_path: Path) -> None:
    lengths = _lengths(320_000, 900) + [8] * (FRAMES - 900)
    content = _stream(lengths)
    assert _remark(tmp_path / "fade.mpc", content) == ""
    cut = content[: len(content) * 2 // 3]
    assert _remark(tmp_path / "fade.mpc", cut).endswith("(cut off?)")


def test_a_header_and_nothing_else(tmp_path: Path, usual: bytes) -> None:
    path = tmp_path / "empty.mpc"
    for size in (32, 40, 200):
        assert _remark(path, usual[:size]).startswith("says 0:30, but holds 0:00")
    assert "holds" in _remark(path, usual[:20] + b"TAG" + bytes(125))
