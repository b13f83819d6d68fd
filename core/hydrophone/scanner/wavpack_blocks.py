"""Finds where a WavPack stream ends by its last block (WavPack 4 & 5 Binary File Format)."""

import struct
from typing import NamedTuple

MAGIC = b"wvpk"
HEADER = 32
LARGEST_BLOCK = 1024 * 1024
"""Bytes; more is not allowed."""
_UNKNOWN = 0xFFFFFFFF


class Block(NamedTuple):
    """What the header of a block says."""

    length: int
    """Bytes of the whole block."""
    stream_samples: int
    """Samples of the whole stream; -1 if unknown. Only the first block's counts."""
    first_sample: int
    samples: int
    """0 if it holds no sound."""


def read_block(header: bytes) -> Block | None:
    """Decode the header of a block; `None` if these bytes are none."""
    if len(header) < HEADER or header[:4] != MAGIC:
        return None
    size, version, index_high, total_high, total, index, samples = struct.unpack_from(
        "<IHBBIII", header, 4
    )
    if not (HEADER - 8 <= size < LARGEST_BLOCK and 0x402 <= version <= 0x410):
        return None
    # What is unknown has 32 bits set, so of each 2^32 numbers one is skipped.
    stream = -1 if total == _UNKNOWN else total + (total_high << 32) - total_high
    return Block(size + 8, stream, index + (index_high << 32), samples)


def last_sample(tail: bytes) -> int | None:
    """Return the number of samples up to the end of the last block with sound in these bytes.

    Of a block that is cut off nothing counts. `None` if no block begins here.
    """
    at = tail.rfind(MAGIC)
    while at >= 0:
        block = read_block(tail[at : at + HEADER])
        if block is not None and block.samples:
            is_whole = at + block.length <= len(tail)
            return block.first_sample + (block.samples if is_whole else 0)
        at = tail.rfind(MAGIC, 0, at)
    return None
