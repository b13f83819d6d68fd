"""Where the audio lies, in files built byte by byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hydrophone.errors import MediaError
from hydrophone.scanner.ogg_payload import ogg_payload
from hydrophone.scanner.payload import (
    SAMPLE,
    Payload,
    flac_payload,
    mp4_payload,
    mpeg_payload,
)

AUDIO = bytes(range(256)) * 300
"""Longer than four samples."""


def read(path: Path, data: bytes, find: Callable[[int, int], Payload]) -> Payload:
    path.write_bytes(data)
    with path.open("rb") as file:
        return find(file.fileno(), len(data))


def id3v2(length: int, *, footer: bool = False) -> bytes:
    size = bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
    flags = b"\x10" if footer else b"\x00"
    tag = b"ID3\x04\x00" + flags + size + bytes(length)
    return tag + (b"3DI\x04\x00" + flags + size if footer else b"")


def apev2(length: int, *, header: bool) -> bytes:
    size = (length + 32).to_bytes(4, "little")
    flags = b"\x00\x00\x00\x80" if header else bytes(4)
    ends = b"APETAGEX\xd0\x07\x00\x00" + size + bytes(4) + flags + bytes(8)
    return (ends if header else b"") + bytes(length) + ends


def lyrics3(length: int) -> bytes:
    body = b"LYRICSBEGIN" + bytes(length)
    return body + f"{len(body):06}LYRICS200".encode()


ID3V1 = b"TAG" + bytes(125)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (id3v2(300), ID3V1),
        (id3v2(300) + id3v2(70_000), b""),
        (id3v2(300, footer=True), b""),
        (b"", id3v2(300, footer=True)),
        (b"", apev2(500, header=True) + ID3V1),
        (b"", apev2(500, header=False)),
        (b"", lyrics3(900) + ID3V1),
        (id3v2(0), lyrics3(9) + apev2(0, header=True) + ID3V1),
    ],
)
def test_mpeg_audio_lies_between_all_tags(tmp_path: Path, before: bytes, after: bytes) -> None:
    bare = read(tmp_path / "bare.mp3", AUDIO, mpeg_payload)
    assert bare.size == len(AUDIO)
    assert bare.pieces[0] == AUDIO[:SAMPLE]
    assert bare.pieces[1] == AUDIO[len(AUDIO) // 2 :][:SAMPLE]
    assert bare.pieces[2] == AUDIO[-SAMPLE:]
    assert read(tmp_path / "tagged.mp3", before + AUDIO + after, mpeg_payload) == bare


def test_short_audio_is_its_own_sample(tmp_path: Path) -> None:
    payload = read(tmp_path / "a.mp3", b"abcdef", mpeg_payload)
    assert payload == Payload(payload.size, (b"abcdef", b"def", b"abcdef"))


@pytest.mark.parametrize("data", [id3v2(100), ID3V1, id3v2(100)[:50], apev2(0, header=True)])
def test_tags_alone_are_no_audio(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(MediaError, match="no audio"):
        read(tmp_path / "a.mp3", data, mpeg_payload)


def block(kind: int, length: int, *, last: bool = False) -> bytes:
    return bytes([kind | (0x80 if last else 0)]) + length.to_bytes(3, "big") + bytes(length)


def test_flac_audio_follows_the_last_block(tmp_path: Path) -> None:
    data = b"fLaC" + block(0, 34) + block(4, 90) + block(6, 100_000) + block(1, 9, last=True)
    expected = read(tmp_path / "bare", AUDIO, mpeg_payload)
    assert read(tmp_path / "a.flac", data + AUDIO, flac_payload) == expected
    assert read(tmp_path / "b.flac", id3v2(50) + data + AUDIO + ID3V1, flac_payload) == expected


@pytest.mark.parametrize(
    "data", [b"fLaC", b"fLaC" + block(0, 34), b"fLaC" + block(0, 34, last=True)[:-1], b"RIFF" * 9]
)
def test_broken_flac_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(MediaError):
        read(tmp_path / "a.flac", data, flac_payload)


def atom(name: bytes, body: bytes, *, wide: bool = False) -> bytes:
    if wide:
        return (1).to_bytes(4, "big") + name + (len(body) + 16).to_bytes(8, "big") + body
    return (len(body) + 8).to_bytes(4, "big") + name + body


def test_mp4_audio_is_what_all_mdat_atoms_hold(tmp_path: Path) -> None:
    start, moov = atom(b"ftyp", b"M4A "), atom(b"moov", bytes(999))
    expected = read(tmp_path / "bare", AUDIO, mpeg_payload)
    half = len(AUDIO) // 2 - 77
    for data in (
        start + atom(b"mdat", AUDIO) + moov,
        start + moov + atom(b"free", bytes(5000)) + atom(b"mdat", AUDIO),
        start + moov + atom(b"mdat", AUDIO, wide=True),
        start + moov + bytes(4) + b"mdat" + AUDIO,
        start + atom(b"mdat", AUDIO[:half]) + moov + atom(b"mdat", AUDIO[half:]),
        start + b"".join(atom(b"mdat", AUDIO[at : at + 999]) for at in range(0, len(AUDIO), 999)),
    ):
        assert read(tmp_path / "a.m4a", data, mp4_payload) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"not an atom",
        atom(b"ftyp", b"M4A "),
        atom(b"mdat", b""),
        b"\x00\x00\x00\x04mdat" + AUDIO,
        b"\x00\x00\x00\x01mdat" + bytes(8) + AUDIO,
    ],
)
def test_broken_mp4_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(MediaError):
        read(tmp_path / "a.m4a", data, mp4_payload)


def page(body: bytes, *, serial: int = 7, sequence: int = 0) -> bytes:
    """Make an Ogg page of one packet; a body of a multiple of 255 bytes goes on in the next."""
    lacing = bytes([255] * (len(body) // 255) + ([len(body) % 255] if len(body) % 255 else []))
    head = b"OggS\x00\x00" + bytes(8) + serial.to_bytes(4, "little")
    head += sequence.to_bytes(4, "little") + bytes([sequence % 256] * 4)
    return head + bytes([len(lacing)]) + lacing + body


def opus(comment_pages: int, *, audio_pages: int = 60) -> bytes:
    pages = [b"OpusHead" + bytes(11)]
    pages += [bytes(255 * 255)] * comment_pages + [b"end of comment"]
    pages += [bytes([number]) * 4001 for number in range(audio_pages)]
    return b"".join(page(body, sequence=number) for number, body in enumerate(pages))


def test_ogg_audio_is_the_same_behind_a_comment_of_any_length(tmp_path: Path) -> None:
    plain = read(tmp_path / "a.opus", opus(0), ogg_payload)
    assert read(tmp_path / "b.opus", opus(30), ogg_payload) == plain
    assert [len(piece) for piece in plain.pieces] == [SAMPLE] * 3
    assert plain.pieces[0].startswith(bytes(4001) + b"\x01" * 4001)
    assert plain.pieces[2].endswith(bytes([58]) * 4001 + bytes([59]) * 4001)


def test_ogg_stream_among_others_is_found(tmp_path: Path) -> None:
    skeleton = page(b"fishead\x00" + bytes(56), serial=99)
    data = opus(0, audio_pages=3)
    first = len(page(b"OpusHead" + bytes(11)))
    mixed = skeleton + data[:first] + page(b"other", serial=99) + data[first:]
    expected = read(tmp_path / "a.ogg", data, ogg_payload)
    assert read(tmp_path / "b.ogg", mixed, ogg_payload) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"OggS",
        page(b"fishead\x00" + bytes(56)),
        page(b"OpusHead" + bytes(11)),
        page(b"OpusHead" + bytes(11)) + page(b"OpusTags"),
        page(b"OpusHead" + bytes(11)) + b"junk" * 100,
        page(b"OpusHead" + bytes(11)) + page(bytes(255)) * 5,
    ],
)
def test_broken_ogg_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(MediaError):
        read(tmp_path / "a.ogg", data, ogg_payload)
