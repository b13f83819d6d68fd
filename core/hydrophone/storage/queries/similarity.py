"""What is near to what, as far as the library itself can tell: genres, company, listeners.

What is near comes in its order, the nearest first, and is weighed against others by its rank.
Only what lies in the asked libraries is ever counted.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    or_,
    select,
)

from hydrophone.domain.ids import AlbumId, ArtistId, TrackId, UserId
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import (
    album,
    album_artist,
    track,
    track_artist,
    track_genre,
)
from hydrophone.storage.tables.playlist import playlist, playlist_track

_FEWEST_LISTENERS = 3
"""Of fewer nobody is told what they have in common: they might be guessed."""
_MOST_PLAYLISTS = 10
"""Playlists with a thing that are looked at, always the same ones; each may be long."""
_MOST_TOGETHER = 12
"""Artists on one album; on a sampler with more, company means nothing."""


def genres_of_artist(artist_id: ArtistId) -> Select[Any]:
    """Select the genres of all that an artist is on."""
    return (
        select(track_genre.c.genre_key)
        .join(track_artist, track_artist.c.track_id == track_genre.c.track_id)
        .where(track_artist.c.artist_id == artist_id)
    )


def genres_of_album(album_id: AlbumId) -> Select[Any]:
    """Select the genres of an album's tracks."""
    return (
        select(track_genre.c.genre_key)
        .join(track, track.c.id == track_genre.c.track_id)
        .where(track.c.album_id == album_id)
    )


def genres_of_track(track_id: TrackId) -> Select[Any]:
    """Select a track's genres."""
    return select(track_genre.c.genre_key).where(track_genre.c.track_id == track_id)


def keys_of(connection: Connection, genres: Select[Any]) -> set[str]:
    """Return the keys of some genres."""
    return set(connection.execute(genres).scalars())


def artists_of_albums(connection: Connection, rows: Collection[int]) -> list[tuple[int, ArtistId]]:
    """Return (album's row, album artist) for each artist of these albums."""
    statement = (
        select(album.c.row, album_artist.c.artist_id)
        .join(album_artist, album_artist.c.album_id == album.c.id)
        .where(among(album.c.row, as_json(rows)))
    )
    return [(row, artist_id) for row, artist_id in connection.execute(statement).all()]


def artists_by_albums(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId, limit: int
) -> list[ArtistId]:
    """Return artists who are on the same albums: guests, partners in a duo."""
    here = select(track.c.album_id).where(
        tracks.is_there(libraries),
        track.c.id.in_(
            select(track_artist.c.track_id).where(track_artist.c.artist_id == artist_id)
        ),
    )
    company = (
        select(track.c.album_id)
        .join(track_artist, track_artist.c.track_id == track.c.id)
        .where(track.c.album_id.in_(here), track_artist.c.role == "artist")
        .group_by(track.c.album_id)
        .having(func.count(track_artist.c.artist_id.distinct()) <= _MOST_TOGETHER)
    )
    statement = (
        select(track_artist.c.artist_id)
        .join(track, track.c.id == track_artist.c.track_id)
        .where(
            track.c.album_id.in_(company),
            tracks.is_there(libraries),
            track_artist.c.role == "artist",
            track_artist.c.artist_id != artist_id,
        )
        .group_by(track_artist.c.artist_id)
        .order_by(func.count(track.c.album_id.distinct()).desc(), track_artist.c.artist_id)
    )
    return _ids(connection, statement, limit)


