"""Values of metadata as people have typed them."""

import unicodedata
from typing import Any

import pytest

from hydrophone_internet_archive.shapes import (
    is_true,
    key,
    lines,
    number,
    place_of_track,
    seconds,
    sentence,
    text,
    texts,
)


@pytest.mark.parametrize(
    ("value", "first", "all_of_it"),
    [
        ("Phish", "Phish", ("Phish",)),
        (["Phish", "Trey"], "Phish", ("Phish", "Trey")),
        (["", None, "Trey", {}], "Trey", ("Trey",)),
        (1977, "1977", ("1977",)),
        (None, "", ()),
        ({"a": 1}, "", ()),
        ("  two\n lines ", "two lines", ("two lines",)),
        (unicodedata.normalize("NFD", "Rós"), "Rós", ("Rós",)),
    ],
)
def test_a_field_is_a_text_or_a_list_or_absent(
    value: Any, first: str, all_of_it: tuple[str, ...]
) -> None:
    assert text(value) == first
    assert texts(value) == all_of_it


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("273.21", 273.21),
        ("4:33", 273),
        ("04:33", 273),
        ("00:04:33.21", 273.21),
        ("1:00:00", 3600),
        (273, 273),
        (["12:05"], 725),
        ("long", 0),
        ("", 0),
        (None, 0),
        ("9999999", 0),
        ("-5", 0),
    ],
)
def test_a_length_has_three_shapes(value: Any, length: float) -> None:
    assert seconds(value) == pytest.approx(length)


@pytest.mark.parametrize(
    ("value", "name", "place"),
    [
        ("01", "x.flac", (0, 1)),
        ("7/20", "x.flac", (0, 7)),
        ("3 of 9", "x.flac", (0, 3)),
        ("t07", "x.flac", (0, 7)),
        ("d1t05", "x.flac", (1, 5)),
        ("s2t11", "x.flac", (2, 11)),
        ("1-07", "x.flac", (1, 7)),
        ("12", "gd77-05-08d2t01.flac", (2, 12)),
        (None, "gd77-05-08d2t01.flac", (2, 1)),
        (None, "cd1/gd77-05-08s1t03_64kb.mp3", (1, 3)),
        ("A", "x.flac", (0, 0)),
        (None, "song.flac", (0, 0)),
        (["05"], "x.flac", (0, 5)),
    ],
)
def test_a_track_number_has_several(value: Any, name: str, place: tuple[int, int]) -> None:
    assert place_of_track(value, name) == place


def test_numbers_and_answers_of_yes_and_no() -> None:
    assert [number(one) for one in ("4.5", 3, ["2"], "many", None, "nan", "-1", "inf")] == [
        4.5, 3, 2, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert [is_true(one) for one in (True, "true", ["True"], "false", None, "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_html_becomes_lines() -> None:
    said = "<div>Set&nbsp;1<br/>1. Deal &amp; more</div><p>2. <b>Loser</b></p>"
    assert lines(said) == ["Set 1", "1. Deal & more", "2. Loser"]
    assert lines(["one", "two\n\nthree"]) == ["one", "two", "three"]
    assert lines(None) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Grateful Dead", "GratefulDead"),
        ("Phil Lesh & Friends", "PhilLeshandFriends"),
        ("Sigur Rós", unicodedata.normalize("NFD", "SIGUR RÓS")),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_a_name_of_signs_alone_has_a_key() -> None:
    assert key("!!!") == "!!!"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("AKG > DAT", "AKG > DAT"),
        (["AKG > DAT", "DAT > CD", "", "AKG > DAT"], "AKG > DAT; DAT > CD"),
        (None, ""),
        (24, "24"),
    ],
)
def test_a_field_that_describes_says_all_there_is(value: Any, said: str) -> None:
    assert sentence(value) == said
