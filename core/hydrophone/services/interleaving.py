"""One order of what the libraries find and what each source finds; its pages fit together."""

from collections.abc import Sequence

from hydrophone.domain.library import Page
from hydrophone.storage.queries.past_searches import Lists

LEAD = 10
"""Hits of the libraries that come before the first of a source."""


class Interleaving:
    """Some hits of the libraries first, then one of them and one of each source in turn.

    What stands at a place depends on what sources have found, and on whether the libraries have
    found enough to come so far; so a page needs no hit of the libraries that stands before it.
    """

    def __init__(self, lists: Lists) -> None:
        """`lists` are ids by source."""
        self._lists = lists
        self._turns = max(map(len, lists), default=0)

    def local(self, page: Page) -> Page:
        """Return which hits of the libraries stand on a page, if they have found enough."""
        head = self._head(None)
        start = self._before(head, page.offset)
        stop = self._before(head, page.offset + page.size)
        return Page(offset=start, size=stop - start)

    def window(self, page: Page, rows: Sequence[int], count: int | None = None) -> list[int | str]:
        """Return what stands on a page: ids of sources, and those of `rows` from `local` on.

        `count` is how many the libraries have found in all, if that is less than `local` asks for.
        """
        head = self._head(count)
        stop = page.offset + page.size
        places = head[page.offset : stop]
        behind = LEAD + self._turns - len(head)
        first, last = (max(place, len(head)) + behind for place in (page.offset, stop))
        places += range(first, last if count is None else min(last, count))
        start = self.local(page).offset
        return [rows[one - start] if isinstance(one, int) else one for one in places]

    def _head(self, count: int | None) -> list[int | str]:
        """Return ids, and the hits of the libraries by number, as far as sources have any."""
        found = LEAD + self._turns if count is None else count
        head: list[int | str] = [*range(min(LEAD, found))]
        for turn in range(self._turns):
            head += range(LEAD + turn, min(LEAD + turn + 1, found))
            for those in self._lists:
                head += those[turn : turn + 1]
        return head

    def _before(self, head: Sequence[int | str], place: int) -> int:
        """Return how many hits of the libraries stand before a place."""
        inside = sum(isinstance(one, int) for one in head[:place])
        return inside + max(0, place - len(head))
