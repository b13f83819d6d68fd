"""What is kept between requests is right, and bounded."""

from dataclasses import dataclass

from hydrophone_subsonic.fragments import Fragments


@dataclass(frozen=True)
class Thing:
    name: str


def test_a_part_is_made_once_for_the_same_object() -> None:
    made: list[Thing] = []

    def make(thing: Thing) -> list[str]:
        made.append(thing)
        return [thing.name]

    fragments = Fragments(make, size=2)
    one = Thing("a")
    assert fragments.of(one) is fragments.of(one)
    assert len(made) == 1
    # An equal one may come to differ in what equality does not see: it is another.
    assert fragments.of(Thing("a")) is not fragments.of(one)


def test_only_the_last_ones_are_kept_and_none_is_mistaken_for_another() -> None:
    fragments: Fragments[Thing, str] = Fragments(lambda thing: thing.name, size=3)
    kept = [Thing(str(number)) for number in range(5)]
    for _ in range(3):
        for thing in kept:
            assert fragments.of(thing) == thing.name
    for number in range(1000):
        # Each is gone at once, and the next gets its place in memory.
        assert fragments.of(Thing(f"x{number}")) == f"x{number}"
    assert len(fragments._kept) == 3
