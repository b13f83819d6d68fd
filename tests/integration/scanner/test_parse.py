"""What cannot be read is refused with a reason, never with anything else."""

import os
import random
from pathlib import Path

import pytest
import xxhash

from hydrophone.errors import MediaError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parse import parse_file, read_picture
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio, make_picture

FORMATS = tuple(kind for kind in (*ENCODERS, *BUILT) if kind in SUFFIXES and kind != "alac")


def test_suffixes_have_content_types() -> None:
    assert SUFFIXES["opus"] == "audio/ogg"
    assert set(FORMATS) <= set(SUFFIXES)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("data", [b"", b"x", bytes(100_000), b"<html>" * 5000, b"OggS" * 5000])
def test_what_is_no_audio_is_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    with pytest.raises(MediaError) as caught:
        parse_file(bytes(path))
    assert 0 < len(str(caught.value)) < 80
    assert str(tmp_path) not in str(caught.value)


def test_reasons_are_for_people(tmp_path: Path) -> None:
    for name, reason in (
        ("gone.mp3", "No such file or directory"),
        ("folder.flac", "Is a directory"),
        ("pipe.ogg", "not a regular file"),
        ("text.txt", "not a kind of file that is scanned"),
        ("noise.mp3", "not an MPEG audio file, or damaged"),
    ):
        path = tmp_path / name
        if name == "folder.flac":
            path.mkdir()
        elif name == "pipe.ogg":
            os.mkfifo(path)
        elif name != "gone.mp3":
            path.write_bytes(bytes(5000))
        with pytest.raises(MediaError) as caught:
            parse_file(bytes(path))
        assert str(caught.value) == reason


@pytest.mark.parametrize("suffix", FORMATS)
def test_damage_is_survived(tmp_path: Path, suffix: str) -> None:
    """Cut the file off anywhere, and break any of its bytes: an answer or a `MediaError`."""
    tags = {"title": "Title", "artist": ["A", "B"], "lyrics": "La la", "tracknumber": "3/4"}
    path = make_audio(tmp_path / f"a.{suffix}", seconds=0.3, tags=tags, picture=make_picture())
    whole = path.read_bytes()
    chance = random.Random(suffix)
    damaged = [whole[: chance.randrange(len(whole))] for _ in range(60)]
    for _ in range(240):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 3, 30])):
            broken[chance.randrange(min(len(whole), 4000))] = chance.randrange(256)
        damaged.append(bytes(broken))
    refused = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            assert isinstance(parse_file(bytes(path)), ParsedFile)
        except MediaError:
            refused += 1
    assert 0 < refused < len(damaged)


@pytest.mark.parametrize("suffix", FORMATS)
def test_picture_is_the_one_of_the_digest(tmp_path: Path, suffix: str) -> None:
    picture = make_picture(size=900)
    path = make_audio(tmp_path / f"a.{suffix}", picture=picture)
    assert read_picture(bytes(path)) == picture
    assert parse_file(bytes(path)).picture == xxhash.xxh3_64_hexdigest(picture)
    assert read_picture(bytes(make_audio(tmp_path / f"b.{suffix}"))) is None


def test_works_in_a_worker_whatever_the_name(tmp_path: Path) -> None:
    picture = make_picture()
    path = make_audio(tmp_path / "a.mp3", tags={"title": "Title"}, picture=picture)
    odd = bytes(tmp_path) + b"/caf\xe9 \xff.mp3"
    path.rename(os.fsdecode(odd))
    bare = bytes(tmp_path / "none.flac")
    memory = 256 * 1024 * 1024
    with Worker("hydrophone.scanner.parse:parse_file", answer=ParsedFile, memory=memory) as parser:
        (_, parsed), (_, missing) = parser.map([odd, bare], timeout=20)
        assert isinstance(parsed, ParsedFile)
        assert parsed.title == "Title"
        assert isinstance(missing, MediaError)
        assert str(missing) == "No such file or directory"
    answer = bytes | None
    reader = Worker[bytes | None](
        "hydrophone.scanner.parse:read_picture", answer=answer, memory=memory
    )
    with reader:
        assert reader.call(odd, timeout=20) == picture
