"""Headers that claim more bits a second than sound can have: limits of transcoding go by them."""

import os
from pathlib import Path

import pytest

from hydrophone.errors import MediaError
from hydrophone.scanner.parse import parse_file
from hydrophone.testing.audio_files import make_audio

ABSURD = b"\xff" * 4


def _spoilt(path: Path, at: int, new: bytes = ABSURD) -> Path:
    content = bytearray(make_audio(path, seconds=2.0).read_bytes())
    content[at : at + len(new)] = new
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("new", [ABSURD, bytes(4), (640_000).to_bytes(4, "little")])
def test_of_samples_as_they_are_the_bit_rate_is_computed(tmp_path: Path, new: bytes) -> None:
    stream = parse_file(os.fsencode(_spoilt(tmp_path / "a.wav", 28, new))).stream
    assert stream.bit_rate == 1411
    assert stream.duration == pytest.approx(2.0)


def test_of_other_codecs_it_is_believed_up_to_a_bound(tmp_path: Path) -> None:
    path = _spoilt(tmp_path / "a.wav", 28)
    content = bytearray(path.read_bytes())
    # MPEG layer III: how many bytes a frame has, nobody knows.
    content[20:22] = (0x55).to_bytes(2, "little")
    content[32:34] = (1).to_bytes(2, "little")
    path.write_bytes(content)
    stream = parse_file(os.fsencode(path)).stream
    assert stream.bit_rate == round(44_100 * 2 * 64 / 1000)


def test_what_is_sampled_too_often_is_damaged(tmp_path: Path) -> None:
    path = _spoilt(tmp_path / "a.ogg", 40)
    with pytest.raises(MediaError, match="4,294,967,295 samples a second"):
        parse_file(os.fsencode(path))


def test_a_length_that_is_far_too_short_makes_no_absurd_bit_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    content = bytearray(make_audio(path, seconds=2.0).read_bytes())
    # The last 36 bits of this part of STREAMINFO count the samples.
    content[21:26] = bytes([content[21] & 0xF0]) + (1).to_bytes(4, "big")
    path.write_bytes(content)
    stream = parse_file(os.fsencode(path)).stream
    assert stream.bit_rate == round(44_100 * stream.channel_count * 64 / 1000)
