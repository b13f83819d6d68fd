"""Which files of one folder are one album, and whose it is."""

import pytest

from hydrophone.domain.music import PartialDate
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.scanner.fallbacks import album_folder, complete, disc_of_folder
from hydrophone.scanner.grouping import Entry, grouped
from hydrophone.scanner.identity import VARIOUS_ARTISTS, album_credits, album_keys
from hydrophone.scanner.parsed import Credit, ParsedFile, StreamInfo
from hydrophone.scanner.walk import FoundFile


def _file(
    *,
    artists: str = "",
    album_artists: str = "",
    album: str = "Album",
    edition: str = "",
    release_id: str = "",
    is_compilation: bool = False,
    release_date: PartialDate | None = None,
    original_date: PartialDate | None = None,
) -> ParsedFile:
    return ParsedFile(
        stream=StreamInfo(
            content_type="audio/flac", suffix="flac", duration=Seconds(1.0), bit_rate=Kbps(900)
        ),
        fingerprint="0" * 16,
        album=album,
        edition=edition,
        artists=_credits(artists),
        album_artists=_credits(album_artists),
        release_id=release_id,
        is_compilation=is_compilation,
        release_date=release_date,
        original_date=original_date,
    )


def _credits(names: str) -> tuple[Credit, ...]:
    return tuple(Credit(name=name) for name in names.split("+") if name)


def _groups(*files: ParsedFile) -> list[list[int]]:
    entries = [
        Entry(str(number), "", FoundFile("", "flac", (0, 0, 0)), parsed)
        for number, parsed in enumerate(files)
    ]
    return [[int(entry.native_id) for entry in group] for group in grouped(entries)]


def test_titles_and_editions_are_albums() -> None:
    files = [_file(album="A"), _file(album="B"), _file(album=" a "), _file(album="A", edition="2")]
    assert _groups(*files) == [[0, 2], [1], [3]]


def test_two_album_artists_are_two_albums_of_one_title() -> None:
    files = [_file(album_artists="X"), _file(album_artists="Y"), _file(album_artists="x")]
    assert _groups(*files) == [[0, 2], [1]]


@pytest.mark.parametrize("tagged", [_file(album_artists="X"), _file(release_id="r")])
def test_file_with_fewer_tags_joins_the_only_album_of_its_title(tagged: ParsedFile) -> None:
    assert _groups(_file(), tagged, _file()) == [[1, 0, 2]]


def test_file_with_fewer_tags_joins_neither_of_two() -> None:
    assert _groups(_file(), _file(album_artists="X"), _file(album_artists="Y")) == [[0], [1], [2]]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ([_file(artists="A"), _file(artists="a")], "A"),
        ([_file(artists="A+B"), _file(artists="A+C")], "A"),
        ([_file(artists="A"), _file(artists="B")], "Various Artists"),
        ([_file(artists="A"), _file(artists="B", album_artists="C+D")], "C+D"),
        ([_file(artists="A", is_compilation=True)], "Various Artists"),
        ([_file(artists="A", album_artists="Diverse")], "Various Artists"),
        ([_file(artists="A", album_artists="A", is_compilation=True)], "A"),
    ],
)
def test_whose_album_it_is(group: list[ParsedFile], expected: str) -> None:
    credits_ = album_credits(group)
    assert "+".join(credit.name for credit in credits_) == expected
    if expected == "Various Artists":
        assert credits_ == (VARIOUS_ARTISTS,)


def test_keys_of_an_album_name_its_folder_only_at_the_end() -> None:
    credits_ = _credits("A")
    here = list(album_keys(_file(), credits_, "A/Album/CD1"))
    there = list(album_keys(_file(), credits_, "B/Album/CD2"))
    elsewhere = list(album_keys(_file(), credits_, "B/Album (live)"))
    assert here[:2] == there[:2]
    assert here[2] != there[2]
    assert here[0] == elsewhere[0]
    assert here[1] != elsewhere[1]
    assert len(set(here)) == 3


@pytest.mark.parametrize(
    ("name", "disc"),
    [("CD1", 1), ("cd 02", 2), ("Disc-3", 3), ("disk_4 - Live", 4), ("CDs", 0), ("Discovery", 0)],
)
def test_folders_of_discs(name: str, disc: int) -> None:
    assert disc_of_folder(name) == disc
    path = f"Artist/Album/{name}"
    assert album_folder(path) == ("Artist/Album" if disc else path)


@pytest.mark.parametrize(
    ("name", "track", "disc", "title"),
    [
        ("01 - Song.mp3", 1, 0, "Song"),
        ("1-02 Song.mp3", 2, 1, "Song"),
        ("03. Song - With - Dashes.mp3", 3, 0, "Song - With - Dashes"),
        ("99 Luftballons.mp3", 99, 0, "Luftballons"),
        ("1979.mp3", 0, 0, "1979"),
        ("Song.mp3", 0, 0, "Song"),
    ],
)
def test_names_of_files(name: str, track: int, disc: int, title: str) -> None:
    found = complete(_file(), "Artist/Album", name)
    assert (found.track_number, found.disc_number, found.title) == (track, disc, title)


@pytest.mark.parametrize(
    ("folder", "album", "year"),
    [
        ("1999 - Album", "Album", 1999),
        ("[1999] Album", "Album", 1999),
        ("Album (2003)", "Album", 2003),
        ("1999 - Album/CD 2", "Album", 1999),
        ("1984", "1984", 0),
        ("Album 1999", "Album 1999", 0),
        ("Album", "Album", 0),
    ],
)
def test_years_of_folders(folder: str, album: str, year: int) -> None:
    found = complete(_file(album=""), f"Artist/{folder}", "03 - Title.mp3")
    assert (found.album, found.release_date) == (album, PartialDate(year=year) if year else None)


def test_a_year_that_the_tags_know_better() -> None:
    """Or that belongs to the title."""
    released, first = PartialDate(year=2010, month=5), PartialDate(year=1969)
    for file in (_file(release_date=released), _file(original_date=first)):
        found = complete(file, "Artist/1999 - Album", "03 - Title.mp3")
        assert (found.release_date, found.original_date) == (file.release_date, file.original_date)
    title = "2001 A Space Odyssey"
    assert complete(_file(album=title), f"Artist/{title}", "03 - Title.mp3").release_date is None
    tagged = complete(_file(album="Other"), "Artist/1999 - Album", "03 - Title.mp3")
    assert tagged.release_date == PartialDate(year=1999)


def test_the_year_of_a_folder_makes_no_other_album() -> None:
    plain, dated = (
        _file(album_artists="A"),
        _file(album_artists="A", release_date=PartialDate(year=1999)),
    )
    assert _groups(plain, dated) == [[0, 1]]
    keys = [list(album_keys(file, file.album_artists, "A/1999 - Album")) for file in (plain, dated)]
    assert keys[0] == keys[1]
