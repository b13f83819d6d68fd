"""Names and genres that stand in one text."""

import pytest

from hydrophone.config import ScanConfig
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.scanner.parsed import Credit, ParsedFile, RoleCredit, StreamInfo
from hydrophone.scanner.reading import reading_of
from hydrophone.scanner.splitting import Splitter

USUAL = SplitRules(
    artists=ScanConfig().artist_separators,
    genres=ScanConfig().genre_separators,
    never=("Tyler; The Creator",),
)
STREAM = StreamInfo(content_type="audio/flac", suffix="flac", duration=Seconds(1), bit_rate=Kbps(1))
IDS = ("b1a9c0e9-d987-4042-ae91-78d6a3267d69", "db92a151-1ac2-438b-bc43-b82e149ddd50")


def names(text: str, rules: SplitRules = USUAL) -> list[str]:
    parsed = ParsedFile(stream=STREAM, fingerprint="0", artists=(Credit(name=text),))
    return [credit.name for credit in Splitter(rules).apply(parsed).artists]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AC/DC", ["AC/DC"]),
        ("Earth, Wind & Fire", ["Earth, Wind & Fire"]),
        ("Steins;Gate", ["Steins;Gate"]),
        ("Defeat", ["Defeat"]),
        ("Feat. Unknown", ["Feat. Unknown"]),
        ("Queen; David Bowie", ["Queen", "David Bowie"]),
        ("Queen feat. David Bowie", ["Queen", "David Bowie"]),
        ("Queen FEAT David Bowie", ["Queen", "David Bowie"]),
        ("Queen (feat. David Bowie)", ["Queen", "David Bowie"]),
        ("Queen [ft. David Bowie; Freddie]", ["Queen", "David Bowie", "Freddie"]),
        ("(G)I-DLE ft. A (B)", ["(G)I-DLE", "A (B)"]),
        ("tyler; the creator; Queen", ["tyler; the creator", "Queen"]),
        ("A; A; B", ["A", "B"]),
        ("; ", ["; "]),
    ],
)
def test_artists(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_other_signs_and_names() -> None:
    rules = SplitRules(artists=(" & ", ", "), never=("Earth, Wind & Fire", "Simon & Garfunkel"))
    assert names("Earth, Wind & Fire & Simon & Garfunkel, Abba", rules) == [
        "Earth, Wind & Fire",
        "Simon & Garfunkel",
        "Abba",
    ]
    assert names("A & B", SplitRules()) == ["A & B"]


def test_the_printed_credit_and_what_belongs_to_names_are_kept() -> None:
    parsed = ParsedFile(
        stream=STREAM,
        fingerprint="0",
        artists=(Credit(name="Queen feat. David Bowie", sort_name="Queen feat. Bowie, David"),),
        unpaired_artist_ids=IDS,
        album_artists=(Credit(name="Queen; Abba"),),
        unpaired_album_artist_ids=(*IDS, IDS[0]),
        contributors=(RoleCredit(role="composer", credit=Credit(name="Mercury; May")),),
        genres=("17; pop; Pop",),
    )
    for _ in range(2):
        split = Splitter(USUAL).apply(parsed)
        assert split.artists == (
            Credit(name="Queen", sort_name="Queen", musicbrainz_id=IDS[0]),
            Credit(name="David Bowie", sort_name="Bowie, David", musicbrainz_id=IDS[1]),
        )
        assert split.display_artist == "Queen feat. David Bowie"
        assert split.album_artists == (Credit(name="Queen"), Credit(name="Abba"))
        assert split.display_album_artist == "Queen; Abba"
        assert [one.credit.name for one in split.contributors] == ["Mercury", "May"]
        assert split.genres == ("Rock", "pop")


def test_lists_are_left_alone() -> None:
    parsed = ParsedFile(
        stream=STREAM,
        fingerprint="0",
        artists=(Credit(name="A; B"), Credit(name="C")),
        genres=("Rock", "Pop"),
    )
    assert Splitter(USUAL).apply(parsed) is parsed


def test_other_rules_are_another_reading() -> None:
    numbers = {reading_of(USUAL), reading_of(SplitRules()), reading_of(SplitRules(genres=("/",)))}
    assert len(numbers) == 3
    assert all(0 < number < 1 << 53 for number in numbers)


def test_a_list_is_left_as_it_is() -> None:
    parsed = ParsedFile(
        stream=STREAM,
        fingerprint="0",
        genres=("17", "Jazz; Soul", "rock"),
        contributors=(
            RoleCredit(role="composer", credit=Credit(name="Mercury; May")),
            RoleCredit(role="composer", credit=Credit(name="Deacon")),
            RoleCredit(role="lyricist", credit=Credit(name="May; Taylor")),
        ),
    )
    split = Splitter(USUAL).apply(parsed)
    # Numbers are written out, and of two spellings the first stays.
    assert split.genres == ("Rock", "Jazz; Soul")
    assert [(one.role, one.credit.name) for one in split.contributors] == [
        ("composer", "Mercury; May"),
        ("composer", "Deacon"),
        ("lyricist", "May"),
        ("lyricist", "Taylor"),
    ]
