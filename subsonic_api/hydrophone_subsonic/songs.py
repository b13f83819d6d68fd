"""Songs that are written already: of playlists and queues and starred ones, which apps ask for."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from msgspec import Raw

from hydrophone.domain.ids import TrackId
from hydrophone.domain.stored_track import AnyTrack, StoredTrack
from hydrophone.domain.units import ByteCount
from hydrophone_subsonic.ahead import Ahead, Quiet, Rest, between_changes
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.mapping.child import marks_of, plain_song, song
from hydrophone_subsonic.written_marks import WrittenMarks

LIMIT = ByteCount(4 * 1024 * 1024)
"""For each format: some 3,000 songs."""

_OVERHEAD = 350
"""Bytes that Python needs to keep one song, beside the song as written."""
_LEAST = 1000
"""Bytes that hardly any song takes less of."""


class WrittenSongs:
    """Writes songs in one format, of which those that were shown last are written already.

    They are kept without anything of a user, which is added each time. Whether a song is still
    what it was is seen by its document, so nothing has to say that it has changed. From the start
    on, what is in queues and playlists or starred is written ahead, as far as there is room.
    """

    def __init__(
        self,
        encoding: ItemEncoding,
        marks: WrittenMarks,
        chosen: Callable[[int], AsyncGenerator[Sequence[StoredTrack], None]],
        *,
        limit: ByteCount = LIMIT,
        quiet: Quiet = between_changes,
    ) -> None:
        """Keep nothing yet.

        `chosen` yields the tracks to be written ahead, as many as are asked for at most, some at a
        time; for `quiet` see `Ahead`.
        """
        self._chosen = chosen
        self._encoding = encoding
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[TrackId, tuple[int, bytes]] = OrderedDict()
        """By id: the hash of a document, and what it was written as."""
        self._marks = marks
        self.ahead = Ahead(self._write_ahead, quiet)
        self.ahead.begin()

    def each(self, element: str) -> Callable[[AnyTrack], Raw]:
        """Return what writes a song as it is to stand in a list, with its viewer's marks."""
        encoding, marks, bare = self._encoding, self._marks.of, self._bare

        def write(track: AnyTrack) -> Raw:
            if not isinstance(track, StoredTrack):
                return Raw(encoding.item(element, song(track)))
            its_own = marks(marks_of, track.annotation, track.average_rating)
            return Raw(encoding.marked(element, bare(track), its_own))

        return write

    async def _write_ahead(self, rest: Rest) -> None:
        room = int(self._limit)
        async with aclosing(self._chosen(room // _LEAST)) as chosen:
            async for some in chosen:
                for track in some:
                    if room < self._limit // 10:
                        # The next ones would drive out the first.
                        return
                    room -= _size(self._bare(track))
                await rest()

    def _bare(self, track: StoredTrack) -> bytes:
        mark = hash(track.document)
        kept = self._kept.get(track.id)
        if kept is not None and kept[0] == mark:
            self._kept.move_to_end(track.id)
            return kept[1]
        written = self._encoding.bare(plain_song(track.plain()))
        self._keep(track.id, mark, written)
        return written

    def _keep(self, identifier: TrackId, mark: int, written: bytes) -> None:
        before = self._kept.pop(identifier, None)
        if before is not None:
            self._size -= _size(before[1])
        self._kept[identifier] = mark, written
        self._size += _size(written)
        while self._size > self._limit:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._size -= _size(dropped)


def _size(written: bytes) -> int:
    return len(written) + _OVERHEAD
