"""What is near to what, as far as the library itself can tell: genres, company, listeners.

What is near comes in its order, the nearest first, and is weighed against others by its rank.
Only what lies in the asked libraries is ever counted.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, ArtistId, UserId, kind_of
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.annotated import of_kind
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.unindexed import unindexed
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
"""Playlists with a thing that are looked at, always the same ones."""
_NEAR = 100
"""Places before and behind a thing, where it stands first, that are its company in a playlist."""
_MOST_TOGETHER = 12
"""Artists on one album; on a sampler with more, company means nothing."""

_ARTIST: BindParameter[ArtistId] = bindparam("artist")
_SUBJECT: BindParameter[str] = bindparam("subject")
_VIEWER: BindParameter[UserId] = bindparam("viewer")
_LIBRARIES: BindParameter[Collection[int]] = bindparam("libraries", expanding=True)
_LIMIT: BindParameter[int] = bindparam("limit")


def _in_company() -> Select[Any]:
    here = select(track.c.album_id).where(
        tracks.is_there(_LIBRARIES),
        track.c.id.in_(select(track_artist.c.track_id).where(track_artist.c.artist_id == _ARTIST)),
    )
    company = (
        select(track.c.album_id)
        .join(track_artist, track_artist.c.track_id == track.c.id)
        .where(track.c.album_id.in_(here), track_artist.c.role == "artist")
        .group_by(track.c.album_id)
        .having(func.count(track_artist.c.artist_id.distinct()) <= _MOST_TOGETHER)
    )
    return (
        select(track_artist.c.artist_id)
        .join(track, track.c.id == track_artist.c.track_id)
        .where(
            track.c.album_id.in_(company),
            tracks.is_there(_LIBRARIES),
            track_artist.c.role == "artist",
            track_artist.c.artist_id != _ARTIST,
        )
        .group_by(track_artist.c.artist_id)
        .order_by(func.count(track.c.album_id.distinct()).desc(), track_artist.c.artist_id)
        .limit(_LIMIT)
    )


def _in_same_playlists() -> Select[Any]:
    theirs = select(track_artist.c.track_id).where(track_artist.c.artist_id == _ARTIST)
    near = _near_in_playlists(theirs)
    return (
        select(track_artist.c.artist_id)
        .join(near, near.c.track_id == track_artist.c.track_id)
        .join(track, track.c.id == near.c.track_id)
        .where(
            tracks.is_there(_LIBRARIES),
            track_artist.c.role == "artist",
            track_artist.c.artist_id != _ARTIST,
        )
        .group_by(track_artist.c.artist_id)
        .order_by(func.count(near.c.playlist_id.distinct()).desc(), track_artist.c.artist_id)
        .limit(_LIMIT)
    )


def _with_same_listeners() -> Select[Any]:
    also, theirs = annotation.alias(), annotation.alias()
    is_enough = or_(
        func.count() >= _FEWEST_LISTENERS, func.max(also.c.user_id == _VIEWER).is_(True)
    )
    return (
        select(also.c.item_id)
        .join(theirs, theirs.c.user_id == also.c.user_id)
        .where(
            theirs.c.item_id == _ARTIST,
            theirs.c.play_count > 1,
            also.c.play_count > 1,
            of_kind(ARTIST, also),
            also.c.item_id != _ARTIST,
        )
        .group_by(also.c.item_id)
        .having(is_enough)
        .order_by(func.count().desc(), also.c.item_id)
        .limit(_LIMIT)
    )


def _tracks_in_same_playlists(subject: Select[Any]) -> Select[Any]:
    near = _near_in_playlists(subject)
    return (
        select(track.c.row)
        .join(near, near.c.track_id == track.c.id)
        .where(tracks.is_there(_LIBRARIES))
        .group_by(track.c.row)
        .order_by(func.count(near.c.playlist_id.distinct()).desc(), func.random())
        .limit(_LIMIT)
    )


def _near_in_playlists(subject: Select[Any]) -> Subquery:
    """Select what stands near to one of these tracks in playlists that the viewer may see.

    A playlist may have 100,000 tracks, of which those that stand together have more in common.
    """
    visible = select(playlist.c.id).where(or_(playlist.c.owner_id == _VIEWER, playlist.c.is_public))
    first = (
        select(playlist_track.c.playlist_id, func.min(playlist_track.c.position).label("position"))
        .where(
            playlist_track.c.track_id.in_(subject),
            # By the index of tracks, for by that of playlists all are gone through.
            unindexed(playlist_track.c.playlist_id).in_(visible),
        )
        .group_by(playlist_track.c.playlist_id)
        .order_by(playlist_track.c.playlist_id)
        .limit(_MOST_PLAYLISTS)
        .subquery()
    )
    near = playlist_track.alias()
    start, end = first.c.position - _NEAR, first.c.position + _NEAR
    is_near = and_(near.c.playlist_id == first.c.playlist_id, near.c.position.between(start, end))
    return select(near.c.playlist_id, near.c.track_id).join(first, is_near).subquery()


# Made once: putting such statements together takes longer than running some of them.
_OF_SUBJECT = {
    ARTIST: select(track_genre.c.genre_key)
    .join(track_artist, track_artist.c.track_id == track_genre.c.track_id)
    .where(track_artist.c.artist_id == _SUBJECT),
    ALBUM: select(track_genre.c.genre_key)
    .join(track, track.c.id == track_genre.c.track_id)
    .where(track.c.album_id == _SUBJECT),
    TRACK: select(track_genre.c.genre_key).where(track_genre.c.track_id == _SUBJECT),
}
_ARTISTS_OF_ALBUMS = (
    select(album.c.row, album_artist.c.artist_id)
    .join(album_artist, album_artist.c.album_id == album.c.id)
    .where(among(album.c.row, bindparam("rows")))
)
_IN_COMPANY = _in_company()
_IN_SAME_PLAYLISTS = _in_same_playlists()
_WITH_SAME_LISTENERS = _with_same_listeners()
_TRACKS_WITH_ARTIST = _tracks_in_same_playlists(
    select(track_artist.c.track_id).where(
        track_artist.c.artist_id == _SUBJECT, track_artist.c.role == "artist"
    )
)
_TRACKS_WITH_TRACK = _tracks_in_same_playlists(
    select(track.c.id).where(or_(track.c.id == _SUBJECT, track.c.album_id == _SUBJECT))
)
_TRACKS_OF_ARTISTS = (
    select(track.c.row)
    .where(
        track.c.id.in_(
            select(track_artist.c.track_id).where(
                among(track_artist.c.artist_id, bindparam("artists")),
                track_artist.c.role == "artist",
            )
        ),
        tracks.is_there(_LIBRARIES),
    )
    .order_by(func.random())
    .limit(_LIMIT)
)


def genres_of(connection: Connection, identifier: str) -> set[str]:
    """Return the keys of the genres of a track, an album's tracks or all that an artist is on."""
    statement = _OF_SUBJECT[kind_of(identifier)]
    return set(connection.execute(statement, {"subject": identifier}).scalars())


