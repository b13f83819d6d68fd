from itertools import product

import pytest

from hydrophone.domain.units import ByteCount
from hydrophone.errors import InvalidInputError
from hydrophone.media.byte_range import ByteRange, parse_range

SIZE = ByteCount(1000)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-", 500, 999),
        ("bytes=0-", 0, 999),
        ("bytes=-1", 999, 999),
        ("bytes=-400", 600, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=900-5000", 900, 999),
        ("BYTES=1-2", 1, 2),
        ("  bytes= 1-2 \t", 1, 2),
        ("bytes=1-2,", 1, 2),
        ("bytes=, ,1-2", 1, 2),
        ("bytes=0001-0002", 1, 2),
        (f"bytes=0-{'9' * 5000}", 0, 999),
        (f"bytes=-{'9' * 5000}", 0, 999),
        (f"bytes={'0' * 5000}7-", 7, 999),
    ],
)
def test_one_range_is_cut_to_the_file(header: str, first: int, last: int) -> None:
    part = parse_range(header, SIZE)

    assert part == ByteRange(first, last)
    assert part.length == last - first + 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=--5",
        "bytes=5",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=1 - 2",
        "bytes=1.0-2",
        "bytes=\u0661-\u0662",
        "bytes =1-2",
        "items=0-5",
        "bytes=0-1,5-6",
        "bytes=0-1\n",
        "0-5",
    ],
)
def test_what_is_no_single_range_is_ignored(header: str) -> None:
    assert parse_range(header, SIZE) is None


@pytest.mark.parametrize(
    "header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=-000", f"bytes={'9' * 5000}-"]
)
def test_a_range_without_a_byte_is_refused(header: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_range(header, SIZE)


def test_an_empty_file_has_no_range() -> None:
    nothing = ByteCount(0)

    with pytest.raises(InvalidInputError):
        parse_range("bytes=0-", nothing)
    assert parse_range("bytes=-5", nothing) is None


def test_every_small_range_selects_what_a_slice_would() -> None:
    content = bytes(range(7))
    for first, last in product(range(7), range(10)):
        part = parse_range(f"bytes={first}-{last}", ByteCount(len(content)))
        if last < first:
            assert part is None
        else:
            assert part is not None
            assert content[part.first : part.last + 1] == content[first : last + 1]
