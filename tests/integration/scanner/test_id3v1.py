"""ID3v1, where it stands alone and where better tags lack something."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from mutagen import id3
from mutagen.apev2 import APEv2

from hydrophone.domain.music import PartialDate, ReplayGain
from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import Credit, ParsedFile
from hydrophone.scanner.tags.id3v1 import read_id3v1_texts
from hydrophone.testing.audio_files import make_audio

Frame = id3.Frame
GAIN = id3.TXXX(encoding=0, desc="replaygain_track_gain", text="-3.5 dB")


def parse(path: Path) -> ParsedFile:
    return parse_file(bytes(path))


@pytest.fixture
def mp3(tmp_path: Path) -> Path:
    return make_audio(tmp_path / "a.mp3")


def v1(title: bytes = b"", artist: bytes = b"Artist", genre: int = 17) -> bytes:
    return struct.pack(
        "3s30s30s30s4s28sBBB", b"TAG", title, artist, b"Album", b"1985", b"Words", 0, 5, genre
    )


def save(path: Path, *frames: Frame) -> ParsedFile:
    """Put ID3v2 before whatever the file has."""
    tags = id3.ID3()
    for frame in frames:
        tags.add(frame)
    front = BytesIO()
    tags.save(front)
    path.write_bytes(front.getvalue() + path.read_bytes())
    return parse(path)


def append(path: Path, tag: bytes) -> ParsedFile:
    path.write_bytes(path.read_bytes() + tag)
    return parse(path)


def test_it_serves_where_nothing_else_does(mp3: Path) -> None:
    parsed = append(mp3, v1(b"Old"))
    assert (parsed.title, parsed.artists) == ("Old", (Credit(name="Artist"),))
    assert (parsed.album, parsed.comment) == ("Album", "Words")
    assert (parsed.track_number, parsed.genres) == (5, ("Rock",))
    assert parsed.release_date == PartialDate(year=1985)


def test_version_1_0_has_no_number_and_two_more_letters_of_comment(mp3: Path) -> None:
    tag = bytearray(v1(b"Old", genre=255))
    tag[97:127] = b"A comment of just thirty bytes"
    parsed = append(mp3, bytes(tag))
    assert (parsed.comment, parsed.track_number) == ("A comment of just thirty bytes", 0)
    assert parsed.genres == ()


def test_a_year_of_less_than_four_bytes(mp3: Path) -> None:
    tag = v1(b"Old")
    assert append(mp3, tag[:93] + tag[97:]).title == "Old"


def test_it_fills_what_a_tag_with_nothing_but_a_gain_lacks(mp3: Path) -> None:
    bare = append(mp3, v1(b"Old"))
    parsed = save(mp3, GAIN)
    assert (parsed.title, parsed.artists, parsed.album) == (bare.title, bare.artists, bare.album)
    assert (parsed.track_number, parsed.genres) == (5, ("Rock",))
    assert parsed.release_date == PartialDate(year=1985)
    assert parsed.replay_gain == ReplayGain(track_gain=-3.5)
    assert parsed.fingerprint == bare.fingerprint


def test_what_it_has_cut_off_beats_nothing_of_v2(mp3: Path) -> None:
    long = "A title of more than thirty characters"
    append(mp3, v1(long[:30].encode(), b"Simon & Garfunkel, Art Garfunk"))
    parsed = save(
        mp3,
        id3.TIT2(encoding=3, text=long),
        id3.TXXX(encoding=3, desc="ARTISTS", text=["Simon & Garfunkel", "Art Garfunkel"]),
    )
    assert (parsed.title, parsed.album) == (long, "Album")
    assert [credit.name for credit in parsed.artists] == ["Simon & Garfunkel", "Art Garfunkel"]
    assert parsed.display_artist == ""


def test_apev2_is_better_than_v1_and_worse_than_v2(mp3: Path) -> None:
    bare = mp3.read_bytes()
    tags = APEv2()
    tags["Title"] = "From APE"
    tags["Artist"] = ["Jo", "Mo"]
    tags["replaygain_track_gain"] = "-3.5 dB"
    tags.save(mp3)
    parsed = append(mp3, v1(b"From v1"))
    assert (parsed.title, parsed.track_number) == ("From APE", 5)
    assert parsed.artists == (Credit(name="Jo"), Credit(name="Mo"))
    assert parsed.fingerprint == parse(make_audio(mp3.with_name("b.mp3"))).fingerprint
    parsed = save(mp3, id3.TIT2(encoding=3, text="From v2"))
    assert (parsed.title, parsed.artists) == ("From v2", (Credit(name="Jo"), Credit(name="Mo")))
    assert parsed.replay_gain == ReplayGain(track_gain=-3.5)
    assert bare in mp3.read_bytes()


@pytest.mark.parametrize(("genre", "name"), [(0, "Blues"), (12, "Other")])
def test_fillers_are_no_genre_beside_a_better_tag(mp3: Path, genre: int, name: str) -> None:
    """They are what many programs write that know no genre; alone they are believed."""
    assert append(mp3, v1(b"Old", genre=genre)).genres == (name,)
    assert save(mp3, GAIN).genres == (name,)
    parsed = save(mp3, id3.TIT2(encoding=3, text="New"))
    assert (parsed.title, parsed.album, parsed.genres) == ("New", "Album", ())
    assert save(mp3, id3.TCON(encoding=3, text="Folk")).genres == ("Folk",)


def test_a_tag_of_nothing_but_zeros_has_no_genre(mp3: Path) -> None:
    parsed = append(mp3, b"TAG" + bytes(125))
    assert (parsed.title, parsed.artists, parsed.genres) == ("", (), ())


def test_a_genre_that_nobody_writes_by_chance_completes_a_better_tag(mp3: Path) -> None:
    append(mp3, v1(b"Old", genre=17))
    assert save(mp3, id3.TIT2(encoding=3, text="New")).genres == ("Rock",)


def test_the_front_of_an_apev2_tag_is_none() -> None:
    assert read_id3v1_texts(b"XXXTAGEX" + bytes(123))
    assert read_id3v1_texts(b"APETAGEX" + bytes(123)) == {}


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("Björk".encode(), "Björk"),
        ("Björk".encode("latin-1"), "Björk"),
        ("Кинофильмы недели".encode()[:30], "Кинофильмы неде"),
        ("abcdefghijklmnopqrstuvwxyz ö öö".encode()[:30], "abcdefghijklmnopqrstuvwxyz ö"),
        (b"\xd6sterreich und zwei Buchstab\xc3", "Österreich und zwei BuchstabÃ"),
    ],
)
def test_utf_8_where_latin_1_was_meant(mp3: Path, field: bytes, title: str) -> None:
    assert append(mp3, v1(field)).title == title
