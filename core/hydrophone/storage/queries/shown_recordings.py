"""Tracks that sources have shown, by what tells their recordings."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import ArtistId
from hydrophone.domain.music import Track
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.tables.remote import remote_track, remote_track_key

SEPARATOR = "\x1f"
_decode = msgspec.json.Decoder(Track).decode


def keys(track: Track) -> Iterator[str]:
    """Yield what another track of the same recording has in common with this one, or some of it.

    An artist with the title, the MusicBrainz recording id, each ISRC.
    """
    title = name_key(track.title)
    for credit in track.artists:
        yield artist_key(credit.id) + title
    if track.musicbrainz_id:
        yield SEPARATOR.join(("musicbrainz", track.musicbrainz_id))
    for code in track.isrcs:
        yield SEPARATOR.join(("isrc", code))


def artist_key(artist_id: ArtistId) -> str:
    """Return how the keys of an artist's titles begin."""
    return artist_id + SEPARATOR


def put(connection: Connection, tracks: Iterable[Track]) -> None:
    """Make tracks known by their keys; their rows are there already."""
    rows = [{"key": key, "track_id": track.id} for track in tracks for key in keys(track)]
    if rows:
        connection.execute(insert(remote_track_key).on_conflict_do_nothing(), rows)


def alike(connection: Connection, tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Return tracks (at most MAX_ROWS) that have a key in common with one of these."""
    asked = as_json({key for track in tracks for key in keys(track)})
    ids = select(remote_track_key.c.track_id).where(among(remote_track_key.c.key, asked))
    statement = select(remote_track.c.document).where(remote_track.c.id.in_(ids)).limit(MAX_ROWS)
    return tuple(map(_decode, connection.execute(statement).scalars()))
