"""What analyzers have heard, and what they have yet to hear."""

from array import array

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from hydrophone.domain.analysis import Analysis, GivenTag
from hydrophone.domain.ids import TrackId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.analysis import analysis
from hydrophone.storage.tables.music import track

_FLOAT = "f"
_features = msgspec.json.Decoder(dict[str, float]).decode
_tags = msgspec.json.Decoder(tuple[GivenTag, ...]).decode


class StoredAnalysis(Struct, frozen=True, kw_only=True):
    """What one analyzer has heard in a track."""

    analyzer: str
    """The name of the plugin's table in the configuration."""
    version: str
    made: Timestamp
    analysis: Analysis


def put(
    connection: Connection,
    track_id: str,
    analyzer: str,
    version: str,
    heard: Analysis,
    now: Timestamp,
) -> None:
    """Store what was heard in the place of what was there; not of a track that is gone."""
    if connection.execute(select(track.c.row).where(track.c.id == track_id)).first() is None:
        return
    values = {
        "version": version,
        "features": msgspec.json.encode(heard.features).decode(),
        "tags": msgspec.json.encode(heard.tags).decode(),
        "embedding": array(_FLOAT, heard.embedding).tobytes(),
        "made": now,
    }
    statement = insert(analysis).values(track_id=track_id, analyzer=analyzer, **values)
    keys = [analysis.c.track_id, analysis.c.analyzer]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def of_track(connection: Connection, track_id: str) -> tuple[StoredAnalysis, ...]:
    """Return what all analyzers have heard in a track, by their names."""
    rows = connection.execute(
        select(analysis).where(analysis.c.track_id == track_id).order_by(analysis.c.analyzer)
    )
    return tuple(
        StoredAnalysis(
            analyzer=row.analyzer,
            version=row.version,
            made=Timestamp(row.made),
            analysis=Analysis(
                features=_features(row.features),
                tags=_tags(row.tags),
                embedding=tuple(array(_FLOAT, row.embedding)),
            ),
        )
        for row in rows
    )


def lacking(
    connection: Connection, analyzer: str, version: str, after: int, limit: int
) -> tuple[tuple[int, TrackId], ...]:
    """Return row and id of the next tracks behind a row that this version has not heard."""
    rows = connection.execute(
        select(track.c.row, track.c.id)
        .where(
            track.c.row > after,
            track.c.missing_since.is_(None),
            ~exists().where(
                analysis.c.track_id == track.c.id,
                analysis.c.analyzer == analyzer,
                analysis.c.version == version,
            ),
        )
        .order_by(track.c.row)
        .limit(limit)
    )
    return tuple((row.row, TrackId(row.id)) for row in rows)


def count_lacking(connection: Connection, analyzer: str, version: str) -> int:
    """Return how many tracks this version has not heard."""
    heard = select(func.count()).where(
        analysis.c.analyzer == analyzer,
        analysis.c.version == version,
        track.c.id == analysis.c.track_id,
        track.c.missing_since.is_(None),
    )
    everything = select(func.count()).where(track.c.missing_since.is_(None))
    return connection.execute(everything).scalar_one() - connection.execute(heard).scalar_one()
