"""Of a genre that thousands of tracks have, only some are looked at, and others each time."""

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Genre
from hydrophone.services.genre_kinship import albums_to_look_at, draw_tracks, nearest_artists
from hydrophone.storage.queries.genres import GenreMembers


def genre(name: str, tracks: range, *, year: int = 0) -> GenreMembers:
    return GenreMembers(
        genre=Genre(name=name, track_count=len(tracks), album_count=len(tracks)),
        tracks=tracks,
        years=[year] * len(tracks),
        albums=tracks,
    )


def test_some_albums_of_a_common_genre_are_looked_at() -> None:
    rock = genre("Rock", range(4000))
    assert 300 < len(albums_to_look_at(rock)) < 800
    assert albums_to_look_at(rock) == albums_to_look_at(rock)
    assert albums_to_look_at(genre("Fado", range(30))) == list(range(30))


def test_a_rare_genre_says_more_than_a_common_one() -> None:
    common, rare = genre("Rock", range(100)), genre("Fado", range(95, 105))
    artists = {row: [ArtistId(f"ar-{row:03}")] for row in range(110)}
    near = nearest_artists([common, rare], artists)
    assert near[:5] == [f"ar-{row:03}" for row in range(95, 100)]
    assert near[5:10] == [f"ar-{row:03}" for row in range(100, 105)]
    assert len(near) == 105


def test_tracks_are_drawn_anew_each_time() -> None:
    rock = genre("Rock", range(4000))
    drawn = [draw_tracks([rock], 0, 4000) for _ in range(2)]
    assert all(len(rows) == len(set(rows)) == 1000 for rows in drawn)
    assert set(drawn[0]) != set(drawn[1])


def test_near_years_come_first() -> None:
    old, new = genre("Old", range(50), year=1930), genre("New", range(50, 100), year=2000)
    assert set(draw_tracks([old, new], 1990, 50)) == set(range(50, 100))
    assert set(draw_tracks([old, new], 0, 50)) not in (set(range(50)), set(range(50, 100)))
