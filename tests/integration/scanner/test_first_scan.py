"""What a first scan makes of files in folders."""

from collections.abc import Sequence
from functools import partial

import pytest

from hydrophone.domain.music import Disc, PartialDate
from hydrophone.scanner.fallbacks import UNKNOWN_ALBUM, UNKNOWN_ARTIST
from hydrophone.storage.queries import artwork, lyrics
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.scanned_library import ScannedLibrary

RELEASE = "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b"
FORMATS = ("mp3", "flac", "ogg", "opus", "m4a")


def test_full_tags_of_every_format(library: ScannedLibrary) -> None:
    for number, suffix in enumerate(FORMATS, start=1):
        library.add(
            f"Björk/Début/{number:02}.{suffix}",
            tags={
                "title": f"Title {suffix}",
                "artist": ["Björk", "Thom Yorke"],
                "albumartist": "Björk",
                "artistsort": ["Guðmundsdóttir, Björk", "Yorke, Thom"],
                "album": "Début",
                "tracknumber": f"{number}/5",
                "discnumber": "1/2",
                "discsubtitle": "The Waves",
                "date": "1993-07-05",
                "originaldate": "1992",
                "genre": ["Electronic", "Art Pop"],
                "composer": "Nellee Hooper",
                "performer": "Corki Hale (harp)",
                "lyrics": f"If you ever {suffix}",
                "musicbrainz_albumid": RELEASE,
            },
        )

    summary = library.scan()

    assert (summary.found, summary.added, summary.problem_count) == (5, 5, 0)
    album = library.the_album()
    assert (album.name, album.display_artist, album.year) == ("Début", "Björk", 1992)
    assert album.original_date == PartialDate(year=1992)
    assert album.release_date == PartialDate(year=1993, month=7, day=5)
    assert album.discs == (Disc(number=1, title="The Waves"),)
    assert (album.genres, album.musicbrainz_id) == (("Electronic", "Art Pop"), RELEASE)
    assert album.track_count == 5
    assert album.duration == pytest.approx(1.0, abs=0.3)
    for track in library.tracks().values():
        assert track.title == f"Title {track.suffix}"
        assert [credit.name for credit in track.artists] == ["Björk", "Thom Yorke"]
        assert track.display_artist == "Björk, Thom Yorke"
        assert [credit.name for credit in track.album_artists] == ["Björk"]
        roles = {(c.role, c.sub_role): c.artist.name for c in track.contributors}
        assert roles == {
            ("composer", ""): "Nellee Hooper",
            ("performer", "harp"): "Corki Hale",
        }
        assert (track.disc_number, track.year) == (1, 1992)
        assert track.track_number == FORMATS.index(track.suffix) + 1
        assert track.genres == ("Electronic", "Art Pop")
        [words] = library.query(partial(lyrics.embedded, track_id=track.id))
        assert words == f"If you ever {track.suffix}"
    artists = library.artists()
    assert set(artists) == {"Björk", "Thom Yorke", "Nellee Hooper", "Corki Hale"}
    assert artists["Björk"].roles == ("albumartist", "artist")
    assert artists["Björk"].sort_name == "Guðmundsdóttir, Björk"
    assert artists["Björk"].album_count == 1
    assert artists["Thom Yorke"].album_count == 0
    assert artists["Corki Hale"].roles == ("performer",)


def test_names_of_folders_and_files_stand_in_for_tags(library: ScannedLibrary) -> None:
    library.add("Pixies/1989 - Doolittle/03 - Wave of Mutilation.flac")
    library.add("Pixies/1989 - Doolittle/07_Monkey_Gone.mp3")
    library.add("Pixies/Bossanova/untitled.ogg")
    library.scan()
    doolittle, bossanova = sorted(library.albums(), key=lambda album: -album.track_count)
    assert (doolittle.name, doolittle.display_artist) == ("Doolittle", "Pixies")
    assert (bossanova.name, bossanova.display_artist) == ("Bossanova", "Pixies")
    titles = {(track.track_number, track.title) for track in library.tracks().values()}
    assert titles == {(3, "Wave of Mutilation"), (7, "Monkey Gone"), (0, "untitled")}
    assert set(library.artists()) == {"Pixies"}


def test_files_in_the_root(library: ScannedLibrary) -> None:
    library.add("bare.mp3")
    library.add("tagged.mp3", tags={"title": "T", "artist": "A", "album": "B"})
    library.scan()
    bare, tagged = library.albums()[::-1] if library.albums()[0].name == "B" else library.albums()
    assert (bare.name, bare.display_artist) == (UNKNOWN_ALBUM, UNKNOWN_ARTIST)
    assert (tagged.name, tagged.display_artist) == ("B", "A")


@pytest.mark.parametrize(
    "common",
    [
        {},
        {"albumartist": "Various Artists"},
        {"albumartist": "VA"},
        {"compilation": "1"},
    ],
    ids=["nothing", "albumartist", "short", "flag"],
)
def test_compilation_is_one_album(library: ScannedLibrary, common: dict[str, str]) -> None:
    for number, name in enumerate(("Ana", "Bob", "Cid"), start=1):
        tags = {"artist": name, "album": "Hits of May", "title": "T", "tracknumber": str(number)}
        library.add(f"Hits/{name}.mp3", tags=tags | common)
    library.scan()
    assert library.the_album().display_artist == "Various Artists"
    assert library.the_album().track_count == 3
    # Who names the album artist may have said, too, that it is none: a split single, a mix.
    assert library.the_album().is_compilation == ("albumartist" not in common)
    artists = library.artists()
    assert artists["Various Artists"].album_count == 1
    assert artists["Bob"].album_count == 0