def artists_by_playlists(
    connection: Connection,
    viewer: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    limit: int,
) -> list[ArtistId]:
    """Return artists who are in the same playlists, of those that the viewer may see."""
    credited = track_artist.alias()
    with_artist = (
        select(playlist_track.c.playlist_id)
        .join(credited, credited.c.track_id == playlist_track.c.track_id)
        .where(credited.c.artist_id == artist_id, _may_see(viewer))
        .distinct()
        .order_by(playlist_track.c.playlist_id)
        .limit(_MOST_PLAYLISTS)
    )
    statement = (
        select(track_artist.c.artist_id)
        .join(playlist_track, playlist_track.c.track_id == track_artist.c.track_id)
        .join(track, track.c.id == track_artist.c.track_id)
        .where(
            playlist_track.c.playlist_id.in_(with_artist),
            tracks.is_there(libraries),
            track_artist.c.role == "artist",
            track_artist.c.artist_id != artist_id,
        )
        .group_by(track_artist.c.artist_id)
        .order_by(
            func.count(playlist_track.c.playlist_id.distinct()).desc(), track_artist.c.artist_id
        )
    )
    return _ids(connection, statement, limit)


def artists_by_listeners(
    connection: Connection, viewer: UserId, artist_id: ArtistId, limit: int
) -> list[ArtistId]:
    """Return artists whom the same users play, if these are some or include the viewer.

    They may be in libraries that the viewer does not see, and are only ids.
    """
    also, theirs = annotation.alias(), annotation.alias()
    is_enough = or_(func.count() >= _FEWEST_LISTENERS, func.max(also.c.user_id == viewer).is_(True))
    statement = (
        select(also.c.item_id)
        .join(theirs, theirs.c.user_id == also.c.user_id)
        .where(
            theirs.c.item_id == artist_id,
            theirs.c.play_count > 1,
            also.c.play_count > 1,
            also.c.item_id.startswith("ar-"),
            also.c.item_id != artist_id,
        )
        .group_by(also.c.item_id)
        .having(is_enough)
        .order_by(func.count().desc(), also.c.item_id)
    )
    return _ids(connection, statement, limit)


def tracks_by_playlists(
    connection: Connection,
    viewer: UserId,
    libraries: Collection[int],
    subject: Select[Any],
    limit: int,
) -> list[int]:
    """Return rows of tracks in the same playlists as a subject's, of those the viewer may see."""
    with_subject = (
        select(playlist_track.c.playlist_id)
        .where(playlist_track.c.track_id.in_(subject), _may_see(viewer))
        .distinct()
        .order_by(playlist_track.c.playlist_id)
        .limit(_MOST_PLAYLISTS)
    )
    statement = (
        select(track.c.row)
        .join(playlist_track, playlist_track.c.track_id == track.c.id)
        .where(playlist_track.c.playlist_id.in_(with_subject), tracks.is_there(libraries))
        .group_by(track.c.row)
        .order_by(func.count(playlist_track.c.playlist_id.distinct()).desc(), func.random())
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def tracks_of_artists(
    connection: Connection, libraries: Collection[int], artist_ids: Collection[str], limit: int
) -> list[int]:
    """Draw rows of tracks of some artists."""
    credited = select(track_artist.c.track_id).where(
        track_artist.c.artist_id.in_(artist_ids), track_artist.c.role == "artist"
    )
    statement = (
        select(track.c.row)
        .where(track.c.id.in_(credited), tracks.is_there(libraries))
        .order_by(func.random())
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def tracks_of(identifier: str) -> Select[Any]:
    """Select the ids of the tracks that an id of a track, an album or an artist stands for."""
    if identifier.startswith("ar-"):
        return select(track_artist.c.track_id).where(
            track_artist.c.artist_id == identifier, track_artist.c.role == "artist"
        )
    return select(track.c.id).where(or_(track.c.id == identifier, track.c.album_id == identifier))


def _may_see(viewer: UserId) -> ColumnElement[bool]:
    visible = select(playlist.c.id).where(or_(playlist.c.owner_id == viewer, playlist.c.is_public))
    return playlist_track.c.playlist_id.in_(visible)


def _ids(connection: Connection, statement: Select[Any], limit: int) -> list[ArtistId]:
    return list(connection.execute(statement.limit(limit)).scalars())
