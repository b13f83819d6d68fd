"""Walks the atoms of an MP4 file (ISO 14496-12, section 4.2)."""

import os
from collections.abc import Iterator

from hydrophone.errors import MediaError

_MAX_ATOMS = 1_000_000
"""Far more than the fragments of the longest recording; a bound for hostile files."""


def atoms(fd: int, at: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin and end of the content of each atom between two positions.

    Only the last may be cut off. Raises `MediaError` for an atom that ends before it begins.
    """
    for name, begin, end in claimed_atoms(fd, at, size):
        yield name, begin, max(begin, min(end, size))


def claimed_atoms(fd: int, at: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Do what `atoms` does, but yield the end that an atom says to have, be it behind `size`."""
    for _ in range(_MAX_ATOMS):
        header = os.pread(fd, 16, at)
        if len(header) < 8 or at >= size:
            break
        length = int.from_bytes(header[:4], "big")
        begin, end = at + 8, at + length
        if length == 0:
            end = size
        elif length == 1:
            begin, end = at + 16, at + int.from_bytes(header[8:], "big")
        if end < begin:
            raise MediaError("damaged: an atom of impossible length")
        yield header[4:8], begin, end
        at = end


def content_of(fd: int, begin: int, end: int, limit: int, *path: bytes) -> bytes:
    """Return the begin of the first atom on this path of names; `b""` if there is none."""
    first, last = place_of(fd, begin, end, *path)
    return os.pread(fd, min(limit, last - first), first)


def place_of(fd: int, begin: int, end: int, *path: bytes) -> tuple[int, int]:
    """Return where the content of the first atom on this path is; zeros if there is none."""
    for name, first, last in atoms(fd, begin, end):
        if name == path[0]:
            return place_of(fd, first, last, *path[1:]) if len(path) > 1 else (first, last)
    return 0, 0


def sound_track(fd: int, size: int) -> tuple[int, int]:
    """Return where the content of the first track with sound is; zeros if there is none."""
    for name, begin, end in atoms(fd, *place_of(fd, 0, size, b"moov")):
        if name == b"trak" and content_of(fd, begin, end, 12, b"mdia", b"hdlr")[8:] == b"soun":
            return begin, end
    return 0, 0


def inner_atoms(content: bytes, *path: bytes) -> Iterator[bytes]:
    """Yield the contents of all atoms that this path of names leads to, one level a name."""
    at = 0
    while len(content) - at >= 8:
        length = int.from_bytes(content[at : at + 4], "big")
        if length < 8:
            break
        if content[at + 4 : at + 8] == path[0]:
            inner = content[at + 8 : at + length]
            if len(path) == 1:
                yield inner
            else:
                yield from inner_atoms(inner, *path[1:])
        at += length
