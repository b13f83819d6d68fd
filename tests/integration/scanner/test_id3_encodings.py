"""ID3v2 whose texts are in another encoding, or order of bytes, than Mutagen takes them for."""

from pathlib import Path

import pytest

from hydrophone.scanner.parse import parse_file
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.testing.audio_files import make_audio

BIG = "utf-16-be"
BIG_MARK = b"\xfe\xff"
LITTLE_MARK = b"\xff\xfe"


def parse(path: Path, *frames: tuple[bytes, bytes], version: int = 3) -> ParsedFile:
    """Read an MP3 with these frames (name, what it holds)."""
    make_audio(path)
    body = b"".join(name + _size(content, version) + content for name, content in frames)
    length = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3" + bytes([version, 0, 0]) + length + body + path.read_bytes())
    return parse_file(bytes(path))


def _size(content: bytes, version: int) -> bytes:
    """The size of a short frame and, but in v2.2, its flags."""
    return len(content).to_bytes(3, "big") if version == 2 else bytes([0, 0, 0, len(content), 0, 0])


def artists(parsed: ParsedFile) -> list[str]:
    return [credit.name for credit in parsed.artists]


@pytest.mark.parametrize(
    "content",
    [
        BIG_MARK + "Eins\0Über".encode(BIG),
        BIG_MARK + "Eins\0".encode(BIG) + BIG_MARK + "Über\0".encode(BIG),
        BIG_MARK + "Eins\0".encode(BIG) + LITTLE_MARK + "Über".encode("utf-16-le"),
        LITTLE_MARK + "Eins\0Über".encode("utf-16-le"),
        LITTLE_MARK + "Eins\0".encode("utf-16-le") + BIG_MARK + "Über".encode(BIG),
    ],
)
def test_a_list_has_the_byte_order_of_its_first_text(tmp_path: Path, content: bytes) -> None:
    assert artists(parse(tmp_path / "a.mp3", (b"TPE1", b"\x01" + content))) == ["Eins", "Über"]


def test_a_text_with_half_a_letter_too_few_at_its_end(tmp_path: Path) -> None:
    content = b"\x01" + BIG_MARK + "Eins".encode(BIG) + b"\0"
    assert artists(parse(tmp_path / "a.mp3", (b"TPE1", content))) == ["Eins"]


def test_lists_with_descriptions_and_of_people(tmp_path: Path) -> None:
    described = "ARTISTS\0".encode(BIG) + BIG_MARK + "Eins\0Über".encode(BIG)
    people = "producer\0Über".encode(BIG)
    parsed = parse(
        tmp_path / "a.mp3",
        (b"TXXX", b"\x01" + BIG_MARK + described),
        (b"IPLS", b"\x01" + BIG_MARK + people),
    )
    assert artists(parsed) == ["Eins", "Über"]
    assert [(one.role, one.credit.name) for one in parsed.contributors] == [("producer", "Über")]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Björk".encode(), "Björk"),
        ("Кино".encode(), "Кино"),
        ("Björk".encode("latin-1"), "Björk"),
        ("Ã la carte".encode("latin-1"), "Ã la carte"),
        (b"Plain", "Plain"),
    ],
)
@pytest.mark.parametrize(("version", "name"), [(2, b"TT2"), (3, b"TIT2"), (4, b"TIT2")])
def test_utf_8_that_says_it_is_latin_1(
    tmp_path: Path, version: int, name: bytes, content: bytes, title: str
) -> None:
    parsed = parse(tmp_path / "a.mp3", (name, b"\0" + content), version=version)
    assert parsed.title == title


def test_comments_and_lyrics_in_utf_8_that_say_they_are_latin_1(tmp_path: Path) -> None:
    content = b"\0eng\0" + "Für Élise".encode()
    parsed = parse(tmp_path / "a.mp3", (b"COMM", content), (b"USLT", content))
    assert (parsed.comment, parsed.lyrics) == ("Für Élise", ("[la:eng]\nFür Élise",))
