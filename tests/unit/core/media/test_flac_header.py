"""The number of samples in the header of a FLAC, written while it streams."""

from collections.abc import AsyncGenerator

import pytest

from hydrophone.errors import MediaError
from hydrophone.media.flac_header import tell_length

pytestmark = pytest.mark.anyio

# 44,100 Hz, 2 channels, 16 bits (RFC 9639, 8.2), and no number of samples.
KIND = bytes.fromhex("0ac442f0")
STREAM = b"fLaC\x00\x00\x00\x22" + bytes(10) + KIND + bytes(4) + bytes(range(16)) + b"frames"


async def in_pieces(data: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for begin in range(0, len(data), size):
        yield data[begin : begin + size]


async def told(data: bytes, count: int, size: int = 1000) -> bytes:
    return b"".join([chunk async for chunk in tell_length(in_pieces(data, size), count)])


@pytest.mark.parametrize("size", [1, 7, 20, 26, 27, 1000])
async def test_nothing_changes_but_the_number(size: int) -> None:
    result = await told(STREAM, 0x3_0123_4567, size)
    assert result == STREAM[:18] + bytes.fromhex("0ac442f301234567") + STREAM[26:]


@pytest.mark.parametrize("count", [1 << 36, 0])
async def test_numbers_that_the_header_cannot_hold_are_left_out(count: int) -> None:
    assert await told(STREAM, count) == STREAM


async def test_what_the_encoder_says_itself_stays() -> None:
    known = STREAM[:25] + b"\x01" + STREAM[26:]
    assert await told(known, 7) == known


@pytest.mark.parametrize("data", [b"", STREAM[:25], b"OggS" + STREAM[4:]])
async def test_what_is_no_flac_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError):
        await told(data, 7)
