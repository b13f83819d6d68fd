"""The fingerprint stays when tags, covers, names and layouts change, and only then."""

import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from mutagen.ogg import OggPage

from hydrophone.scanner.parse import parse_file
from hydrophone.testing.audio_files import BUILT, ENCODERS, make_audio
from hydrophone.testing.audio_tags import write_tags

KINDS = (*ENCODERS, *BUILT)
UNCOMPRESSED = ("wav", "aiff", "aifc", "dsf", "dff")
SECONDS = 20.0
"""Long enough for head, middle and tail to be apart, in the formats that compress."""


def make(folder: Path, kind: str, *, seconds: float = SECONDS, frequency: int = 440) -> Path:
    suffix = {"alac": "m4a", "mpc8": "mpc"}.get(kind, kind)
    if kind in UNCOMPRESSED:
        seconds /= 10
    path = folder / f"{frequency}.{suffix}"
    return make_audio(path, codec=kind, seconds=seconds, frequency=frequency)


def fingerprint(path: Path) -> str:
    return parse_file(bytes(path)).fingerprint


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [0.2, SECONDS])
def test_retagging_changes_nothing(tmp_path: Path, kind: str, seconds: float) -> None:
    path = make(tmp_path, kind, seconds=seconds)
    bare = fingerprint(path)
    cover = os.urandom(700_000)
    many = {"title": "Title " * 500, "artist": [f"artist {number}" for number in range(300)]}
    for tags, picture in (
        ({"title": "Title"}, None),
        ({"title": "Another"}, cover),
        (many, cover[:1000]),
        (many, None),
        ({}, None),
    ):
        write_tags(path, tags, picture=picture)
        assert fingerprint(path) == bare


@pytest.mark.parametrize("kind", KINDS)
def test_other_audio_differs(tmp_path: Path, kind: str) -> None:
    assert fingerprint(make(tmp_path, kind)) != fingerprint(make(tmp_path, kind, frequency=450))
    assert fingerprint(make(tmp_path, kind)) != fingerprint(make(tmp_path, kind, seconds=19.0))


@pytest.mark.parametrize("kind", KINDS)
def test_name_and_folder_do_not_matter(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    moved = tmp_path / "elsewhere" / f"new name{path.suffix.upper()}"
    moved.parent.mkdir()
    shutil.copyfile(path, moved)
    assert fingerprint(moved) == fingerprint(path)


def id3v1(data: bytes) -> bytes:
    return data + b"TAG" + bytes(125)


def stacked_id3v2(data: bytes) -> bytes:
    return b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256) + data


def moov_first(data: bytes) -> bytes:
    """Move `moov` to the front, as programs do that prepare a file for streaming."""
    atoms = {}
    at = 0
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        atoms[name] = data[at : at + length]
        at += length
    order = [b"ftyp", b"moov", b"free", b"mdat"]
    assert set(atoms) <= set(order)
    assert list(atoms) != order
    return b"".join(atoms.get(name, b"") for name in order)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("mp3", id3v1),
        ("mp3", stacked_id3v2),
        ("flac", id3v1),
        ("flac", stacked_id3v2),
        ("aac", id3v1),
        ("ape", stacked_id3v2),
        ("mpc", stacked_id3v2),
        ("wv", id3v1),
        ("m4a", moov_first),
        ("alac", moov_first),
    ],
)
def test_foreign_tags_and_layouts_do_not_matter(
    tmp_path: Path, kind: str, change: Callable[[bytes], bytes]
) -> None:
    path = make(tmp_path, kind)
    bare = fingerprint(path)
    path.write_bytes(change(path.read_bytes()))
    assert fingerprint(path) == bare


def test_a_packet_on_the_page_of_the_headers_does_not_matter(tmp_path: Path) -> None:
    """Some encoders of Vorbis put the first packet of audio there; taggers take it away."""
    path = make(tmp_path, "ogg", seconds=2.0)
    with path.open("rb") as file:
        first, headers, audio = OggPage(file), OggPage(file), OggPage(file)
        rest = file.read()
    headers.packets.append(audio.packets.pop(0))
    path.write_bytes(first.write() + headers.write() + audio.write() + rest)
    bare = fingerprint(path)
    write_tags(path, {"title": "Title " * 2_000}, picture=os.urandom(100_000))
    assert fingerprint(path) == bare


def test_ogg_of_which_no_page_has_a_time_is_read(tmp_path: Path) -> None:
    path = make(tmp_path, "ogg", seconds=2.0)
    pages: list[OggPage] = []
    with path.open("rb") as file:
        while not pages or not pages[-1].last:
            pages.append(OggPage(file))
    for page in pages:
        page.position = 0
    path.write_bytes(b"".join(page.write() for page in pages))
    assert fingerprint(path)
