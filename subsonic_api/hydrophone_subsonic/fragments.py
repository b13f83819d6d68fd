"""Parts of answers that are kept between requests: an app pages through the same albums daily."""

from collections import OrderedDict
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
        # The thing is kept too: as long as it is, no other has its identity. Ordered, because a
        # plain dict looks for its first entry behind all those that were deleted.
        self._kept: OrderedDict[int, tuple[Thing, Part]] = OrderedDict()

    def of(self, thing: Thing) -> Part:
        """Return the part for a thing, made now or before."""
        known = self._kept.get(id(thing))
        if known is not None:
            return known[1]
        part = self._make(thing)
        if len(self._kept) >= self._size:
            self._kept.popitem(last=False)
        self._kept[id(thing)] = (thing, part)
        return part
