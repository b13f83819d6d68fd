"""Which bytes of a file are there, however they came."""

import random

from hydrophone.domain.spans import Spans


def test_nothing_is_there_at_first() -> None:
    spans = Spans()
    assert (spans.end_of(0), spans.next_after(0), spans.total, spans.pairs) == (0, None, 0, ())


def test_what_touches_becomes_one() -> None:
    spans = Spans([(10, 20), (0, 5), (5, 10)])
    assert spans.pairs == ((0, 20),)


def test_tells_gaps_from_what_is_there() -> None:
    spans = Spans([(0, 10), (30, 40)])
    assert spans.end_of(3) == 10
    assert spans.end_of(10) == 10
    assert spans.next_after(10) == 30
    assert spans.end_of(30) == 40
    assert spans.next_after(40) is None


def test_holds_against_a_set_of_bytes() -> None:
    drawn = random.Random(7)
    spans, there = Spans(), set[int]()
    for _ in range(300):
        first = drawn.randrange(500)
        end = first + drawn.randrange(20)
        spans.add(first, end)
        there |= set(range(first, end))
        assert {byte for a, b in spans.pairs for byte in range(a, b)} == there
        offset = drawn.randrange(520)
        assert all(byte in there for byte in range(offset, spans.end_of(offset)))
        assert spans.end_of(offset) not in there
        behind = spans.next_after(spans.end_of(offset))
        assert behind == min((b for b in there if b > spans.end_of(offset)), default=None)
