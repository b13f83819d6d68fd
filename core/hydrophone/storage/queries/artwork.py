"""Where pictures are to be found."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, Row, func, select

from hydrophone.domain.ids import ArtistId, ArtworkId, FolderId, PlaylistId
from hydrophone.domain.rules import Rules
from hydrophone.storage.connection import snapshot
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import albums, tracks
from hydrophone.storage.queries.rules import Viewpoint, select_rows
from hydrophone.storage.tables.library import artwork, folder
from hydrophone.storage.tables.music import album, album_artist, track
from hydrophone.storage.tables.playlist import playlist_track
from hydrophone.storage.tables.podcast import podcast_channel
from hydrophone.storage.tables.video import video

_MOST_FOLDERS = 100
"""That are looked at for an artist's picture; Various Artists have thousands."""
_FIRST_TRACKS = 100
"""Of a smart playlist, that are looked at for its picture."""


def location(connection: Connection, artwork_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped path) of the file that is or holds a picture."""
    row = connection.execute(
        select(artwork.c.library_id, artwork.c.path).where(artwork.c.id == artwork_id)
    ).one_or_none()
    return None if row is None else (row.library_id, row.path)


def is_visible(connection: Connection, libraries: Collection[int], artwork_id: str) -> bool:
    """Say whether a picture is a podcast's or one of these libraries'; equal ones have one id."""
    shown_by = (
        select(artwork.c.id).where(artwork.c.id == artwork_id, artwork.c.library_id.in_(libraries)),
        select(track.c.id).where(
            track.c.artwork_id == artwork_id, track.c.library_id.in_(libraries)
        ),
        select(folder.c.id).where(
            folder.c.artwork_id == artwork_id, folder.c.library_id.in_(libraries)
        ),
        select(video.c.id).where(
            video.c.artwork_id == artwork_id, video.c.library_id.in_(libraries)
        ),
        select(podcast_channel.c.id).where(podcast_channel.c.artwork_id == artwork_id),
    )
    return any(
        connection.execute(statement.limit(1)).one_or_none() is not None for statement in shown_by
    )


def portrait(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId, name: str
) -> ArtworkId | None:
    """Return the picture in an artist's folder.

    An artist's folder is above that of an album and has the artist's name, or a picture that is
    called `artist`.
    """
    for place in _above_albums(connection, libraries, artist_id):
        if place.cover.lower().startswith("artist.") or name_key(place.name) == name_key(name):
            return ArtworkId(place.artwork_id)
    return None


def newest_cover(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId
) -> ArtworkId | None:
    """Return the picture of the newest album of an artist that has one."""
    statement = (
        select(album.c.artwork_id)
        .join(album_artist, album_artist.c.album_id == album.c.id)
        .where(
            album_artist.c.artist_id == artist_id,
            albums.is_there(libraries),
            album.c.artwork_id.is_not(None),
        )
        .order_by(album.c.year.desc(), album.c.row)
        .limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def _above_albums(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId
) -> Sequence[Row[str, str, str]]:
    """Return name, cover and picture of the folders one and two above an artist's tracks."""
    parent = folder.alias("parent")
    statement = (
        select(parent.c.id, parent.c.parent_id)
        .join(folder, folder.c.parent_id == parent.c.id)
        .join(track, track.c.folder_id == folder.c.id)
        .join(album_artist, album_artist.c.album_id == track.c.album_id)
        .where(album_artist.c.artist_id == artist_id, tracks.is_there(libraries))
        .distinct()
        .limit(_MOST_FOLDERS)
    )
    above = {above for row in connection.execute(statement) for above in row}
    return connection.execute(
        select(folder.c.name, folder.c.cover, folder.c.artwork_id)
        .where(folder.c.id.in_(above), folder.c.artwork_id.is_not(None))
        .order_by(folder.c.path)
    ).all()


def of_folder(connection: Connection, folder_id: FolderId) -> ArtworkId | None:
    """Return a folder's own picture, else that of its first track with one."""
    own = connection.execute(
        select(folder.c.artwork_id).where(folder.c.id == folder_id)
    ).scalar_one_or_none()
    if own is not None:
        return ArtworkId(own)
    return connection.execute(
        select(track.c.artwork_id)
        .where(track.c.folder_id == folder_id, track.c.artwork_id.is_not(None))
        .order_by(track.c.row)
        .limit(1)
    ).scalar_one_or_none()


def of_playlist(
    connection: Connection, libraries: Collection[int], playlist_id: PlaylistId, limit: int
) -> list[ArtworkId]:
    """Return so many different pictures of a playlist's tracks, the first ones."""
    statement = (
        select(track.c.artwork_id)
        .join(playlist_track, playlist_track.c.track_id == track.c.id)
        .where(
            playlist_track.c.playlist_id == playlist_id,
            track.c.hidden.is_(False),
            track.c.library_id.in_(libraries),
            track.c.artwork_id.is_not(None),
        )
        .group_by(track.c.artwork_id)
        .order_by(func.min(playlist_track.c.position))
        .limit(limit)
    )
    return [ArtworkId(found) for found in connection.execute(statement).scalars()]


def of_rules(connection: Connection, rules: Rules, view: Viewpoint, limit: int) -> list[ArtworkId]:
    """Return so many different pictures of the first tracks of a smart playlist."""
    few = msgspec.structs.replace(rules, limit=min(rules.limit, _FIRST_TRACKS))
    with snapshot(connection):
        chosen = select_rows(connection, few, view).subquery()
        statement = select(track.c.artwork_id).where(
            track.c.row.in_(select(chosen.c.row)), track.c.artwork_id.is_not(None)
        )
        found = connection.execute(statement.distinct().order_by(track.c.artwork_id).limit(limit))
        return [ArtworkId(one) for one in found.scalars()]
