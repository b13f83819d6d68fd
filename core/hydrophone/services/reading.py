"""How services read for a user: what he may see, and long lists in steps."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Page
from hydrophone.domain.user import User
from hydrophone.storage.database import Database
from hydrophone.storage.queries.annotated import MAX_ROWS, Annotated, Thing

Item = TypeVar("Item")


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


async def by_rows(
    database: Database, things: Annotated[Thing], viewer: User, rows: Sequence[int]
) -> dict[int, Thing]:
    """Return {row: thing} in the order of `rows`, however many; those gone are left out."""
    found: dict[int, Thing] = {}
    for step in steps(rows):
        found |= await database.read(things.by_rows, viewer.id, step)
    return found


async def by_ids(
    database: Database, things: Annotated[Thing], viewer: User, identifiers: Sequence[str]
) -> tuple[Thing, ...]:
    """Return things in the order of these ids, duplicates kept, invisible ones left out."""
    found: dict[str, Thing] = {}
    for step in steps(list(dict.fromkeys(identifiers))):
        found |= await database.read(things.by_ids, viewer.id, step)
    return tuple(
        thing for i in identifiers if (thing := found.get(i)) and _is_visible(thing, viewer)
    )


def _is_visible(thing: object, viewer: User) -> bool:
    return getattr(thing, "library_id", None) in viewer.libraries
