"""Where music comes from, as numbers."""

from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.storage_use import SourceUse
from hydrophone.domain.units import ByteCount
from hydrophone.storage.queries.native_ids import LOCAL, PART
from hydrophone.storage.tables.origin import origin


def uses(connection: Connection) -> tuple[SourceUse, ...]:
    """Return how many bytes are known of each source and library."""
    # Tracks that a CUE sheet cuts out of a file each have all of its size.
    native_id = origin.c.native_id
    file = (
        native_id.not_like(f"%{PART}%") | native_id.like(f"%{PART}1") | (origin.c.source != LOCAL)
    )
    rows = connection.execute(
        select(origin.c.source, origin.c.library_id, func.count(), func.sum(origin.c.size))
        .where(file)
        .group_by(origin.c.source, origin.c.library_id)
        .order_by(origin.c.source, origin.c.library_id)
    )
    return tuple(
        SourceUse(
            source=source,
            library_id=None if library_id is None else LibraryId(library_id),
            files=files,
            used=ByteCount(used),
        )
        for source, library_id, files, used in rows
    )
