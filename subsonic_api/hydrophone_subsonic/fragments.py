"""Parts of answers that are kept between requests: an app pages through the same albums daily."""

from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Part = TypeVar("Part")


class Fragments(Generic[Thing, Part]):
    """Remembers what a pure function has made of immutable things, by their very identity.

    Storage hands out the same object as long as its document is the same, so a part never
    outlives what it was made of, and nothing has to be dropped when the library changes.
    """

    def __init__(self, make: Callable[[Thing], Part], *, size: int) -> None:
        """Keep the parts of the last `size` things."""
        self._make = make
        self._size = size
        # The thing is kept too: as long as it is, no other has its identity.
        self._kept: dict[int, tuple[Thing, Part]] = {}

    def of(self, thing: Thing) -> Part:
        """Return the part for a thing, made now or before."""
        known = self._kept.get(id(thing))
        if known is not None:
            return known[1]
        part = self._make(thing)
        if len(self._kept) >= self._size:
            del self._kept[next(iter(self._kept))]
        self._kept[id(thing)] = (thing, part)
        return part
