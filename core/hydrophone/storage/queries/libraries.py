"""Library roots as the database knows them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, LibraryStatus
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


def everything(connection: Connection) -> tuple[Library, ...]:
    """Return all libraries that ever were configured, by id."""
    rows = connection.execute(
        select(library.c.id, library.c.name, library.c.path).order_by(library.c.id)
    )
    return tuple(Library(**row._asdict()) for row in rows)


def state(
    connection: Connection,
) -> tuple[dict[LibraryId, int], Timestamp | None, str]:
    """Return (number of tracks by library, time of the last scan, problem of the last scan)."""
    counted = connection.execute(
        select(track.c.library_id, func.count())
        .where(track.c.missing_since.is_(None))
        .group_by(track.c.library_id)
    )
    tracks = {LibraryId(library_id): count for library_id, count in counted}
    scanned = connection.execute(select(func.max(library.c.scanned))).scalar_one()
    problems = connection.execute(
        select(library.c.problem).where(library.c.problem != "").order_by(library.c.id)
    ).scalars()
    return tracks, None if scanned is None else Timestamp(scanned), " ".join(problems)


def statuses(connection: Connection, library_ids: Sequence[LibraryId]) -> tuple[LibraryStatus, ...]:
    """Return how these libraries stand, by id."""
    rows = connection.execute(
        select(
            library.c.id,
            library.c.name,
            library.c.path,
            library.c.problem,
            library.c.polled,
            library.c.scanned,
        )
        .where(library.c.id.in_(library_ids))
        .order_by(library.c.id)
    )
    return tuple(LibraryStatus(**row._asdict()) for row in rows)


def put_polled(connection: Connection, library_id: LibraryId, because: str) -> None:
    """Note why the server cannot watch a library; empty if it does."""
    connection.execute(library.update().where(library.c.id == library_id).values(polled=because))


def forget_polled(connection: Connection) -> None:
    """Forget why libraries were not watched: the server that noted it is no more."""
    connection.execute(library.update().where(library.c.polled != "").values(polled=""))
