"""Tracks of an item: which files belong together, in which order, by what name."""

import unicodedata
from typing import Any

import pytest

from hydrophone.domain.remote import Quality
from hydrophone.plugin.capabilities.source import Refusal, RefusalReason
from hydrophone_internet_archive.choosing import choose
from hydrophone_internet_archive.formats import wanted
from hydrophone_internet_archive.items import Item, read_item
from hydrophone_internet_archive.setlists import titles
from hydrophone_internet_archive.tracks import native_id, tracks_of

ALL = wanted(["lossless", "mp3", "ogg"])


def file(name: str, form: str, original: str = "", **fields: Any) -> dict[str, Any]:
    source = {"source": "derivative", "original": original} if original else {"source": "original"}
    return {"name": name, "format": form, **source, **fields}


def item(*files: dict[str, Any], is_dark: bool = False, **metadata: Any) -> Item:
    named = {name.replace("_", "-"): value for name, value in metadata.items()}
    document = {"files": list(files), "metadata": named, "is_dark": is_dark}
    found = read_item(document, "gd77", own=("etree",))
    assert found is not None
    return found


def names(found: Item) -> list[str]:
    return [track.title for track in tracks_of(found)]


def chosen(found: Item, *words: str, quality: Quality = Quality.LOSSLESS) -> str:
    formats = wanted(words) if words else ALL
    copies = choose(found, tracks_of(found)[0], formats=formats, quality=quality)
    return copies.reason.value if isinstance(copies, Refusal) else copies[0].file.name


SONG = (
    file("a.flac", "Flac", title="Deal", track="1", length="273.2", md5="AB"),
    file("a.mp3", "VBR MP3", "a.flac", length="4:33", size="100"),
    file("a_64kb.mp3", "64Kbps MP3", "a.flac"),
    file("a.ogg", "Ogg Vorbis", "a.mp3"),
    file("a.ffp", "Flac FingerPrint"),
    file("a.png", "Spectrogram", "a.flac"),
)


def test_an_original_and_what_was_made_of_it_are_a_track() -> None:
    [track] = tracks_of(item(*SONG))
    assert track.native_id == "gd77/a.flac"
    assert [copy.file.name for copy in track.copies] == ["a.flac", "a.mp3", "a.ogg", "a_64kb.mp3"]
    assert (track.title, track.number) == ("Deal", 1)
    assert track.length == pytest.approx(273.2)
    assert track.copies[0].file.md5 == "ab"


def test_a_derivative_whose_original_is_gone_is_still_one() -> None:
    [track] = tracks_of(item(*SONG[1:3]))
    assert [copy.file.name for copy in track.copies] == ["a.mp3", "a_64kb.mp3"]


def test_a_track_uploaded_twice_is_one_under_the_id_of_the_better() -> None:
    twice = item(file("a.mp3", "VBR MP3"), file("a.flac", "Flac"), file("b.mp3", "VBR MP3"))
    assert [track.native_id for track in tracks_of(twice)] == ["gd77/a.flac", "gd77/b.mp3"]


def test_shorten_is_an_original_that_nobody_plays() -> None:
    shorten = item(file("a.shn", "Shorten"), file("a.mp3", "VBR MP3", "a.shn"))
    assert tracks_of(shorten)[0].native_id == "gd77/a.shn"
    assert chosen(shorten) == "a.mp3"
    assert chosen(item(file("a.shn", "Shorten"))) == RefusalReason.RESTRICTED.value


def test_order_is_by_number_if_all_have_one() -> None:
    found = item(
        file("z.flac", "Flac", title="one", track="1/3"),
        file("a.flac", "Flac", title="three", track="03"),
        file("m.flac", "Flac", title="two", track=["2"]),
    )
    assert names(found) == ["one", "two", "three"]


def test_order_is_by_disc_first() -> None:
    found = item(*(file(f"gd77{x}.flac", "Flac") for x in ("d2t01", "d1t02", "d1t01")))
    assert [(one.disc, one.number) for one in tracks_of(found)] == [(1, 1), (1, 2), (2, 1)]