def artists_of_albums(connection: Connection, rows: Collection[int]) -> list[tuple[int, ArtistId]]:
    """Return (album's row, album artist) for each artist of these albums."""
    found = connection.execute(_ARTISTS_OF_ALBUMS, {"rows": as_json(rows)}).all()
    return [(row, artist_id) for row, artist_id in found]


def artists_by_albums(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId, limit: int
) -> list[ArtistId]:
    """Return artists who are on the same albums: guests, partners in a duo."""
    values = {"libraries": libraries, "artist": artist_id, "limit": limit}
    return list(connection.execute(_IN_COMPANY, values).scalars())


def artists_by_playlists(
    connection: Connection,
    viewer: UserId,
    libraries: Collection[int],
    artist_id: ArtistId,
    limit: int,
) -> list[ArtistId]:
    """Return artists who are in the same playlists, of those that the viewer may see."""
    values = {"viewer": viewer, "libraries": libraries, "artist": artist_id, "limit": limit}
    return list(connection.execute(_IN_SAME_PLAYLISTS, values).scalars())


def artists_by_listeners(
    connection: Connection, viewer: UserId, artist_id: ArtistId, limit: int
) -> list[ArtistId]:
    """Return artists whom the same users play, if these are some or include the viewer.

    They may be in libraries that the viewer does not see, and are only ids.
    """
    values = {"viewer": viewer, "artist": artist_id, "limit": limit}
    return list(connection.execute(_WITH_SAME_LISTENERS, values).scalars())


def tracks_by_playlists(
    connection: Connection,
    viewer: UserId,
    libraries: Collection[int],
    identifier: str,
    limit: int,
) -> list[int]:
    """Return rows of tracks in the same playlists as a track, an album or an artist.

    Only in playlists that the viewer may see.
    """
    is_artist = kind_of(identifier) == ARTIST
    statement = _TRACKS_WITH_ARTIST if is_artist else _TRACKS_WITH_TRACK
    values = {"viewer": viewer, "libraries": libraries, "subject": identifier, "limit": limit}
    return list(connection.execute(statement, values).scalars())


def tracks_of_artists(
    connection: Connection, libraries: Collection[int], artist_ids: Collection[str], limit: int
) -> list[int]:
    """Draw rows of tracks of some artists."""
    values = {"libraries": libraries, "artists": as_json(artist_ids), "limit": limit}
    return list(connection.execute(_TRACKS_OF_ARTISTS, values).scalars())
