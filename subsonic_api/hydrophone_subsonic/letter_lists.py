"""Everything at the top by letter, written already: apps ask for it at each start."""

import asyncio
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from msgspec import Raw, Struct

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import ArtistLetter, FolderLetter
from hydrophone.domain.music import Artist
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.services.artists import Artists
from hydrophone.services.folders import Folders
from hydrophone_subsonic.ahead import QUIET, Ahead, Rest
from hydrophone_subsonic.encoding.envelope import Encoding
from hydrophone_subsonic.mapping.artist import artist_id3
from hydrophone_subsonic.mapping.browsing import marked_folder, top_folder
from hydrophone_subsonic.responses.browsing import Index, IndexID3
from hydrophone_subsonic.responses.wire import Wire

Letter = TypeVar("Letter", ArtistLetter, FolderLetter)
Libraries = tuple[LibraryId, ...]

LIMIT = ByteCount(4 * 1024 * 1024)
"""For each format: some 60,000 artists, those counted twice that two sets of libraries have."""

_QUICKLY = 1
"""A level of zlib; higher ones take longer to write and hardly less memory."""

_SLICE = 500
"""Things that are read, mapped and written in about 3 ms."""


class _Written(Struct, frozen=True, kw_only=True):
    """A letter as bytes, without anything of a user, and where in it each thing stands."""

    mark: int
    packed: bytes
    """Compressed to a fifth, which a list of 10,000 takes 5 ms to undo."""
    keys: Sequence[object]
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def size(self) -> int:
        return len(self.packed) + 16 * len(self.keys)

    def body(self) -> bytes:
        """Return the letter as it is sent."""
        return zlib.decompress(self.packed)


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Letter]):
    """What is listed: where it comes from, and what it becomes."""

    letters: Callable[[Libraries], Awaitable[tuple[Letter, ...]]]
    """Return what there is, in order."""
    items: Callable[[Letter, int, int], Awaitable[dict[object, Wire]]]
    """Return {key: item} for at most so many things of a letter from an offset on."""
    marked: Callable[[User, tuple[Letter, ...]], Awaitable[dict[object, Wire]]]
    """Return {key: item} for those things that are for a user what they are not for all."""
    index: Callable[[str, tuple[Raw, ...]], Wire]
    """Make a letter of its name and its items."""


class LetterLists(Generic[Letter]):
    """Writes all letters in one format, which most of the time are written already.

    They are written ahead: at the start for whoever sees all libraries, for another set of them
    once a user comes who sees it, and anew after each change, as far as it has changed them. Of
    more sets than fit, those asked for last are kept, one at least.
    """

    def __init__(
        self,
        listed: Listed[Letter],
        encoding: Encoding,
        *,
        limit: ByteCount = LIMIT,
        quiet: Seconds = QUIET,
    ) -> None:
        """`quiet` is how long the library has to stay as it is before it is written anew."""
        self._listed: Listed[Letter] = listed
        self._encoding = encoding
        self._limit = limit
        self._wanted: set[Libraries] = set()
        self._kept: OrderedDict[Libraries, dict[str, _Written]] = OrderedDict()
        self.ahead = Ahead(self._write_ahead, quiet)

    def expect(self, libraries: Libraries) -> None:
        """Have written ahead what users of these will ask for; for a known set that is no work."""
        if libraries not in self._wanted:
            self._wanted.add(libraries)
            self._kept[libraries] = {}
            self.ahead.begin()

    async def of(self, viewer: User, libraries: Libraries) -> tuple[Raw, ...]:
        """Return the letters of these libraries as the viewer has them."""
        letters = await self._listed.letters(libraries)
        written = await self._written(libraries, letters, lambda: asyncio.sleep(0))
        own = await self._listed.marked(viewer, letters)
        if not own:
            return tuple([Raw(letter.body()) for letter in written])
        items = {key: self._encoding.item("artist", item) for key, item in own.items()}
        return tuple([Raw(_replaced(letter, items)) for letter in written])

    async def _write_ahead(self, rest: Rest) -> None:
        """Write all sets that are kept, as far as they have changed."""
        for libraries in tuple(self._kept):
            await self._written(libraries, await self._listed.letters(libraries), rest)

    async def _written(
        self, libraries: Libraries, letters: tuple[Letter, ...], rest: Rest
    ) -> list[_Written]:
        """Return the letters as they are kept; those that are not, or no longer, are written."""
        kept = self._kept.setdefault(libraries, {})
        self._kept.move_to_end(libraries)
        found = []
        for letter in letters:
            known = kept.get(letter.name)
            if known is None or known.mark != letter.mark:
                known = kept[letter.name] = await self._write(letter, rest)
            found.append(known)
        names = {letter.name for letter in letters}
        for gone in kept.keys() - names:
            del kept[gone]
        while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._limit:
            self._kept.popitem(last=False)
        return found

    async def _write(self, letter: Letter, rest: Rest) -> _Written:
        items: dict[object, bytes] = {}
        for offset in range(0, len(letter.keys), _SLICE):
            part = await self._listed.items(letter, offset, _SLICE)
            for key, item in part.items():
                items[key] = self._encoding.item("artist", item)
            await rest()
        index = self._listed.index(letter.name, tuple(map(Raw, items.values())))
        body = self._encoding.item("index", index)
        starts, ends = array("I"), array("I")
        end = 0
        for one in items.values():
            # Formats differ in what stands between two, but nothing is found too early.
            start = body.index(one, end)
            end = start + len(one)
            starts.append(start)
            ends.append(end)
        return _Written(
            mark=letter.mark,
            packed=zlib.compress(body, _QUICKLY),
            keys=tuple(items),
            starts=starts,
            ends=ends,
        )


def _size(letters: Mapping[str, _Written]) -> int:
    return sum(letter.size for letter in letters.values())


def _replaced(letter: _Written, own: Mapping[object, bytes]) -> bytes:
    """Return a letter with some of its things written otherwise."""
    body = letter.body()
    parts = []
    end = 0
    for at, key in enumerate(letter.keys):
        if key in own:
            parts += [body[end : letter.starts[at]], own[key]]
            end = letter.ends[at]
    return b"".join([*parts, body[end:]]) if parts else body


def listed_artists(artists: Artists) -> Listed[ArtistLetter]:
    """List the album artists of the tag view, for `getArtists`."""

    async def items(letter: ArtistLetter, offset: int, count: int) -> dict[object, Wire]:
        return _artists(await artists.plain(letter, offset, count))

    async def marked(viewer: User, letters: tuple[ArtistLetter, ...]) -> dict[object, Wire]:
        return _artists(await artists.starred(viewer, letters))

    return Listed(
        letters=artists.letters,
        items=items,
        marked=marked,
        index=lambda name, items: IndexID3(name=name, artist=items),
    )


def listed_folders(folders: Folders) -> Listed[FolderLetter]:
    """List the folders at the top, for `getIndexes`."""

    async def items(letter: FolderLetter, offset: int, count: int) -> dict[object, Wire]:
        end = offset + count
        named = zip(letter.keys[offset:end], letter.names[offset:end], strict=True)
        return {key: top_folder(key, name) for key, name in named}

    async def marked(viewer: User, letters: tuple[FolderLetter, ...]) -> dict[object, Wire]:
        found = await folders.marked(viewer, letters)
        return {one.id: marked_folder(one) for one in found}

    return Listed(
        letters=folders.letters,
        items=items,
        marked=marked,
        index=lambda name, items: Index(name=name, artist=items),
    )


def _artists(found: Mapping[int, Artist]) -> dict[object, Wire]:
    return {row: artist_id3(artist) for row, artist in found.items()}
