"""What is like what, and what is the best of an artist, as far as the library itself knows."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Connection

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, ArtistId, kind_of
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.user import User
from hydrophone.services.genre_kinship import draw_tracks
from hydrophone.services.library_kinship import LibraryKinship
from hydrophone.services.reading import by_rows
from hydrophone.storage.database import Database
from hydrophone.storage.queries import artists, similarity, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.read_model import ReadModel

Key = TypeVar("Key", ArtistId, int)

_CANDIDATES = 200
"""Of each kind that are weighed."""
_NEAREST_ARTISTS = 20
"""Whose tracks may be drawn."""
_BY_GENRE, _BY_ALBUMS, _BY_PLAYLISTS, _BY_LISTENERS = 1.0, 0.7, 0.8, 0.8
_BY_ARTISTS = 0.6
"""How much each kind of nearness counts; the first of a kind has all of it, the last nothing."""
_VARIETY = 0.3
"""How much of a track's place is chance."""

Ranked = tuple[float, Sequence[Key]]


class OwnSimilarity:
    """Answers from genres, years, playlists and plays; empty when nothing is known.

    What others have in private never shows: their playlists do not count, and their plays only
    as numbers of listeners of whom there are several. So these answers depend on who asks, and are
    no SimilarityProvider: plugins and what goes through their door never learn who that is.
    """

    def __init__(self, *, database: Database, read_model: ReadModel) -> None:
        self._database = database
        self._kinship = LibraryKinship(database=database, read_model=read_model)

    async def artist(self, viewer: User, identifier: str) -> Artist | None:
        """Return the artist that an id of an artist, album or track leads to; `None` if none."""

        def query(connection: Connection) -> Artist | None:
            found = _visible(connection, viewer, identifier)
            if found is None or isinstance(found, Artist):
                return found
            artist_id = _artist_of(found)
            if artist_id is None:
                return None
            return artists.one(connection, viewer.id, viewer.libraries, artist_id)

        return await self._database.read(query)

    async def similar_artists(
        self, viewer: User, identifier: str, count: int
    ) -> tuple[Artist, ...]:
        """Return artists like that of an artist, album or track id, the nearest first.

        The answer is the same until the library, the playlists or the plays change.
        """
        subject = await self._database.read(_visible, viewer, identifier)
        near = await self._near_artists(viewer, _artist_of(subject))

        def query(connection: Connection) -> tuple[Artist, ...]:
            found = artists.ARTISTS.by_ids(connection, viewer.id, near)
            # By listeners there may be some whom the viewer may not see, or who are gone.
            there = [found[i] for i in near if i in found]
            counted = artists.counted(connection, viewer.libraries, there)
            return tuple(one for one in counted if one.album_count)[:count]

        return await self._database.read(query)

    async def similar_tracks(self, viewer: User, identifier: str, count: int) -> tuple[Track, ...]:
        """Return tracks like an artist, album or track, drawn anew each time.

        The nearer, the likelier; no artist has more than a fifth of them, if there are others.
        """
        subject = await self._database.read(_visible, viewer, identifier)
        if subject is None:
            return ()
        near = await self._near_artists(viewer, _artist_of(subject))
        wanted = max(_CANDIDATES, count + 1)
        keys = await self._database.read(similarity.genres_of, subject.id)
        year = 0 if isinstance(subject, Artist) else subject.year
        by_genre = draw_tracks(await self._kinship.genres(viewer.libraries, keys), year, wanted)

        def query(connection: Connection) -> list[Ranked[int]]:
            libraries = viewer.libraries
            some = near[:_NEAREST_ARTISTS]
            by_playlists = similarity.tracks_by_playlists(
                connection, viewer.id, libraries, identifier, wanted
            )
            by_artists = similarity.tracks_of_artists(connection, libraries, some, wanted)
            return [
                (_BY_GENRE, by_genre),
                (_BY_PLAYLISTS, by_playlists),
                (_BY_ARTISTS, by_artists),
            ]

        ranked = await self._database.read(query)
        rows = _blend(ranked, chance=_VARIETY)[:wanted]
        found = await by_rows(self._database, TRACKS, viewer, rows)
        return _spread([t for t in found.values() if t.id != identifier], count)

    async def _near_artists(self, viewer: User, artist_id: ArtistId | None) -> list[ArtistId]:
        if artist_id is None:
            return []
        kin = await self._kinship.of(viewer.libraries, artist_id)

        def query(connection: Connection) -> list[Ranked[ArtistId]]:
            most = _CANDIDATES
            by_playlists = similarity.artists_by_playlists(
                connection, viewer.id, viewer.libraries, artist_id, most
            )
            by_listeners = similarity.artists_by_listeners(connection, viewer.id, artist_id, most)
            return [
                (_BY_GENRE, kin.by_genre),
                (_BY_ALBUMS, kin.by_albums),
                (_BY_PLAYLISTS, by_playlists),
                (_BY_LISTENERS, by_listeners),
            ]

        return _blend(await self._database.read(query))[:_CANDIDATES]

    async def top_tracks_of(self, viewer: User, artist_id: str, count: int) -> tuple[Track, ...]:
        """Return the tracks of an artist that all users together play most, then the best rated.

        The viewer's own plays count twice.
        """
        return await self._database.read(
            tracks.of_artist, viewer.id, viewer.libraries, ArtistId(artist_id), count
        )


def _blend(ranked: Sequence[Ranked[Key]], *, chance: float = 0.0) -> list[Key]:
    """Make one order of several by what each adds to a thing, the best first.

    With `chance` a thing may come out as much higher as that is of a whole order's weight.
    """
    scores: dict[Key, float] = {}
    for weight, things in ranked:
        for rank, thing in enumerate(things):
            scores[thing] = scores.get(thing, 0.0) + weight * (1 - rank / len(things))
    if chance:
        for thing in scores:
            scores[thing] += random.random() * chance  # noqa: S311 - no secret: songs of a radio
    return sorted(scores, key=lambda thing: (-scores[thing], thing))


def _spread(found: Sequence[Track], count: int) -> tuple[Track, ...]:
    """Choose so many tracks in their order, with those behind that one artist has too many of."""
    most = max(2, count // 5)
    seen: Counter[str] = Counter()
    first: list[Track] = []
    rest: list[Track] = []
    for track in found:
        seen[track.display_artist] += 1
        (first if seen[track.display_artist] <= most else rest).append(track)
    return tuple([*first, *rest][:count])


def _visible(
    connection: Connection, viewer: User, identifier: str
) -> Artist | Album | Track | None:
    """Return what has this id; `None` if the viewer may not see it."""
    found: Album | Track | None
    match kind_of(identifier):
        case kind if kind == ARTIST:
            return artists.one(connection, viewer.id, viewer.libraries, identifier)
        case kind if kind == ALBUM:
            found = ALBUMS.one(connection, viewer.id, identifier)
        case kind if kind == TRACK:
            found = TRACKS.one(connection, viewer.id, identifier)
        case _:
            return None
    return found if found is not None and found.library_id in viewer.libraries else None


def _artist_of(thing: Artist | Album | Track | None) -> ArtistId | None:
    """Return the artist that something leads to."""
    if isinstance(thing, Artist):
        return thing.id
    return thing.artists[0].id if thing is not None and thing.artists else None
