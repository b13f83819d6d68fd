"""Library roots, and sources beside them, as the database knows them."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, func, select

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, LibraryStatus
from hydrophone.domain.units import Timestamp
from hydrophone.storage.tables.library import library
from hydrophone.storage.tables.music import album, track


def register(connection: Connection, configured: Sequence[tuple[str, str]]) -> tuple[Library, ...]:
    """Give an id to each configured (name, path) and return them in this order.

    A library is known by its name: with another path it keeps its id and all that is in it.
    """
    found = []
    for name, path in configured:
        _make_way(connection, name)
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
    """Return all library roots that ever were configured, by id."""
    rows = connection.execute(
        select(library.c.id, library.c.name, library.c.path)
        .where(library.c.source.is_(None))
        .order_by(library.c.id)
    )
    return tuple(Library(**row._asdict()) for row in rows)


def register_source(connection: Connection, source: str, title: str) -> Library:
    """Give an id to a source, or find the one that it has; its title may have changed."""
    row = connection.execute(
        select(library.c.id, library.c.name).where(library.c.source == source)
    ).one_or_none()
    if row is not None and row.name in (title, _beside(title, source)):
        return Library(id=LibraryId(row.id), name=row.name, path="", source=source)
    is_taken = select(library.c.id).where(library.c.name == title)
    name = _beside(title, source) if connection.execute(is_taken).first() else title
    values = {"name": name, "path": "", "source": source}
    statement = (
        library.insert().values(values).returning(library.c.id)
        if row is None
        else library.update().where(library.c.id == row.id).values(values).returning(library.c.id)
    )
    library_id = connection.execute(statement).scalar_one()
    return Library(id=LibraryId(library_id), name=name, path="", source=source)


def sources(connection: Connection) -> tuple[Library, ...]:
    """Return all sources that ever ran, by id."""
    rows = connection.execute(
        select(library.c.id, library.c.name, library.c.path, library.c.source)
        .where(library.c.source.is_not(None))
        .order_by(library.c.id)
    )
    return tuple(Library(**row._asdict()) for row in rows)


def filled(connection: Connection, library_ids: Sequence[LibraryId]) -> tuple[LibraryId, ...]:
    """Return which of these libraries have an album."""
    has_one = exists().where(album.c.library_id == library.c.id)
    statement = select(library.c.id).where(library.c.id.in_(library_ids), has_one)
    return tuple(map(LibraryId, connection.execute(statement).scalars()))


def _beside(title: str, source: str) -> str:
    return f"{title} ({source})"


def _make_way(connection: Connection, name: str) -> None:
    """Call a source otherwise that has the name of a configured library."""
    connection.execute(
        library.update()
        .where(library.c.name == name, library.c.source.is_not(None))
        .values(name=library.c.name + " (" + library.c.source + ")")
    )


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


def root(connection: Connection, library_id: LibraryId) -> tuple[int | None, str]:
    """Return (device, problem) of a library's root as its last scan has left them.

    The device is that of the last scan which was not paused, `None` before the first.
    """
    device, problem = connection.execute(
        select(library.c.device, library.c.problem).where(library.c.id == library_id)
    ).one()
    return device, problem


def finish_scan(
    connection: Connection,
    library_id: LibraryId,
    *,
    problem: str,
    device: int | None,
    now: Timestamp,
) -> None:
    """Note how a library's scan ended; a device of `None` leaves the known one."""
    values: dict[str, object] = {"problem": problem, "scanned": now}
    if device is not None:
        values["device"] = device
    connection.execute(library.update().where(library.c.id == library_id).values(values))
