"""Where pictures are to be found."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from hydrophone.domain.ids import ArtistId, ArtworkId, FolderId
from hydrophone.storage.queries import albums
from hydrophone.storage.tables.library import artwork, folder
from hydrophone.storage.tables.music import album, album_artist, track


def location(connection: Connection, artwork_id: str) -> tuple[int, str] | None:
    """Return (library id, escaped path) of the file that is or holds a picture."""
    row = connection.execute(
        select(artwork.c.library_id, artwork.c.path).where(artwork.c.id == artwork_id)
    ).one_or_none()
    return None if row is None else (row.library_id, row.path)


def of_artist(
    connection: Connection, libraries: Collection[int], artist_id: ArtistId
) -> ArtworkId | None:
    """Return the picture of an artist's newest album that has one."""
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
