"""Walks the chunks of RIFF, IFF and DSDIFF files."""

import os
from collections.abc import Iterator
from typing import Literal, NamedTuple

from hydrophone.errors import MediaError
from hydrophone.scanner.payload import Payload, sampled

_MAX_CHUNKS = 10_000
_PIPED = 0x7F000000
"""What is longer was written into a pipe, by a program that did not know the length yet."""


class Chunk(NamedTuple):
    """A chunk by its name and where its content lies."""

    name: bytes
    begin: int
    end: int
    """Not beyond the end of what was walked, whatever the chunk says."""
    lacking: int = 0
    """Bytes that it says to have beyond that, unless it means that it does not know."""


def chunks(
    fd: int, begin: int, end: int, *, order: Literal["big", "little"], wide: bool = False
) -> Iterator[Chunk]:
    """Yield the chunks between two positions; `wide` ones have lengths of 64 bits (DSDIFF)."""
    head = 12 if wide else 8
    for _ in range(_MAX_CHUNKS):
        header = os.pread(fd, head, begin)
        if len(header) < head or begin + head > end:
            return
        length = int.from_bytes(header[4:], order)
        claimed = begin + head + length
        lacking = max(0, claimed - end) if wide or length < _PIPED else 0
        yield Chunk(header[:4], begin + head, min(claimed, end), lacking)
        # Chunks begin at even positions; the byte between them is not counted.
        begin += head + length + length % 2


def claimed_size(chunk: Chunk | None, skip: int = 0) -> int:
    """Return how many bytes the chunk with the audio says to have, its own header aside."""
    if chunk is None:
        return 0
    return max(0, chunk.end - chunk.begin + chunk.lacking - skip)


def sampled_chunk(fd: int, chunk: Chunk | None, skip: int = 0) -> Payload:
    """Sample the content of the chunk with the audio, after its own header of `skip` bytes."""
    if chunk is None:
        raise MediaError("contains no audio")
    return sampled(fd, [(chunk.begin + skip, max(chunk.begin + skip, chunk.end))])
