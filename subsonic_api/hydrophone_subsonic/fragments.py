"""Albums that are written already: apps page through the same lists of hundreds every day."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Raw

from hydrophone.domain.annotation import UNTOUCHED
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Mark
from hydrophone.domain.music import Album
from hydrophone.domain.units import ByteCount
from hydrophone.domain.user import User
from hydrophone.services.albums import Albums
from hydrophone.services.reading import steps
from hydrophone_subsonic.ahead import Ahead, Quiet, Rest, between_changes
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.written_marks import Describe, WrittenMarks

LIMIT = ByteCount(16 * 1024 * 1024)
"""For each format: some 19,000 albums in one form."""

_OVERHEAD = 250
"""Bytes that Python needs to keep one fragment, beside the fragment itself."""
_STEP = 100
"""Albums that are mapped and written in about 2 ms."""
_SLICE = 50
"""Albums that are read, mapped and written ahead in about 1 ms."""
_ABOVE_ALL = 2**63 - 1
_ELEMENT = "album"
_NO_MARK: Mark = (UNTOUCHED, 0.0)


class Fragments:
    """Written albums without anything of a user, of one version of the library.

    Of more than fit, those that were asked for last are kept.
    """

    def __init__(self, limit: ByteCount) -> None:
        self._limit = limit
        self.is_full = False
        """Whether some of this version had to go to make room."""
        self._size = 0
        self._version = -1
        # Ordered, because a plain dict looks for its first entry behind all that were deleted.
        self._kept: OrderedDict[int, tuple[LibraryId, bytes]] = OrderedDict()

    def find(
        self, rows: Sequence[int], *, version: int, libraries: Sequence[LibraryId]
    ) -> dict[int, bytes]:
        """Return {row: fragment} of what is kept of this version and lies in these libraries."""
        if version != self._version:
            return {}
        kept, refresh = self._kept, self._kept.move_to_end
        found = {}
        for row in rows:
            one = kept.get(row)
            if one is not None and one[0] in libraries:
                refresh(row)
                found[row] = one[1]
        return found

    def put(self, row: int, fragment: bytes, *, version: int, library: LibraryId) -> None:
        """Keep a fragment; the first of a newer version drops all before, older ones are late."""
        if version > self._version:
            self._kept.clear()
            self._size = 0
            self._version = version
            self.is_full = False
        if version < self._version or row in self._kept:
            return
        self._kept[row] = (library, fragment)
        self._size += _size(fragment)
        while self._size > self._limit:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._size -= _size(dropped)
            self.is_full = True


def _size(fragment: bytes) -> int:
    return len(fragment) + _OVERHEAD


class AlbumForm(NamedTuple):
    """How albums are shown in a list."""

    plain: Callable[[Album], Wire]
    """Describes an album that has nothing of anybody, without the fields of `marks`."""
    marks: Describe


class AlbumFragments:
    """Writes albums in one form and format, most of which are written already.

    They are kept without anything of a user, which is put in each time. From the first request on
    they are written ahead, and anew after each change of the library, so that a page which nobody
    has asked for yet costs no more than any other.
    """

    def __init__(
        self,
        albums: Albums,
        form: AlbumForm,
        encoding: ItemEncoding,
        marks: WrittenMarks,
        *,
        limit: ByteCount = LIMIT,
        quiet: Quiet = between_changes,
    ) -> None:
        """Keep nothing yet; for `quiet` see `Ahead`."""
        self._albums = albums
        self._form = form
        self._encoding = encoding
        self._marks = marks
        self._fragments = Fragments(limit)
        self.ahead = Ahead(self._write_ahead, quiet)

    async def of(self, viewer: User, rows: Sequence[int]) -> tuple[Raw, ...]:
        """Return these albums as the viewer has them, in their order, as items of a list.

        What is gone, or not for the viewer, is left out.
        """
        if rows and not self.ahead.is_wanted:
            self.ahead.begin()
        written: list[Raw] = []
        for step in steps(rows):
            written += await self._some(viewer, step)
        return tuple(written)

    async def _some(self, viewer: User, rows: Sequence[int]) -> list[Raw]:
        known = await self._albums.marks(viewer, rows)
        found = self._fragments.find(rows, version=known.version, libraries=viewer.libraries)
        lacking = [row for row in rows if row not in found]
        if lacking:
            # Later than the version: they may be too new for it, but never too old.
            albums = await self._albums.plain_by_rows(viewer, lacking)
            bare = await in_steps(self._bare, tuple(albums.values()), step=_STEP)
            for (row, album), fragment in zip(albums.items(), bare, strict=True):
                found[row] = fragment
                self._keep(row, album, fragment, known.version)
        marks, marked = known.marks, self._encoding.marked
        return [
            Raw(marked(_ELEMENT, found[row], self._written(marks.get(row, _NO_MARK))))
            for row in rows
            if row in found
        ]

    async def _write_ahead(self, rest: Rest) -> None:
        """Write the newest albums, as many as are kept, unless the library changes meanwhile."""
        version = None
        row = _ABOVE_ALL
        while True:
            part = await self._albums.plain_before(row, _SLICE)
            if not part.albums or version not in (None, part.version):
                return
            version = part.version
            for row, album in part.albums.items():
                self._keep(row, album, self._bare(album), version)
            if self._fragments.is_full:
                return
            await rest()

    def _bare(self, album: Album) -> bytes:
        return self._encoding.bare(self._form.plain(album))

    def _written(self, mark: Mark) -> bytes:
        return self._marks.of(self._form.marks, *mark)

    def _keep(self, row: int, album: Album, fragment: bytes, version: int) -> None:
        self._fragments.put(row, fragment, version=version, library=album.library_id)
