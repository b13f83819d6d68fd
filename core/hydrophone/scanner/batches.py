"""Cuts work into pieces that are small enough for one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def batches(
    items: Iterable[Item], size: int, weight: Callable[[Item], int]
) -> Iterator[list[Item]]:
    """Collect items until they weigh `size` or more; the last batch may be lighter."""
    batch: list[Item] = []
    weighs = 0
    for item in items:
        batch.append(item)
        weighs += weight(item)
        if weighs >= size:
            yield batch
            batch, weighs = [], 0
    if batch:
        yield batch
