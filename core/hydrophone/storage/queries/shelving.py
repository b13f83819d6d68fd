"""Makes what a source has shown a part of the library, under the ids by which it was shown."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Album, Artist, ArtistRef
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import catalogue, counters, indexing, remote
from hydrophone.storage.queries.catalogue import TrackRecord
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.remote import FoundAlbum, FoundTrack
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.storage.tables.origin import origin


def shelve(
    connection: Connection,
    track_ids: Sequence[str],
    album_ids: Sequence[str],
    artist_ids: Sequence[str],
    now: Timestamp,
) -> None:
    """Make ordinary rows of these (at most MAX_ROWS of each), and of what they belong to.

    What is in the library already stays as it is there. It came into the library now.
    """
    # Another may have been quicker, and its file have told more by now.
    here = _among(connection, track, track_ids)
    tracks = remote.found_tracks(connection, [one for one in track_ids if one not in here])
    of_tracks = {found.track.album_id for found in tracks}
    albums = remote.found_albums(connection, [*{*album_ids, *of_tracks}])
    _put_artists(connection, artist_ids, tracks, albums)
    _put_albums(connection, albums, now)
    catalogue.put_tracks(
        connection,
        [
            TrackRecord(
                track=replace(found.track, created=now),
                # No audio is known of it: it is equal to nothing.
                fingerprint=f"remote:{found.track.id}",
                own_artwork_id=None,
            )
            for found in tracks
        ],
    )
    indexing.index_tracks(connection, [found.track for found in tracks])
    _put_origins(connection, tracks)
    counters.bump(connection, counters.LIBRARY, now)


def _put_artists(
    connection: Connection,
    artist_ids: Sequence[str],
    tracks: Iterable[FoundTrack],
    albums: Iterable[FoundAlbum],
) -> None:
    credits_: dict[ArtistId, ArtistRef] = {}
    for one in tracks:
        for credit in (*one.track.artists, *one.track.album_artists):
            credits_.setdefault(credit.id, credit)
    for found in albums:
        for credit in found.album.artists:
            credits_.setdefault(credit.id, credit)
    wanted = [*{*artist_ids, *credits_}]
    known = _among(connection, artist, wanted)
    shown = remote.artists_by_ids(connection, _sources(connection), wanted)
    new = [
        shown.get(one) or Artist(id=credits_[ArtistId(one)].id, name=credits_[ArtistId(one)].name)
        for one in wanted
        if one not in known
    ]
    catalogue.put_artists(connection, new)


def _put_albums(connection: Connection, found: Sequence[FoundAlbum], now: Timestamp) -> None:
    known = _among(connection, album, [one.album.id for one in found])
    new: list[Album] = []
    for one in found:
        if one.album.id not in known:
            # Lists leave out albums without tracks; those of this one may not be known yet.
            count = max(1, one.album.track_count)
            new.append(replace(one.album, created=now, track_count=count))
            catalogue.put_album(connection, one.album.id, new[-1])
    indexing.index_albums(connection, new)


def _put_origins(connection: Connection, tracks: Sequence[FoundTrack]) -> None:
    sources = _sources(connection)
    rows = [
        {
            "source": sources[found.track.library_id],
            "native_id": found.native_id,
            "track_id": found.track.id,
            "size": found.track.size,
            "mtime_ns": 0,
            "ctime_ns": 0,
        }
        for found in tracks
    ]
    if rows:
        statement = insert(origin)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "native_id"],
                set_={"track_id": statement.excluded.track_id},
            ),
            rows,
        )


def _among(connection: Connection, table: Table, identifiers: Sequence[str]) -> set[str]:
    """Return which of these ids the library has."""
    statement = select(table.c.id).where(among(table.c.id, as_json(identifiers)))
    return set(connection.execute(statement).scalars())


def _sources(connection: Connection) -> dict[int, str]:
    """Return {library: instance of the plugin} of all sources."""
    statement = select(library.c.id, library.c.source).where(library.c.source.is_not(None))
    return {row.id: row.source for row in connection.execute(statement)}
