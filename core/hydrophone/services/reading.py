"""How services read for a user: what he may see, and long lists in steps."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Album, Track
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.storage.database import Database
from hydrophone.storage.queries.annotated import MAX_ROWS, Annotated, Thing

Item = TypeVar("Item")
Shown = TypeVar("Shown")
Rest = TypeVarTuple("Rest")
Located = TypeVar("Located", Album, Track, Video)
"""What lies in one library."""
Found = TypeVar("Found", Album, Track, StoredTrack, Video)
"""The same, read or not yet."""

_SHOWN_AT_ONCE = 150
"""Things that are made into what is shown of them in 1 to 2 ms."""


def visible_libraries(viewer: User, library_id: int | None = None) -> tuple[LibraryId, ...]:
    """Return the libraries to look into: all that the user sees, or the one asked for.

    One that does not exist or is not the user's gives none, so the answer is empty: apps go on
    sending the number of a library that was removed.
    """
    if library_id is None:
        return viewer.libraries
    return tuple(library for library in viewer.libraries if library == library_id)


def steps(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut a list into parts of which each may be one read or write."""
    for start in range(0, len(items), MAX_ROWS):
        yield items[start : start + MAX_ROWS]


async def every_page(
    database: Database,
    query: Callable[[Connection, Page], tuple[Item, ...]],
) -> tuple[Item, ...]:
    """Return everything that a paged query finds, however much, in steps."""
    found: list[Item] = []
    while len(found) % MAX_ROWS == 0:
        page = Page(offset=len(found), size=MAX_ROWS)
        step = await database.read(query, page)
        if not step:
            break
        found += step
    return tuple(found)


async def every_step(
    database: Database, query: Callable[[Connection, str], tuple[tuple[str, *Rest], ...]]
) -> list[tuple[str, *Rest]]:
    """Return everything that a query finds which gives the next 500 behind a key, key first."""
    found: list[tuple[str, *Rest]] = []
    while len(found) % MAX_ROWS == 0:
        step = await database.read(query, found[-1][0] if found else "")
        if not step:
            break
        found += step
    return found


async def by_rows(
    database: Database, things: Annotated[Thing], viewer: User, rows: Sequence[int]
) -> dict[int, Thing]:
    """Return {row: thing} in the order of `rows`, however many; those gone are left out."""
    return await found_by_rows(database, things.by_rows, viewer, rows)


async def found_by_rows(
    database: Database,
    query: Callable[[Connection, UserId, Sequence[int]], dict[int, Item]],
    viewer: User,
    rows: Sequence[int],
) -> dict[int, Item]:
    """Do what `by_rows` does with what a query finds that takes 500 rows at a time."""
    found: dict[int, Item] = {}
    for step in steps(rows):
        found |= await database.read(query, viewer.id, step)
    return found


async def shown(things: Sequence[Item], show: Callable[[Item], Shown]) -> tuple[Shown, ...]:
    """Return what `show` makes of things that are here, in steps; others may come in between."""
    made: list[Shown] = []
    for start in range(0, len(things), _SHOWN_AT_ONCE):
        made += map(show, things[start : start + _SHOWN_AT_ONCE])
        await asyncio.sleep(0)
    return tuple(made)


async def by_ids(
    database: Database, things: Annotated[Located], viewer: User, identifiers: Sequence[str]
) -> tuple[Located, ...]:
    """Return things in the order of these ids, duplicates kept, invisible ones left out."""
    return await shown_by_ids(database, things.each_by_id, viewer, identifiers, lambda one: one)


async def shown_by_ids(
    database: Database,
    query: Callable[[Connection, UserId, Sequence[str]], Iterator[Found]],
    viewer: User,
    identifiers: Sequence[str],
    show: Callable[[Found], Shown],
) -> tuple[Shown, ...]:
    """Do what `by_ids` does, and let `show` make of what a query finds what becomes of it.

    It does so before the next one is made: thousands of tracks do not fit into the cache of a
    processor, and to come back to them costs a fourth of all time.
    """
    made: dict[str, Shown] = {}
    libraries = viewer.libraries
    for step in steps(list(dict.fromkeys(identifiers))):
        found = await database.read(query, viewer.id, step)
        for number, thing in enumerate(found, start=1):
            if thing.library_id in libraries:
                made[thing.id] = show(thing)
            if number % _SHOWN_AT_ONCE == 0:
                await asyncio.sleep(0)
    return tuple([made[i] for i in identifiers if i in made])
