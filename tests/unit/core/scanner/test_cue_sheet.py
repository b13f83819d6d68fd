"""CUE sheets as programs and people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrophone.scanner.cue_sheet import MAX_LENGTH, CueSheet, parse_sheet, read_sheet

EAC = """REM GENRE "Krautrock"
REM DATE 1972
REM DISCID 6A0B8208
REM COMMENT "ExactAudioCopy v1.0"
CATALOG 0724386421722
PERFORMER "Can"
TITLE "Ege Bamyäsi"
FILE "Can - Ege.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Pinch"
    PERFORMER "Can"
    ISRC DEA457200010
    REM REPLAYGAIN_TRACK_GAIN -6.50 dB
    FLAGS DCP
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Sing "Swan" Song"
    INDEX 00 09:27:10
    INDEX 01 09:29:37
"""


def test_everything_in_its_place() -> None:
    sheet = parse_sheet(EAC)
    assert sheet.fields["TITLE"] == "Ege Bamyäsi"
    assert sheet.fields["PERFORMER"] == "Can"
    assert sheet.fields["GENRE"] == "Krautrock"
    assert sheet.fields["DATE"] == "1972"
    [file] = sheet.files
    assert file.name == "Can - Ege.wav"
    first, second = file.tracks
    assert (first.number, first.start) == (1, 0.0)
    assert first.fields["ISRC"] == "DEA457200010"
    assert first.fields["REPLAYGAIN_TRACK_GAIN"] == "-6.50 dB"
    assert second.fields["TITLE"] == 'Sing "Swan" Song'
    assert second.start == pytest.approx(9 * 60 + 29 + 37 / 75)


@pytest.mark.parametrize(
    "content",
    [
        EAC.encode(),
        b"\xef\xbb\xbf" + EAC.encode(),
        EAC.encode("utf-16"),
        EAC.replace("\n", "\r\n").encode(),
        EAC.replace("\n", "\r").encode(),
        EAC.lower().replace("ege bamyäsi", "Ege Bamyäsi").replace("can", "Can").encode(),
    ],
)
def test_encodings_and_line_ends(content: bytes) -> None:
    sheet = read_sheet(content, ())
    assert sheet.fields["TITLE"] == "Ege Bamyäsi"
    assert [track.number for track in sheet.files[0].tracks] == [1, 2]


def test_what_is_no_utf8_is_western_windows() -> None:
    sheet = read_sheet('PERFORMER "Motörhead"'.encode("cp1252"), ())
    assert sheet.fields["PERFORMER"] == "Motörhead"


def test_names_of_files_with_and_without_quotes() -> None:
    names = ['FILE "a b.flac" WAVE', "FILE a b.wav WAVE", "FILE c.mp3 MP3", "FILE d.flac"]
    sheet = parse_sheet("\n".join(names))
    assert [file.name for file in sheet.files] == ["a b.flac", "a b.wav", "c.mp3", "d.flac"]


def test_data_tracks_are_no_tracks_and_lend_nothing_to_others() -> None:
    sheet = parse_sheet(
        "FILE image.bin BINARY\nTRACK 01 AUDIO\nTITLE Song\nINDEX 01 00:02:00\n"
        'TRACK 02 MODE1/2352\nTITLE "Game"\nINDEX 01 04:00:00'
    )
    [track] = sheet.files[0].tracks
    assert track.fields == {"TITLE": "Song"}
    assert track.start == 2.0


@pytest.mark.parametrize(
    "text",
    [
        "TRACK 01 AUDIO\nINDEX 01 00:00:00",
        "INDEX 01 00:00:00",
        "FILE",
        "FILE x\nTRACK AUDIO",
        "FILE x\nINDEX 01 99:99",
        "REM",
        "REM REM REM",
        "\x00\x01",
        '"',
    ],
)
def test_nonsense_is_passed_over(text: str) -> None:
    assert [track for file in parse_sheet(text).files for track in file.tracks] == []


def test_hostile_sheets_end() -> None:
    many = "FILE x WAVE\n" + "TRACK 01 AUDIO\nINDEX 01 00:00:00\n" * 20_000
    assert len(parse_sheet(many).files[0].tracks) == 999
    assert parse_sheet("TITLE " + " " * MAX_LENGTH + "x").files == []


@given(st.binary(max_size=500) | st.text(max_size=500).map(str.encode))
def test_any_bytes_can_be_read(content: bytes) -> None:
    assert isinstance(read_sheet(content, ()), CueSheet)
