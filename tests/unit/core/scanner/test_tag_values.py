"""Numbers, dates, gains and texts as people write them."""

import pytest

from hydrophone.domain.music import PartialDate
from hydrophone.scanner.tags import values
from hydrophone.scanner.tags.genres import named_genres
from hydrophone.scanner.tags.texts import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3),
        ("03/12", 3),
        (" 7 of 9", 7),
        ("", 0),
        ("A1", 0),
        ("-4", 0),
        ("10000", 0),
        ("9" * 5000, 0),
        ("٣", 0),
    ],
)
def test_number(text: str, expected: int) -> None:
    assert values.number(text, 9999) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1999", PartialDate(year=1999)),
        ("1999-03", PartialDate(year=1999, month=3)),
        ("1999-3-7", PartialDate(year=1999, month=3, day=7)),
        ("1999-03-07T10:11:12Z", PartialDate(year=1999, month=3, day=7)),
        ("1999/03/07", PartialDate(year=1999, month=3, day=7)),
        ("19990307", PartialDate(year=1999, month=3, day=7)),
        ("1999-00-00", PartialDate(year=1999)),
        ("1999-13-07", PartialDate(year=1999)),
        ("1999-02-99", PartialDate(year=1999, month=2)),
        ("2003-02-30", PartialDate(year=2003, month=2)),
        ("2004-02-29", PartialDate(year=2004, month=2, day=29)),
        ("1900-02-29", PartialDate(year=1900, month=2)),
        ("19990431", PartialDate(year=1999, month=4)),
        ("9999-12-31", PartialDate(year=9999, month=12, day=31)),
        ("07.03.1999", PartialDate(year=1999)),
        ("(c) 1999 by us", PartialDate(year=1999)),
        ("0000", None),
        ("0000-00-00", None),
        ("99", None),
        ("123456", None),
        ("once upon a time", None),
        ("", None),
    ],
)
def test_date(text: str, expected: PartialDate | None) -> None:
    assert values.date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-7.30 dB", -7.3),
        ("+1,5 dB", 1.5),
        ("0", 0.0),
        (".5", 0.5),
        ("-999999 dB", None),
        ("nan", None),
        ("inf", None),
        ("dB", None),
        ("", None),
    ],
)
def test_gain(text: str, expected: float | None) -> None:
    assert values.gain(text) == expected


def test_r128_gain_is_moved_to_replaygains_reference() -> None:
    assert values.r128_gain("-512") == 3.0
    assert values.r128_gain("0") == 5.0
    assert values.r128_gain("99999999") is None
    assert values.r128_gain("loud") is None


def test_peak_is_no_negative_number() -> None:
    assert values.peak("0.988547") == 0.988547
    assert values.peak("-1") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo Doe (violin)", ("Jo Doe", "violin")),
        ("Jo (Doe) (bass guitar)", ("Jo (Doe)", "bass guitar")),
        ("Jo Doe", ("Jo Doe", "")),
        ("(violin)", ("(violin)", "")),
        ("Jo ()", ("Jo ()", "")),
    ],
)
def test_performer(text: str, expected: tuple[str, str]) -> None:
    assert values.performer(text) == expected


def test_uuids_are_found_however_they_are_joined() -> None:
    one, two = "b1a9c0e9-d987-4042-ae91-78d6a3267d69", "DB92A151-1AC2-438B-BC43-B82E149DDD50"
    assert values.uuids([f"{one}/{two}", "no id", f"{two}; {one}"]) == [
        one,
        two.lower(),
        two.lower(),
        one,
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [("1", "explicit"), ("4", "explicit"), ("2", "clean"), ("0", "")]
)
def test_explicit_status(text: str, expected: str) -> None:
    assert values.explicit_status(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  plain \t", "plain"),
        ("Bjo\u0308rk", "Björk"),
        ("a\x00b\x1fc\x08d", "abcd"),
        ("line\nline\ttab", "line\nline\ttab"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("\ufffe\uffff", ""),
        ("\u3000全角\u3000", "全角"),
        ("\ufeffBom", "Bom"),
        ("Bom\u200b", "Bom"),
        (" Bom \u200e\n", "Bom"),
        ("\u202aBom\u202c", "Bom"),
        ("\u200b\u2060 \u200f", ""),
        ("B\u200bom", "B\u200bom"),
        ("Live \u2067שלום\u2069", "Live \u2067שלום\u2069"),  # noqa: RUF001 - the letters are meant
        ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001 - the letters are meant
        ("👩\u200d🎤", "👩\u200d🎤"),
        ("x" * 10_000, "x" * 4_000),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", (3, 0, 0)),
        ("03/12", (3, 12, 0)),
        ("3 of 12", (3, 12, 0)),
        ("/12", (0, 12, 0)),
        ("A1", (1, 0, 1)),
        ("b-02/5", (2, 5, 2)),
        ("A", (0, 0, 0)),
        ("AB1", (0, 0, 0)),
        ("", (0, 0, 0)),
        ("99999/99999", (0, 0, 0)),
        ("9" * 5000, (0, 0, 0)),
    ],
)
def test_place(text: str, expected: tuple[int, int, int]) -> None:
    assert values.place(text, 9999) == expected


def test_gain_with_the_sign_of_typographers() -> None:
    assert values.gain("\N{MINUS SIGN}7,30 dB") == -7.3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 000003E8 000003E8 00000000", 0.0),
        (" 000007D0 00000001", -3.01),
        (" 00000064 00000064", 10.0),
        (" 00000000 00000000", None),
        ("", None),
        ("-1 -1", None),
        ("loud", None),
    ],
)
def test_sound_check(text: str, expected: float | None) -> None:
    assert values.sound_check(text) == expected


def test_genres_by_number_and_by_name() -> None:
    texts = ["17", "(13)", "(RX)", "(4)Eurodisco", "R&B", "Rock", "1980s", "(sic)", "250"]
    expected = ("Rock", "Pop", "Remix", "Disco", "Eurodisco", "R&B", "1980s", "(sic)", "250")
    assert named_genres(texts) == expected


def test_release_types_are_parted() -> None:
    assert values.release_types(["Album/Live", "album; compilation"]) == (
        "album",
        "live",
        "compilation",
    )
