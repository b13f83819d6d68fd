"""What is kept of written albums: only the present, only for those who may see it, bounded."""

from msgspec import Raw

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import ByteCount
from hydrophone_subsonic.fragments import LIMIT, Fragments

FIRST, SECOND = LibraryId(1), LibraryId(2)


def rows(fragments: Fragments, *wanted: int, version: int = 1) -> list[int]:
    return list(fragments.find(wanted, version=version, libraries=(FIRST,)))


def test_a_newer_version_drops_all_and_an_older_one_is_late() -> None:
    fragments = Fragments(LIMIT)
    fragments.put(1, Raw(b"old"), version=1, library=FIRST)
    assert rows(fragments, 1, 2) == [1]
    assert rows(fragments, 1, version=2) == []
    fragments.put(2, Raw(b"new"), version=2, library=FIRST)
    fragments.put(1, Raw(b"late"), version=1, library=FIRST)
    assert rows(fragments, 1, 2, version=2) == [2]
    assert rows(fragments, 1, 2, version=1) == []


def test_nothing_is_found_in_other_libraries() -> None:
    fragments = Fragments(LIMIT)
    fragments.put(1, Raw(b"mine"), version=1, library=FIRST)
    fragments.put(2, Raw(b"hers"), version=1, library=SECOND)
    assert rows(fragments, 1, 2) == [1]
    both = fragments.find([1, 2], version=1, libraries=(SECOND, FIRST))
    assert both == {1: Raw(b"mine"), 2: Raw(b"hers")}


def test_of_more_than_fit_those_asked_for_last_are_kept() -> None:
    fragments = Fragments(ByteCount(10_000))
    for row in range(5):
        fragments.put(row, Raw(bytes(1500)), version=1, library=FIRST)
    assert rows(fragments, *range(5)) == [0, 1, 2, 3, 4]
    assert rows(fragments, 0) == [0]
    fragments.put(5, Raw(bytes(1500)), version=1, library=FIRST)
    assert rows(fragments, *range(6)) == [0, 2, 3, 4, 5]
    fragments.put(6, Raw(bytes(20_000)), version=1, library=FIRST)
    assert rows(fragments, *range(7)) == []
    # And nothing is counted twice or for ever.
    for row in range(10, 15):
        for _ in range(2):
            fragments.put(row, Raw(bytes(1500)), version=1, library=FIRST)
    assert rows(fragments, *range(10, 15)) == [10, 11, 12, 13, 14]


def test_it_is_known_when_there_is_no_more_room() -> None:
    fragments = Fragments(ByteCount(10_000))
    count = 0
    while not fragments.is_full:
        fragments.put(count, Raw(bytes(100)), version=1, library=FIRST)
        count += 1
    assert len(rows(fragments, *range(count))) == count - 1 > 20
    fragments.put(1, Raw(b"new"), version=2, library=FIRST)
    assert not fragments.is_full
