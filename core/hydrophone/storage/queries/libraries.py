"""Library roots as the database knows them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.music import track


def register(connection: Connection, configured: Sequence[tuple[str, str]]) -> tuple[Library, ...]:
    """Give an id to each configured (name, path) and return them in this order.

    A library is known by its name: with another path it keeps its id and all that is in it.
    """
    found = []
    for name, path in configured:
        library_id = connection.execute(
            select(library.c.id).where(library.c.name == name)
        ).scalar_one_or_none()
        if library_id is None:
            library_id = connection.execute(
                library.insert().values(name=name, path=path).returning(library.c.id)
            ).scalar_one()
        else:
            connection.execute(library.update().where(library.c.id == library_id).values(path=path))
        found.append(Library(id=LibraryId(library_id), name=name, path=path))
    return tuple(found)


def state(connection: Connection) -> tuple[int, Timestamp | None, str]:
    """Return (number of tracks, time of the last scan, problem of the last scan)."""
    tracks = connection.execute(
        select(func.count()).select_from(track).where(track.c.missing_since.is_(None))
    ).scalar_one()
    scanned = connection.execute(select(func.max(library.c.scanned))).scalar_one()
    problems = connection.execute(
        select(library.c.problem).where(library.c.problem != "").order_by(library.c.id)
    ).scalars()
    return tracks, None if scanned is None else Timestamp(scanned), " ".join(problems)
