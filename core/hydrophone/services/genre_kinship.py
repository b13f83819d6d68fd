"""What has genres in common: a rare one says more than a common one.

Of a common genre only a part is looked at: it says little anyway.
"""

import random
from collections.abc import Collection, Mapping, Sequence

from hydrophone.domain.ids import ArtistId
from hydrophone.storage.queries.genres import GenreMembers

_MOST_TRACKS = 1000
_MOST_ALBUMS = 500
"""Of a genre, about."""
_MIXER = 2_654_435_761
"""2^32 over the golden ratio: multiples of it lie scattered."""
_JITTER = 20
"""Years that a track may seem to be nearer or further away than it is."""


def albums_to_look_at(genre: GenreMembers) -> list[int]:
    """Choose rows of albums of a genre, always about the same ones, so that answers stay."""
    step = max(1, len(genre.albums) // _MOST_ALBUMS)
    return [row for row in genre.albums if row * _MIXER // 512 % step == 0]


def nearest_artists(
    genres: Collection[GenreMembers], artists: Mapping[int, Sequence[ArtistId]]
) -> list[ArtistId]:
    """Order the artists {album's row: theirs} of albums with these genres, the nearest first."""
    scores: dict[ArtistId, float] = {}
    for genre in genres:
        theirs = {one for row in genre.albums for one in artists.get(row, ())}
        for one in theirs:
            scores[one] = scores.get(one, 0.0) + 1 / len(genre.tracks)
    return sorted(scores, key=lambda one: (-scores[one], one))


def draw_tracks(genres: Collection[GenreMembers], year: int, count: int) -> list[int]:
    """Draw rows of tracks with these genres; rare genres and near years make it likelier.

    `year` 0 means that time does not matter. Each call draws anew: apps use it as a radio.
    """
    scores: dict[int, float] = {}
    distances: dict[int, float] = {}
    for genre in genres:
        everything = range(len(genre.tracks))
        for at in random.sample(everything, min(_MOST_TRACKS, len(everything))):
            row = genre.tracks[at]
            scores[row] = scores.get(row, 0.0) + 1 / len(everything)
            jitter = random.random() * _JITTER  # noqa: S311 - no secret: songs of a radio
            distances[row] = jitter + (abs(genre.years[at] - year) if year else 0)
    return sorted(scores, key=lambda row: (-scores[row], distances[row]))[:count]