def test_one_artist_without_album_artist_is_no_compilation(library: ScannedLibrary) -> None:
    for number in (1, 2):
        tags = {"artist": "Ana", "album": "May", "title": f"T{number}"}
        library.add(f"May/{number}.mp3", tags=tags)
    library.scan()
    assert library.the_album().display_artist == "Ana"
    assert not library.the_album().is_compilation
    # When somebody else joins in, it is one; and none again when he has gone.
    library.add("May/3.mp3", tags={"artist": "Bob", "album": "May", "title": "T3"})
    library.scan()
    assert library.the_album().is_compilation
    (library.root / "May/3.mp3").unlink()
    library.scan(full=True)
    assert library.the_album().display_artist == "Ana"
    assert not library.the_album().is_compilation


@pytest.mark.parametrize("tagged", [False, True])
def test_discs_in_folders_are_one_album(library: ScannedLibrary, tagged: bool) -> None:
    cover = make_picture(color="red")
    for disc, folder in enumerate(("CD1", "CD 2"), start=1):
        for number in (1, 2):
            tags = {"artist": "Can", "album": "Tago Mago", "tracknumber": str(number)}
            tags |= {"albumartist": "Can", "title": f"{disc}-{number}"}
            if tagged:
                tags |= {"discnumber": str(disc), "discsubtitle": f"Side {disc}"}
            library.add(f"Can/Tago Mago/{folder}/{number}.mp3", tags=tags)
    (library.root / "Can/Tago Mago/cover.jpg").write_bytes(cover)
    library.scan()
    album = library.the_album()
    assert album.track_count == 4
    tracks = library.tracks().values()
    assert sorted((t.disc_number, t.track_number) for t in tracks) == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    assert {track.artwork_id for track in tracks} == {album.artwork_id}
    expected = (Disc(number=1, title="Side 1"), Disc(number=2, title="Side 2"))
    assert album.discs == (expected if tagged else ())
    assert _picture_path(library, album.artwork_id) == "Can/Tago Mago/cover.jpg"


def test_untagged_discs_in_folders_are_one_album(library: ScannedLibrary) -> None:
    for folder in ("CD1", "CD2"):
        library.add(f"Can/Tago Mago/{folder}/01 Song.mp3")
    library.scan()
    album = library.the_album()
    assert (album.name, album.display_artist, album.track_count) == ("Tago Mago", "Can", 2)


def _collection(library: ScannedLibrary, folders: Sequence[str], suffixes: Sequence[str]) -> None:
    for folder, suffix in zip(folders, suffixes, strict=True):
        for number in (1, 2):
            tags = {"artist": "Queen", "albumartist": "Queen", "album": "Greatest Hits"}
            tags |= {"title": f"{folder} {number}", "tracknumber": str(number)}
            library.add(f"Queen/{folder}/{number}.{suffix}", tags=tags)


@pytest.mark.parametrize(
    ("folders", "suffixes"),
    [
        (("1981 Greatest Hits", "1992 Greatest Hits"), ("mp3", "mp3")),
        (("Greatest Hits [FLAC]", "Greatest Hits [MP3]"), ("flac", "mp3")),
        (("FLAC/Greatest Hits", "MP3/Greatest Hits"), ("flac", "mp3")),
    ],
)
def test_same_numbers_in_two_folders_are_two_albums(
    library: ScannedLibrary, folders: Sequence[str], suffixes: Sequence[str]
) -> None:
    _collection(library, folders, suffixes)
    library.scan()
    first, second = library.albums()
    assert first.name == second.name == "Greatest Hits"
    assert (first.track_count, second.track_count) == (2, 2)
    tracks = library.tracks().values()
    assert len({(track.album_id, track.folder_id) for track in tracks}) == 2
    assert library.scan(full=True).changed == 4
    assert [album.id for album in library.albums()] == [first.id, second.id]


def test_pictures_beside_and_in_the_files(library: ScannedLibrary) -> None:
    red, blue = make_picture(color="red"), make_picture(color="blue")
    library.add("A/Both/1.mp3", picture=red)
    library.add("A/Both/2.mp3")
    (library.root / "A/Both/Folder.JPG").write_bytes(blue)
    library.add("A/Inside/1.mp3")
    library.add("A/Inside/2.flac", picture=red)
    library.add("A/None/1.mp3")
    library.scan()
    both, inside, none = library.albums()
    assert _picture_path(library, both.artwork_id) == "A/Both/Folder.JPG"
    tracks = library.tracks()
    assert tracks["A/Both/2.mp3"].artwork_id == both.artwork_id
    assert tracks["A/Both/1.mp3"].artwork_id == inside.artwork_id != both.artwork_id
    assert tracks["A/Inside/1.mp3"].artwork_id == inside.artwork_id
    assert _picture_path(library, inside.artwork_id) in {"A/Both/1.mp3", "A/Inside/2.flac"}
    assert none.artwork_id is None


def _picture_path(library: ScannedLibrary, artwork_id: str | None) -> str:
    assert artwork_id is not None
    place = library.query(lambda connection: artwork.location(connection, artwork_id))
    assert place is not None
    return place[1]
