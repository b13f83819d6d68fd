"""Tags that nobody sane writes cost bounded time and memory, and not the music."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from mutagen import id3

from hydrophone.config import ScanConfig
from hydrophone.errors import MediaError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.audio_tags import write_tags

PATIENCE = 30.0


@pytest.fixture(scope="module")
def parser() -> Iterator[Worker[ParsedFile]]:
    """A worker with the memory that it has by default."""
    memory = ScanConfig().worker_memory_mib * 1024 * 1024
    target = "hydrophone.scanner.parse:parse_file"
    with Worker(target, answer=ParsedFile, memory=memory) as worker:
        yield worker


def read(parser: Worker[ParsedFile], path: Path) -> ParsedFile:
    [(_, answer)] = parser.map([os.fsencode(path)], timeout=PATIENCE)
    assert isinstance(answer, ParsedFile), answer
    assert answer.stream.duration > 0.1
    return answer


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "ape"])
def test_a_text_of_fifty_megabytes_is_cut(
    parser: Worker[ParsedFile], tmp_path: Path, suffix: str
) -> None:
    path = make_audio(tmp_path / f"a.{suffix}", seconds=0.2)
    write_tags(path, {"title": "Title", "comment": "x" * 50_000_000})
    parsed = read(parser, path)
    assert len(parsed.comment) == 4_000
    assert parsed.title == "Title"


@pytest.mark.parametrize("suffix", ["mp3", "flac", "m4a", "ape"])
def test_of_very_many_values_some_are_kept(
    parser: Worker[ParsedFile], tmp_path: Path, suffix: str
) -> None:
    path = make_audio(tmp_path / f"a.{suffix}", seconds=0.2)
    write_tags(path, {"mood": [f"mood {number}" for number in range(20_000)]})
    assert len(read(parser, path).moods) == 64


def test_thousands_of_frames_are_read(parser: Worker[ParsedFile], tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", seconds=0.2, tags={"title": "Title"})
    tags = id3.ID3(path)
    for number in range(10_000):
        tags.add(id3.TXXX(encoding=3, desc=str(number), text="x"))
    tags.save(path)
    assert read(parser, path).title == "Title"


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "ape"])
def test_a_picture_of_forty_megabytes_is_passed_over(
    parser: Worker[ParsedFile], tmp_path: Path, suffix: str
) -> None:
    path = make_audio(tmp_path / f"a.{suffix}", seconds=0.2)
    write_tags(path, {"title": "Title"}, picture=b"\xff\xd8" + bytes(40_000_000))
    parsed = read(parser, path)
    assert (parsed.title, parsed.picture) == ("Title", "")


@pytest.mark.parametrize("text", [b"\x03\xff\xfe\xc0", b"\x01\xff\xfe\x00\xd8a\x00", b"\x07x"])
def test_text_that_is_none_costs_one_tag(
    parser: Worker[ParsedFile], tmp_path: Path, text: bytes
) -> None:
    """Broken UTF-8, a lone surrogate, and an encoding that does not exist."""
    path = make_audio(tmp_path / "a.mp3", seconds=0.2)

    def frame(name: bytes, body: bytes) -> bytes:
        return name + len(body).to_bytes(4, "big") + b"\0\0" + body

    body = frame(b"TIT2", text) + frame(b"TALB", b"\x03Album")
    path.write_bytes(b"ID3\x04\0\0\0\0\0" + bytes([len(body)]) + body + path.read_bytes())
    parsed = read(parser, path)
    assert (parsed.title, parsed.album) == ("", "Album")


def test_broken_text_of_vorbis_comments_is_marked(
    parser: Worker[ParsedFile], tmp_path: Path
) -> None:
    path = make_audio(tmp_path / "a.flac", seconds=0.2, tags={"title": "Caf_"})
    path.write_bytes(path.read_bytes().replace(b"Caf_", b"Caf\xe9"))
    assert read(parser, path).title == "Caf\N{REPLACEMENT CHARACTER}"


def test_atoms_within_atoms_without_end_are_damage(
    parser: Worker[ParsedFile], tmp_path: Path
) -> None:
    path = tmp_path / "a.m4a"
    depth = 20_000
    atoms = b"".join((8 * left).to_bytes(4, "big") + b"moov" for left in range(depth, 0, -1))
    path.write_bytes(b"\0\0\0\x0cftypM4A " + atoms)
    [(_, answer)] = parser.map([os.fsencode(path)], timeout=PATIENCE)
    assert isinstance(answer, MediaError)
    whole = make_audio(tmp_path / "b.m4a", seconds=0.2, tags={"title": "Title"})
    assert read(parser, whole).title == "Title"
