"""Damage among the tags of a file: its sound is listed, with what can be told of it."""

from pathlib import Path
from typing import Any

import mutagen
import pytest
from mutagen import flac
from xxhash import xxh3_64_hexdigest

from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.audio_tags import write_tags


def parse(path: Path) -> ParsedFile:
    return parse_file(bytes(path))


def make(folder: Path, kind: str) -> Path:
    return make_audio(folder / f"a.{kind}", codec=kind)


def _damaged(path: Path, known: bytes, damage: bytes, behind: int = 0) -> None:
    data = bytearray(path.read_bytes())
    at = data.index(known) + len(known) + behind
    data[at : at + len(damage)] = damage
    path.write_bytes(data)


@pytest.mark.parametrize("kind", ["flac", "ogg", "opus", "spx", "oga"])
def test_comments_are_read_up_to_the_damage(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    sound = parse(path)
    texts = {"title": "One", "album": "Two", "comment": "Three"}
    write_tags(path, texts)
    data = path.read_bytes()
    first, second, _ = sorted(texts, key=lambda name: data.index(b"=" + texts[name].encode()))
    begin = data.rindex(second.upper().encode(), 0, data.index(texts[second].encode()))
    # The length of the second; there is nothing left for the third.
    path.write_bytes(data[: begin - 4] + b"\xff\xff\xff\x7f" + data[begin:])
    parsed = parse(path)
    assert (getattr(parsed, first), getattr(parsed, second)) == (texts[first], "")
    assert (parsed.fingerprint, parsed.stream) == (sound.fingerprint, sound.stream)


def test_a_damaged_picture_of_flac_leaves_the_texts(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac", picture=make_picture())
    write_tags(path, {"title": "Odd"}, picture=make_picture())
    assert parse(path).picture
    _damaged(path, b"image/jpeg", b"\x7f\xff\xff\xff")
    parsed = parse(path)
    assert (parsed.title, parsed.picture) == ("Odd", "")


def test_damage_in_flac_leaves_the_pictures_that_are_whole(tmp_path: Path) -> None:
    path = make(tmp_path, "flac")
    front, back = make_picture(), make_picture(color="red")
    tags: Any = mutagen.File(path)
    for kind, data in ((3, front), (4, back)):
        picture = flac.Picture()
        picture.type, picture.mime, picture.data = kind, "image/jpeg", data
        tags.add_picture(picture)
    tags["TITLE"] = "Odd"
    tags.save()
    assert parse(path).picture == xxh3_64_hexdigest(front)
    _damaged(path, b"TITLE=", b"\xff\xff\xff\x7f", -10)
    assert parse(path).picture == xxh3_64_hexdigest(front)
    # The first one's.
    _damaged(path, b"image/jpeg", b"\x7f\xff\xff\xff")
    assert parse(path).picture == xxh3_64_hexdigest(back)


def test_damaged_chapters_of_m4a_leave_the_tags(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a")
    write_tags(path, {"title": "Odd"})
    data = bytearray(path.read_bytes())
    chapters = b"\x00\x00\x00\x0cchpl\x01\x00\x00\x00"
    atoms = [data.index(name) - 4 for name in (b"moov", b"udta")]
    end = atoms[1] + int.from_bytes(data[atoms[1] : atoms[1] + 4])
    for at in atoms:
        data[at : at + 4] = (int.from_bytes(data[at : at + 4]) + len(chapters)).to_bytes(4)
    data[end:end] = chapters
    path.write_bytes(data)
    assert parse(path).title == "Odd"


def test_damaged_atoms_leave_the_sound(tmp_path: Path) -> None:
    path = make(tmp_path, "m4a")
    write_tags(path, {"title": "Odd"})
    sound = parse(path)
    # The length of the atom, which stands before its name.
    _damaged(path, b"\xa9nam", b"\x7f\xff\xff\xff", -8)
    parsed = parse(path)
    assert parsed.title == ""
    assert (parsed.fingerprint, parsed.stream) == (sound.fingerprint, sound.stream)


def test_damaged_attributes_leave_the_sound_and_the_title(tmp_path: Path) -> None:
    path = make(tmp_path, "wma")
    write_tags(path, {"title": "Odd", "album": "Two"})
    sound = parse(path)
    assert sound.album == "Two"
    # Its type: there is no such one.
    _damaged(path, "WM/AlbumTitle\0".encode("utf-16-le"), b"\x77\x00")
    parsed = parse(path)
    assert (parsed.title, parsed.album) == ("Odd", "")
    # Half a letter.
    _damaged(path, "Odd".encode("utf-16-le"), b"\x00\xd8", -6)
    parsed = parse(path)
    assert parsed.title == ""
    assert (parsed.fingerprint, parsed.stream) == (sound.fingerprint, sound.stream)


def test_a_damaged_extended_header_leaves_the_sound(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3")
    sound = parse(path)
    tag = b"ID3\x03\x00\x40\x00\x00\x00\x14" + b"\x00\x00\x01\x00" + bytes(16)
    path.write_bytes(tag + path.read_bytes())
    assert parse(path).fingerprint == sound.fingerprint
