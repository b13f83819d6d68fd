"""What is kept of written lists: only what is still so, and bounded over all lists together."""

from hydrophone.domain.units import ByteCount
from hydrophone_subsonic.shelf import Shelf, Written, pack


def part(size: int, mark: int = 1) -> Written:
    return Written(mark=mark, packed=bytes(size), length=size, keys=(), starts=(), ends=())


def names(shelf: Shelf, key: str, *wanted: str) -> list[str]:
    return [name for name in wanted if shelf.find(key, name, 1)]


def test_a_part_is_found_by_its_mark_alone() -> None:
    shelf = Shelf()
    written = Written(mark=7, packed=pack(b"body"), length=4, keys=(1,), starts=(0,), ends=(4,))
    assert shelf.put("list", "a", written)
    assert shelf.find("list", "a", 7) is written
    assert shelf.find("list", "a", 8) is None
    assert shelf.find("list", "b", 7) is None
    assert shelf.find("other", "a", 7) is None
    assert written.body() == b"body"


def test_a_part_is_what_it_was_whatever_is_in_it() -> None:
    for body, ends in ((b"", ()), (b"one" * 100_000, (300_000,)), (b"onetwo", (3, 6))):
        keys = tuple(range(len(ends)))
        starts = (0, *ends)[:-1]
        written = Written(
            mark=1, packed=pack(body), length=len(body), keys=keys, starts=starts, ends=ends
        )
        assert written.body() == body


def test_what_a_list_no_longer_has_is_forgotten() -> None:
    shelf = Shelf()
    for name in "abc":
        shelf.put("list", name, part(10))
    shelf.keep_only("list", {"b"})
    shelf.keep_only("unknown", {"b"})
    assert names(shelf, "list", *"abc") == ["b"]


def test_of_more_lists_than_fit_those_asked_for_last_are_kept() -> None:
    shelf = Shelf(ByteCount(10_000))
    for key in ("first", "second", "third"):
        for name in "ab":
            assert shelf.put(key, name, part(1500))
        shelf.find("first", "a", 1)
    assert names(shelf, "first", *"ab") == ["a", "b"]
    assert shelf.put("fourth", "a", part(1500))
    assert "second" not in shelf
    assert names(shelf, "third", *"ab") == ["a", "b"]
    # Nothing is counted twice or for ever.
    for _ in range(20):
        assert shelf.put("fourth", "a", part(1500))
    assert names(shelf, "third", *"ab") == ["a", "b"]


def test_a_list_that_does_not_fit_is_kept_as_far_as_it_does() -> None:
    shelf = Shelf(ByteCount(10_000))
    shelf.put("other", "a", part(100))
    fits = [shelf.put("long", name, part(3000)) for name in "abcde"]
    assert fits == [True, True, True, False, False]
    assert "other" not in shelf
    assert names(shelf, "long", *"abcde") == ["a", "b", "c"]
    # A part that has grown too large is gone, and has left its room.
    assert not shelf.put("long", "a", part(9000))
    assert shelf.put("long", "d", part(3000))
    assert names(shelf, "long", *"abcd") == ["b", "c", "d"]


def test_a_place_is_kept_for_a_list_of_which_there_is_nothing_yet() -> None:
    shelf = Shelf(ByteCount(1000))
    shelf.make_place("list")
    assert "list" in shelf
    assert "other" not in shelf
