"""What words of the configuration mean, and which files are music."""

import msgspec
import pytest

from hydrophone_internet_archive.config import Config
from hydrophone_internet_archive.formats import format_of, wanted


def test_words_are_formats_in_the_order_of_the_configuration() -> None:
    assert [one.name for one in wanted(["flac"])] == ["Flac", "24bit Flac"]
    assert [one.name for one in wanted(["24bit Flac", "lossless"])][:2] == ["24bit Flac", "Flac"]
    assert next(one.name for one in wanted(["mp3", "ogg"])) == "VBR MP3"
    assert {one.suffix for one in wanted(["MP3"])} == {"mp3"}
    assert not any(one.is_lossless for one in wanted(["mp3", "ogg"]))


def test_a_word_that_means_nothing_is_refused_with_those_that_do() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"'shorten' is no format .* lossless, flac"):
        msgspec.convert({"formats": ["flac", "shorten"]}, Config)


@pytest.mark.parametrize(
    ("name", "file", "found"),
    [
        ("Flac", "x.flac", "Flac"),
        ("VBR MP3", "x.mp3", "VBR MP3"),
        ("Shorten", "x.shn", None),
        ("Flac FingerPrint", "x.ffp", None),
        ("Unknown", "x.flac", "Flac"),
        ("", "x.mp3", "MP3"),
        ("", "x.txt", None),
        ("64Kbps M3U", "x.m3u", None),
    ],
)
def test_a_file_is_music_by_its_format_else_by_its_suffix(
    name: str, file: str, found: str | None
) -> None:
    form = format_of(name, file)
    assert (form.name if form else None) == found


@pytest.mark.parametrize(
    "table",
    [
        {"base_url": "archive.org"},
        {"base_url": "https://archive.org/?x=1"},
        {"collections": []},
        {"collections": ["a b"]},
        {"collections": ["etree) OR (x"]},
        {"formats": []},
        {"ranking": ["luck"]},
        {"colections": ["etree"]},
    ],
)
def test_a_table_that_is_wrong_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, Config)
