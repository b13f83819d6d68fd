"""Of a genre that thousands of tracks have, only some are looked at, and others each time."""

from sqlalchemy import Connection

from hydrophone.storage.queries import similarity
from hydrophone.testing.factories import fill_library, make_track


def test_some_of_a_common_genre_are_looked_at(connection: Connection) -> None:
    shelf = [
        make_track(
            f"Song {number}",
            artist=f"Artist {number // 2}",
            album=f"Album {number // 2}",
            genres=("Rock", "Pop") if number % 2 else ("Rock",),
        )
        for number in range(4000)
    ]
    fill_library(connection, shelf)
    artist = shelf[0].artists[0].id
    near = similarity.artists_by_genre(connection, [1], artist, 3000)
    assert 500 < len(near) < 1900
    assert similarity.artists_by_genre(connection, [1], artist, 3000) == near

    genres = similarity.genres_of_artist(artist)
    drawn = [similarity.tracks_by_genre(connection, [1], genres, 0, 4000) for _ in range(2)]
    assert all(1000 < len(rows) == len(set(rows)) < 3000 for rows in drawn)
    assert set(drawn[0]) != set(drawn[1])
