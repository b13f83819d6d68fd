"""Parts of lists that are written already, as many as fit: of all lists of a format together."""

import zlib
from collections import OrderedDict
from collections.abc import Collection, Hashable, Sequence

from msgspec import Struct

from hydrophone.domain.units import ByteCount

LIMIT = ByteCount(12 * 1024 * 1024)
"""For each format: some 50,000 artists, folders and episodes that are shown in one way each."""

_QUICKLY = 1
"""A level of zlib; higher ones take longer to write and hardly less memory."""

_BARE = -zlib.MAX_WBITS
"""Without a checksum, which takes a sixth of the time to undo it: it is kept in memory alone."""

_OVERHEAD = 100
"""Bytes that Python needs for the key of a thing and its place, beside the thing as written."""


class Written(Struct, frozen=True, kw_only=True):
    """A part of a list as bytes, without anything of a user.

    Where a user has left something, what stands for it is put between two places in it.
    """

    mark: int
    packed: bytes
    """What `pack` made of it: a fifth, which a list of 10,000 takes 5 to 25 ms to undo."""
    length: int
    """Bytes of what was packed."""
    keys: Sequence[Hashable]
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def size(self) -> int:
        """Return about how many bytes of memory it takes."""
        return len(self.packed) + _OVERHEAD * (1 + len(self.keys))

    def body(self) -> bytes:
        """Return the part as it is sent to who has left nothing on anything in it."""
        # As long as it will be from the outset: it would be copied as it grows.
        return zlib.decompress(self.packed, wbits=_BARE, bufsize=max(self.length, 1))


def pack(body: bytes) -> bytes:
    """Compress what `Written.body` gives back."""
    return zlib.compress(body, _QUICKLY, wbits=_BARE)


class Shelf:
    """Keeps parts by list and name; of more lists than fit, those that were looked for last.

    A list that does not fit even alone is kept as far as it does.
    """

    def __init__(self, limit: ByteCount = LIMIT) -> None:
        self._limit = limit
        self._size = 0
        self._lists: OrderedDict[Hashable, dict[str, Written]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether a list has its place here still."""
        return key in self._lists

    def make_place(self, key: Hashable) -> None:
        """Remember a list of which there is nothing yet."""
        self._lists.setdefault(key, {})

    def find(self, key: Hashable, name: str, mark: int) -> Written | None:
        """Return a part if it is kept and still bears this mark."""
        parts = self._lists.get(key)
        if parts is None:
            return None
        self._lists.move_to_end(key)
        known = parts.get(name)
        return known if known is not None and known.mark == mark else None

    def put(self, key: Hashable, name: str, written: Written) -> bool:
        """Keep a part in place of what it was; return False if there is no room for it."""
        parts = self._lists.setdefault(key, {})
        self._lists.move_to_end(key)
        self._drop(parts, name)
        while self._size + written.size > self._limit and next(iter(self._lists)) != key:
            _, dropped = self._lists.popitem(last=False)
            self._size -= sum(part.size for part in dropped.values())
        if self._size + written.size > self._limit:
            return False
        parts[name] = written
        self._size += written.size
        return True

    def keep_only(self, key: Hashable, names: Collection[str]) -> None:
        """Forget the parts of a list that it no longer has."""
        parts = self._lists.get(key, {})
        for gone in parts.keys() - names:
            self._drop(parts, gone)

    def _drop(self, parts: dict[str, Written], name: str) -> None:
        if name in parts:
            self._size -= parts.pop(name).size
