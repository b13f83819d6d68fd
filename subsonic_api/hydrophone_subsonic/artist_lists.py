"""All artists by letter, written already: apps ask for them at each start."""

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from msgspec import Raw, Struct

from hydrophone.domain.collation import index_letter
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import ArtistOrder
from hydrophone.domain.music import Artist
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.services.library import LibraryService
from hydrophone_subsonic.ahead import QUIET, Ahead, Rest
from hydrophone_subsonic.encoding.envelope import Encoding
from hydrophone_subsonic.mapping.artist import artist_id3
from hydrophone_subsonic.responses.browsing import IndexID3

LIMIT = ByteCount(16 * 1024 * 1024)
"""For each format: some 60,000 artists, those counted twice that two sets of libraries have."""

_SLICE = 500
"""Artists that are read, mapped and written in about 3 ms."""


class _Letter(Struct, frozen=True, kw_only=True):
    """A letter with its artists as bytes, and where each of them stands."""

    body: bytes
    rows: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def size(self) -> int:
        return len(self.body) + 24 * len(self.rows)


class _Written(Struct, frozen=True, kw_only=True):
    """The artists of a set of libraries, without anything of a user."""

    order: ArtistOrder
    letters: tuple[_Letter, ...]


class ArtistLists:
    """Writes all artists in one format, which most of the time are written already.

    They are written ahead once a user comes who sees a set of libraries, and anew after each
    change. Of more sets than fit, those asked for last are kept, one at least.
    """

    def __init__(
        self,
        library: LibraryService,
        encoding: Encoding,
        *,
        limit: ByteCount = LIMIT,
        quiet: Seconds = QUIET,
    ) -> None:
        """`quiet` is how long the library has to stay as it is before it is written anew."""
        self._library = library
        self._encoding = encoding
        self._limit = limit
        self._wanted: set[tuple[LibraryId, ...]] = set()
        self._kept: OrderedDict[tuple[LibraryId, ...], _Written | None] = OrderedDict()
        self.ahead = Ahead(self._write_ahead, quiet)

    def expect(self, viewer: User) -> None:
        """Have written ahead what this user will ask for; for a known set that is no work."""
        if viewer.libraries not in self._wanted:
            self._wanted.add(viewer.libraries)
            self._kept[viewer.libraries] = None
            self.ahead.begin()

    async def of(self, viewer: User, libraries: tuple[LibraryId, ...]) -> tuple[Raw, ...]:
        """Return the letters with the album artists of these libraries as the viewer has them.

        Artists are in collation order, letters in that of their first ones.
        """
        order = await self._library.artist_order(libraries)
        written = self._find(libraries, order)
        if written is None:
            written = await self._write(libraries, order, lambda: asyncio.sleep(0))
        marked = await self._library.marked_artists(viewer, order)
        if not marked:
            return tuple([Raw(letter.body) for letter in written.letters])
        own = {row: self._artist(artist) for row, artist in marked.items()}
        return tuple([Raw(_replaced(letter, own)) for letter in written.letters])

    def _find(self, libraries: tuple[LibraryId, ...], order: ArtistOrder) -> _Written | None:
        """Return what is kept, if it is of this version and this order."""
        written = self._kept.get(libraries)
        if written is None or written.order.version != order.version:
            return None
        if written.order.rows is not order.rows:
            return None
        self._kept.move_to_end(libraries)
        return written

    async def _write_ahead(self, rest: Rest) -> None:
        """Write all sets that are kept, as far as they have changed."""
        for libraries in tuple(self._kept):
            order = await self._library.artist_order(libraries)
            if self._find(libraries, order) is None:
                await self._write(libraries, order, rest)

    async def _write(
        self, libraries: tuple[LibraryId, ...], order: ArtistOrder, rest: Rest
    ) -> _Written:
        fragments: dict[str, dict[int, bytes]] = {}
        for offset in range(0, len(order.rows), _SLICE):
            part = await self._library.plain_artists(order, offset, _SLICE)
            for row, artist in part.items():
                letter = index_letter(artist.name, artist.sort_name)
                fragments.setdefault(letter, {})[row] = self._artist(artist)
            await rest()
        letters = []
        for name, artists in fragments.items():
            letters.append(self._letter(name, artists))
            await rest()
        written = _Written(order=order, letters=tuple(letters))
        self._keep(libraries, written)
        return written

    def _artist(self, artist: Artist) -> bytes:
        return self._encoding.item("artist", artist_id3(artist))

    def _letter(self, name: str, artists: Mapping[int, bytes]) -> _Letter:
        index = IndexID3(name=name, artist=tuple(map(Raw, artists.values())))
        body = self._encoding.item("index", index)
        starts, ends = array("q"), array("q")
        end = 0
        for artist in artists.values():
            # Formats differ in what stands between two, but no artist is found too early.
            start = body.index(artist, end)
            end = start + len(artist)
            starts.append(start)
            ends.append(end)
        return _Letter(body=body, rows=array("q", artists), starts=starts, ends=ends)

    def _keep(self, libraries: tuple[LibraryId, ...], written: _Written) -> None:
        self._kept[libraries] = written
        self._kept.move_to_end(libraries)
        while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._limit:
            self._kept.popitem(last=False)


def _size(written: _Written | None) -> int:
    return 0 if written is None else sum(letter.size for letter in written.letters)


def _replaced(letter: _Letter, own: Mapping[int, bytes]) -> bytes:
    """Return a letter with some of its artists written otherwise."""
    parts = []
    end = 0
    for at, row in enumerate(letter.rows):
        if row in own:
            parts += [letter.body[end : letter.starts[at]], own[row]]
            end = letter.ends[at]
    return b"".join([*parts, letter.body[end:]]) if parts else letter.body
