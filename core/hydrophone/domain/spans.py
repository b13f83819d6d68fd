"""Which stretches of a file are there already."""

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """Stretches of bytes, in order, that neither overlap nor touch."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        """Take (first byte, byte behind the last) in any order."""
        self._pairs: list[tuple[int, int]] = []
        for first, end in pairs:
            self.add(first, end)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(First byte, byte behind the last) of each stretch."""
        return tuple(self._pairs)

    @property
    def total(self) -> int:
        """How many bytes that are in all."""
        return sum(end - first for first, end in self._pairs)

    def add(self, first: int, end: int) -> None:
        """Note that the bytes from `first` to before `end` are there."""
        if first >= end:
            return
        pairs = self._pairs
        left = right = bisect_right(pairs, (first,))
        if left and pairs[left - 1][1] >= first:
            left -= 1
            first = pairs[left][0]
        while right < len(pairs) and pairs[right][0] <= end:
            right += 1
        # What is longest may be the stretch that holds the new one.
        end = max([end, *(pair[1] for pair in pairs[left:right])])
        pairs[left:right] = [(first, end)]

    def end_of(self, offset: int) -> int:
        """Return where the bytes from `offset` on end: there itself, if it is missing."""
        place = bisect_right(self._pairs, (offset, float("inf")))
        return max(offset, self._pairs[place - 1][1]) if place else offset

    def next_after(self, offset: int) -> int | None:
        """Return where behind a missing byte the next stretch begins; `None` if nowhere."""
        place = bisect_right(self._pairs, (offset, float("inf")))
        return self._pairs[place][0] if place < len(self._pairs) else None
