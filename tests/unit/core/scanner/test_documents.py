"""What an album is, as told by its tracks."""

from hydrophone.domain.ids import ArtworkId, TrackId
from hydrophone.domain.music import Disc
from hydrophone.scanner.documents import disc_titles, discs, with_tracks
from hydrophone.testing.factories import make_album, make_track

ONE, TWO = (make_track(f"Song {n}", disc_number=n) for n in (1, 2))
BEFORE = (Disc(number=1, title="Left"), Disc(number=2, title="Right"))


def test_titles_of_discs_that_were_not_read_stay() -> None:
    assert disc_titles(BEFORE, [ONE, TWO], {ONE.id: "New"}) == {1: "New", 2: "Right"}
    assert disc_titles(BEFORE, [ONE, TWO], {}) == {1: "Left", 2: "Right"}


def test_title_goes_when_all_files_of_the_disc_were_read_without_one() -> None:
    assert disc_titles(BEFORE, [ONE, TWO], {ONE.id: ""}) == {2: "Right"}
    other = make_track("Other", disc_number=1)
    assert disc_titles(BEFORE, [ONE, other, TWO], {ONE.id: ""}) == {1: "Left", 2: "Right"}


def test_disc_without_tracks_has_no_title() -> None:
    assert disc_titles(BEFORE, [TWO], {}) == {2: "Right"}
    assert disc_titles(BEFORE, [], {}) == {}


def test_title_without_a_number_is_that_of_the_first_disc() -> None:
    bare = make_track("Bare")
    assert disc_titles((), [bare], {bare.id: "Only"}) == {1: "Only"}
    assert disc_titles((), [bare], {TrackId("tr-gone"): "Gone"}) == {}


def test_discs_with_a_title_or_a_picture_are_listed_by_number() -> None:
    picture = ArtworkId("im-picture")
    assert discs({3: "Right", 1: "Left"}, {2: picture, 3: picture}) == (
        Disc(number=1, title="Left"),
        Disc(number=2, artwork_id=picture),
        Disc(number=3, title="Right", artwork_id=picture),
    )
    only_a_picture = discs({}, {1: picture})
    assert disc_titles(only_a_picture, [ONE], {}) == {}


def test_album_without_tracks_loses_its_count_alone() -> None:
    album = make_album(genres=("Rock",), year=1972)
    empty = with_tracks(album, [], (), None)
    assert (empty.track_count, empty.duration) == (0, 0.0)
    assert (empty.id, empty.genres, empty.year) == (album.id, ("Rock",), 1972)


def test_most_common_genres_come_first() -> None:
    tracks = [
        make_track("1", genres=("Pop",), explicit_status="clean"),
        make_track("2", genres=("Rock", "Pop"), explicit_status="explicit"),
    ]
    album = with_tracks(make_album(), tracks, (), None)
    assert (album.genres, album.explicit_status) == (("Pop", "Rock"), "explicit")
    assert (album.track_count, album.duration) == (2, 360.0)


def test_spellings_of_one_genre_are_one() -> None:
    genres = [("Rock", "Jazz"), ("rock",), ("rock",), ("ROCK",), ("Jazz",)]
    tracks = [make_track(f"{n}", genres=one) for n, one in enumerate(genres)]
    assert with_tracks(make_album(), tracks, (), None).genres == ("rock", "Jazz")