def test_order_is_by_name_as_people_count_if_numbers_do_not_say() -> None:
    found = item(*(file(f"jam{n}.flac", "Flac", title=f"{n}", track="1") for n in (10, 9, 1)))
    assert names(found) == ["1", "9", "10"]
    assert [one.number for one in tracks_of(found)] == [1, 2, 3]


def test_a_title_is_that_of_any_file_of_the_track() -> None:
    assert names(
        item(file("a.flac", "Flac"), file("a.mp3", "VBR MP3", "a.flac", title="Deal"))
    ) == ["Deal"]


def test_a_title_stands_in_the_description_or_is_the_name() -> None:
    files = [file(f"gd77t0{n}.flac", "Flac") for n in (1, 2)]
    assert names(item(*files, description="Set 1<br>01. Deal (4:33)<br>02. Loser")) == [
        "Deal",
        "Loser",
    ]
    assert names(item(*files, description="1. Deal")) == ["gd77t01", "gd77t02"]
    assert names(item(file("03 - Morning_Dew.flac", "Flac"))) == ["Morning Dew"]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("1. Deal", "Deal"),
        ("01 Deal", "Deal"),
        ("d1t01 - Deal >", "Deal"),
        ("3) Deal [12:01.5]", "Deal"),
        ("t02: 4:33 Deal*", "Deal"),
        ("Disc 1", None),
        ("1977-05-08", None),
        ("Deal", None),
    ],
)
def test_lines_of_set_lists(line: str, title: str | None) -> None:
    assert titles([line], 1) == ((title,) if title else ())


def test_names_stay_exactly_as_they_are() -> None:
    name = unicodedata.normalize("NFD", "Ágætis #1 50%.flac")
    [track] = tracks_of(item(file(name, "Flac")))
    assert track.native_id == f"gd77/{name}"
    assert track.title == "Ágætis #1 50%"
    assert len(native_id("gd77", "ä" * 600)) < 100


def test_the_format_is_the_configuration_s_and_the_quality_core_s() -> None:
    assert chosen(item(*SONG)) == "a.flac"
    assert chosen(item(*SONG), "mp3") == "a.mp3"
    assert chosen(item(*SONG), "ogg", "lossless") == "a.ogg"
    assert chosen(item(*SONG), quality=Quality.LOSSY) == "a.mp3"
    assert chosen(item(SONG[0]), quality=Quality.LOSSY) == "a.flac"
    both = item(file("a.flac", "24bit Flac"), file("b.flac", "Flac", "a.flac"))
    assert chosen(both) == "b.flac"


def test_what_is_not_given_says_why() -> None:
    def sentence(found: Item, *words: str) -> str:
        refused = choose(found, tracks_of(found)[0], formats=wanted(words or ["lossless", "mp3"]))
        assert isinstance(refused, Refusal)
        return refused.sentence

    assert "taken this recording down" in sentence(item(*SONG, is_dark=True))
    assert "restricts" in sentence(item(*SONG, access_restricted_item="true"))
    assert "restricts" in sentence(item(*({**one, "private": "true"} for one in SONG)))
    assert "no format that the configuration names" in sentence(item(SONG[0]), "mp3")
    assert "only streams" in sentence(item(SONG[0], collection=["etree", "stream_only"]))


def test_of_what_is_stream_only_the_derivatives_are_given() -> None:
    assert chosen(item(*SONG, collection=["X", "stream_only"])) == "a.mp3"


@pytest.mark.parametrize(
    "document",
    [
        {"files": None, "metadata": []},
        {"files": [1, {"name": 3}, {"name": ""}], "metadata": {"identifier": ["x"]}},
        {"metadata": {"collection": {"a": 1}, "title": None}, "reviews": "many"},
    ],
)
def test_an_item_of_junk_is_an_item_without_tracks(document: dict[str, Any]) -> None:
    found = read_item(document, "x", own=())
    assert found is not None
    assert tracks_of(found) == ()


def test_nothing_is_no_item() -> None:
    assert read_item({}, "x", own=()) is None


def test_reviews_make_a_rating() -> None:
    document = {"metadata": {}, "reviews": [{"stars": "5"}, {"stars": "4"}, {"reviewbody": "?"}]}
    found = read_item(document, "x", own=())
    assert found is not None
    assert (found.recording.rating, found.recording.reviews) == (4.5, 2)
