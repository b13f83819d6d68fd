"""Pages of a merged search: cut out of one order, without what stands before them."""

import random

import pytest

from hydrophone.domain.library import Page
from hydrophone.services.interleaving import LEAD, Interleaving

SOURCES = (("a1", "a2", "a3"), ("b1",), ("c1", "c2"))


def whole(lists: tuple[tuple[str, ...], ...], count: int) -> list[int | str]:
    """Return the order as it is said to be."""
    merged: list[int | str] = [*range(min(count, LEAD))]
    rest = list(range(count))[LEAD:]
    for turn in range(max(len(rest), *map(len, lists), 0)):
        merged += rest[turn : turn + 1]
        for those in lists:
            merged += those[turn : turn + 1]
    return merged


def page_of(
    lists: tuple[tuple[str, ...], ...], count: int, page: Page
) -> tuple[list[int | str], int]:
    """Return what stands on a page, and how many hits of the libraries were read for it."""
    order = Interleaving(lists)
    asked = order.local(page)
    rows = asked.of(range(count))
    known = None if len(rows) == asked.size and (rows or not asked.offset) else count
    return order.window(page, rows, known), len(rows)


def test_hits_of_the_libraries_lead() -> None:
    found, _ = page_of(SOURCES, 100, Page(size=LEAD + 7))
    assert found == [*range(LEAD), LEAD, "a1", "b1", "c1", LEAD + 1, "a2", "c2"]


@pytest.mark.parametrize("count", [0, 1, LEAD - 1, LEAD, LEAD + 1, LEAD + 2, LEAD + 3, 60])
@pytest.mark.parametrize("lists", [SOURCES, (), ((), ()), (tuple(map(str, range(30))),)])
def test_every_page_is_a_part_of_one_order(lists: tuple[tuple[str, ...], ...], count: int) -> None:
    expected = whole(lists, count)
    for offset in range(len(expected) + 3):
        for size in (0, 1, 2, 5, 100):
            found, read = page_of(lists, count, Page(offset=offset, size=size))
            assert found == expected[offset : offset + size], (offset, size)
            assert read <= size


def test_a_page_far_behind_all_sources_reads_nothing_before_it() -> None:
    chosen = random.Random(1)
    for _ in range(20):
        offset = chosen.randrange(1000, 90_000)
        found, read = page_of(SOURCES, 100_000, Page(offset=offset, size=50))
        assert found == list(range(offset - 6, offset + 44))
        assert read == 50
