"""Links between tracks that are one recording, and a person's word that two are not."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.ids import ArtistId, TrackId
from hydrophone.domain.music import Album, Track
from hydrophone.domain.recording import LinkKind, RecordingLink
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.queries.json_list import among, as_json
from hydrophone.storage.queries.tracks import is_there
from hydrophone.storage.tables.music import album, track, track_artist
from hydrophone.storage.tables.remote import recording_link, remote_album, remote_track

_decode = msgspec.json.Decoder(Track).decode
_decode_album = msgspec.json.Decoder(Album).decode


def put(
    connection: Connection,
    found: Mapping[tuple[TrackId, TrackId], LinkKind],
    now: Timestamp,
) -> None:
    """Link tracks; what a person has said of two of them stays, unless a person says otherwise."""
    rows = [
        {"a": min(pair), "b": max(pair), "kind": kind.value, "created": now}
        for pair, kind in found.items()
    ]
    if not rows:
        return
    statement = insert(recording_link)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["a", "b"],
            set_={"kind": statement.excluded.kind, "created": statement.excluded.created},
            where=_is_final(statement.excluded.kind) | ~_is_final(recording_link.c.kind),
        ),
        rows,
    )


def move(connection: Connection, old: TrackId, new: TrackId) -> None:
    """Hand the links of one track to another; what is said of that one already stays."""
    for link in of(connection, [old]):
        other = link.b if link.a == old else link.a
        if other != new:
            values = {"a": min(new, other), "b": max(new, other)}
            statement = insert(recording_link).values(
                **values, kind=link.kind, created=link.created
            )
            connection.execute(statement.on_conflict_do_nothing())
    connection.execute(
        recording_link.delete().where((recording_link.c.a == old) | (recording_link.c.b == old))
    )


def of(connection: Connection, identifiers: Sequence[str]) -> tuple[RecordingLink, ...]:
    """Return all links of these tracks (at most MAX_ROWS), the latest first."""
    rows = connection.execute(
        select(recording_link)
        .where(_touches(as_json(identifiers)))
        .order_by(recording_link.c.created.desc(), recording_link.c.a, recording_link.c.b)
    )
    return tuple(
        RecordingLink(
            a=TrackId(row.a),
            b=TrackId(row.b),
            kind=LinkKind(row.kind),
            created=Timestamp(row.created),
        )
        for row in rows
    )


def with_better(
    connection: Connection, identifiers: Collection[str], libraries: Collection[int]
) -> set[str]:
    """Return which of these tracks are the same recording as another that the libraries have."""
    asked = as_json(identifiers)

    def one_way(mine: ColumnElement[str], other: ColumnElement[str]) -> Select[str]:
        return (
            select(mine)
            .join(track, track.c.id == other)
            .where(
                among(mine, asked),
                recording_link.c.kind != LinkKind.DIFFERENT,
                is_there(libraries),
            )
        )

    a, b = recording_link.c.a, recording_link.c.b
    return {
        found
        for statement in (one_way(a, b), one_way(b, a))
        for found in connection.execute(statement).scalars()
    }


def gone(connection: Connection, identifiers: Collection[str]) -> set[str]:
    """Return which of these tracks were in the library and are missing."""
    statement = select(track.c.id).where(
        among(track.c.id, as_json(identifiers)), track.c.missing_since.is_not(None)
    )
    return set(connection.execute(statement).scalars())


def remove(connection: Connection, one: str, other: str) -> bool:
    """Forget what is known or said of two tracks; say if that was anything."""
    pair = (recording_link.c.a == min(one, other)) & (recording_link.c.b == max(one, other))
    return connection.execute(recording_link.delete().where(pair)).rowcount > 0


def forget_found(connection: Connection) -> None:
    """Forget links of tracks that nobody knows any more; what a person has said stays."""
    known = [
        exists().where(track.c.id == end) | exists().where(remote_track.c.id == end)
        for end in (recording_link.c.a, recording_link.c.b)
    ]
    connection.execute(
        recording_link.delete().where(~_is_final(recording_link.c.kind), ~and_(*known))
    )


def candidates(
    connection: Connection,
    artists: Iterable[ArtistId],
    name_keys: Iterable[str],
    recording_ids: Iterable[str],
    isrcs: Iterable[str],
) -> tuple[Track, ...]:
    """Return tracks of the library by these artists that have one of the titles or codes."""
    theirs = select(track_artist.c.track_id).where(
        among(track_artist.c.artist_id, as_json(artists)), track_artist.c.role == "artist"
    )
    codes = func.json_each(track.c.document, "$.isrcs").table_valued("value")
    has_code = select(codes.c.value).where(among(codes.c.value, as_json(isrcs))).exists()
    recording = func.json_extract(track.c.document, "$.musicbrainz_id")
    statement = (
        select(track.c.document)
        .where(
            track.c.id.in_(theirs),
            track.c.missing_since.is_(None),
            or_(
                among(track.c.name_key, as_json(name_keys)),
                among(recording, as_json(recording_ids)),
                has_code,
            ),
        )
        .limit(MAX_ROWS)
    )
    return tuple(map(_decode, connection.execute(statement).scalars()))


def albums(connection: Connection, identifiers: Sequence[str]) -> dict[str, Album]:
    """Return albums (at most MAX_ROWS) by id, of the library or as sources have shown them."""
    asked = as_json(identifiers)
    found = (
        connection.execute(select(it.c.id, it.c.document).where(among(it.c.id, asked)))
        for it in (remote_album, album)
    )
    return {row[0]: _decode_album(row[1]) for rows in found for row in rows}


def _is_final(kind: ColumnElement[str]) -> ColumnElement[bool]:
    # IN would be written anew for each row, which SQLAlchemy refuses for several at once.
    return or_(kind == LinkKind.MANUAL.value, kind == LinkKind.DIFFERENT.value)


def _touches(asked: str) -> ColumnElement[bool]:
    return or_(among(recording_link.c.a, asked), among(recording_link.c.b, asked))
