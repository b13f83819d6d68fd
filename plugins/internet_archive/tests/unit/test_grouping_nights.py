"""Which recordings are of one night, and which of them is the best."""

from typing import Any

import msgspec
import pytest

from hydrophone_internet_archive.concerts import concerts
from hydrophone_internet_archive.config import Config, Kind
from hydrophone_internet_archive.ranking import Ranking
from hydrophone_internet_archive.recordings import Recording, recording


def made(identifier: str, **fields: Any) -> Recording:
    usual = {
        "mediatype": "etree",
        "collection": ["GratefulDead", "etree"],
        "creator": "Grateful Dead",
        "date": "1977-05-08",
        "venue": "Barton Hall",
    }
    found = recording({"identifier": identifier, **usual, **fields}, own=("etree",))
    assert found is not None
    return found


def keys(*recordings: Recording) -> list[tuple[str, list[str]]]:
    found = concerts(recordings, Ranking(Config()))
    return [(one.key, [it.identifier for it in one.recordings]) for one in found]


def best(*recordings: Recording, counts: dict[str, int] | None = None, **table: Any) -> list[str]:
    ranking = Ranking(msgspec.convert(table, Config))
    [night] = concerts(recordings, ranking, track_counts=counts)
    return [one.identifier for one in night.recordings]


def test_a_band_and_a_day_are_a_night() -> None:
    assert keys(made("a"), made("b"), made("c", date="1977-05-09")) == [
        ("gratefuldead|1977-05-08", ["a", "b"]),
        ("gratefuldead|1977-05-09", ["c"]),
    ]


def test_a_band_is_known_by_its_collection_or_name() -> None:
    alone = made("b", collection="etree", creator="The Grateful Dead")
    assert len(keys(made("a", collection=["etree", "GratefulDead", "fav-me"]), alone)) == 1
    assert len(keys(made("a"), made("b", collection=["Phish", "etree"]))) == 2


def test_early_and_late_shows_are_two() -> None:
    found = keys(made("x.early"), made("x.late.sbd"), made("y", title="Late Show"))
    assert [ids for _, ids in found] == [["x.early"], ["x.late.sbd", "y"]]
    assert [key.rpartition("|")[2] for key, _ in found] == ["early", "late"]


def test_two_venues_on_a_day_are_two() -> None:
    radio = made("radio", venue="KSAN Studio")
    spelt = made("b", venue="Barton Hall, Cornell University")
    found = keys(made("a"), spelt, radio, made("nowhere", venue=None))
    assert [sorted(ids) for _, ids in found] == [["a", "b", "nowhere"], ["radio"]]
    assert found[1][0] == "gratefuldead|1977-05-08|ksanstudio"


def test_initials_are_no_other_venue() -> None:
    assert len(keys(made("a", venue="MSG"), made("b", venue="Madison Square Garden"))) == 1


def test_what_is_not_dated_to_the_day_stands_for_itself() -> None:
    assert keys(made("gd-a", date="1977-05-00"), made("gd-b", date="1977-05-00")) == [
        ("", ["gd-a"]),
        ("", ["gd-b"]),
    ]


def test_releases_of_one_day_are_no_versions_of_each_other() -> None:
    release = {"mediatype": "audio", "collection": "netlabels", "venue": None}
    assert [key for key, _ in keys(made("a", **release), made("b", **release))] == ["", ""]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"source": "SBD > Reel > DAT"}, Kind.SOUNDBOARD),
        ({"source": "Ultra matrix of SBD and AUD"}, Kind.MATRIX),
        ({"source": "Schoeps MK4 > V3"}, Kind.AUDIENCE),
        ({"source": ["AUD", "x"]}, Kind.AUDIENCE),
        ({"source": "FM > cassette"}, Kind.BROADCAST),
        ({"title": "Live (sbd)"}, Kind.SOUNDBOARD),
        ({"lineage": "Soundboard > CD"}, Kind.SOUNDBOARD),
        ({"source": "somebody's pocket"}, Kind.UNKNOWN),
    ],
)
def test_the_kind_is_read_out_of_what_was_written(fields: dict[str, Any], kind: Kind) -> None:
    assert made("gd77", **fields).kind is kind
    assert made("gd1977-05-08.aud.clugston.2179").kind is Kind.AUDIENCE


SBD = made("sbd", source="SBD")
AUD = made("aud", source="AUD", avg_rating=5, num_reviews=99, downloads=10**6)
MTX = made("mtx", source="Matrix", avg_rating=4.9, num_reviews=90)


def test_the_source_goes_before_the_rating() -> None:
    assert best(AUD, SBD, made("fm", source="FM")) == ["sbd", "fm", "aud"]


def test_soundboard_and_matrix_are_equals_whose_rating_decides() -> None:
    assert best(SBD, MTX) == ["mtx", "sbd"]
    assert best(SBD, MTX, sources=[["soundboard"], ["matrix"]]) == ["sbd", "mtx"]


def test_many_reviews_weigh_more_than_one() -> None:
    one = made("one", source="SBD", avg_rating=5, num_reviews=1)
    many = made("many", source="SBD", avg_rating="4.50", num_reviews="40")
    assert best(one, many) == ["many", "one"]


def test_a_fragment_comes_last_whatever_it_is() -> None:
    counts = {"sbd": 3, "aud": 20, "mtx": 21}
    assert best(SBD, AUD, MTX, counts=counts) == ["mtx", "aud", "sbd"]


def test_a_fragment_is_known_by_its_size_too() -> None:
    flac, mp3 = ["Flac", "VBR MP3"], ["VBR MP3"]
    part = made("part", source="SBD", format=flac, item_size=90_000_000)
    whole = made("whole", source="AUD", format=flac, item_size="400000000")
    lossy = made("lossy", source="Matrix", format=mp3, item_size=80_000_000)
    assert best(part, whole, lossy) == ["lossy", "whole", "part"]
    # Tracks say more, but not of one recording alone.
    assert best(part, whole, lossy, counts={"part": 3}) == ["lossy", "whole", "part"]
    assert best(part, whole, lossy, counts={"part": 20, "whole": 20})[0] == "part"
    assert best(part, made("unknown", source="AUD")) == ["part", "unknown"]


def test_completeness_and_what_is_lossless_decide_between_equals() -> None:
    full, short = made("full", source="SBD"), made("cut", source="SBD")
    assert best(short, full, counts={"full": 20, "cut": 15}) == ["full", "cut"]
    flac, mp3 = made("z", format=["Flac", "VBR MP3"]), made("a", format="VBR MP3")
    assert best(mp3, flac) == ["z", "a"]


def test_the_rule_is_the_configuration_s() -> None:
    assert best(SBD, AUD, ranking=["rating", "source"]) == ["aud", "sbd"]
    assert best(SBD, AUD, sources=[["audience"], ["soundboard"]]) == ["aud", "sbd"]


def test_a_rank_does_not_depend_on_what_else_was_found() -> None:
    alone = concerts([SBD], Ranking(Config()))[0].ranks
    among = concerts([SBD, AUD, MTX], Ranking(Config()))[0]
    assert dict(zip(among.recordings, among.ranks, strict=True))[SBD] == alone[0]


def test_an_edition_says_what_it_is() -> None:
    known = made(
        "gd77-05-08.sbd.hicks.4982.flac24",
        source="SBD, remastered",
        format=["24bit Flac"],
        taper="Betty",
    )
    assert known.edition == "Soundboard, 24 bit, remastered, Betty, #4982"
    assert made("plain").edition == "plain"
