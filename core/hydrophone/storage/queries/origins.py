"""Where music comes from, as numbers."""

from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.storage_use import SourceUse
from hydrophone.domain.units import ByteCount
from hydrophone.storage.queries.native_ids import LOCAL, PART
from hydrophone.storage.tables.cache import cached_file
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.origin import origin


def uses(connection: Connection) -> tuple[SourceUse, ...]:
    """Return how many files there are here of each library, and of each source."""
    native_id = origin.c.native_id
    # Tracks that a CUE sheet cuts out of a file each have all of its size.
    is_file = native_id.not_like(f"%{PART}%") | native_id.like(f"%{PART}1")
    own = (
        select(origin.c.source, origin.c.library_id, func.count(), func.sum(origin.c.size))
        .where(origin.c.source == LOCAL, is_file)
        .group_by(origin.c.library_id)
        .order_by(origin.c.library_id)
    )
    copies = (
        select(cached_file.c.source, library.c.id, func.count(), func.sum(origin.c.size))
        .join(origin, origin.c.row == cached_file.c.origin_row)
        .outerjoin(library, library.c.source == cached_file.c.source)
        .group_by(cached_file.c.source, library.c.id)
        .order_by(cached_file.c.source)
    )
    return tuple(
        SourceUse(
            source=source,
            library_id=None if library_id is None else LibraryId(library_id),
            files=files,
            used=ByteCount(used),
        )
        for statement in (own, copies)
        for source, library_id, files, used in connection.execute(statement)
    )
