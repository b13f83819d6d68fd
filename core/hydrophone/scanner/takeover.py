"""Lets a copy take the place of its original: a move may be a copy and, later, a deletion.

So do `mv` from one file system to another and many file managers. When a scan has seen both
files, the copy has an id of its own; once the original is gone, its id with all that users have
left on it goes over to the copy. A database made anew from the files that are left would have
given the copy that id, too. The copy's own id goes on working as another name of the same track.
So it is with a better file of the same song that has lain beside the old one for a while.
"""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, LibraryId, TrackId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.storage.queries import catalogue, lyrics, takeover
from hydrophone.storage.queries.catalogue import Place


class Takeover:
    """Finds and makes the takeovers of one scan of all libraries.

    `tracks` and `take_album` write, within the caller's transaction; what they return is to be
    indexed, and its albums are to be brought up to date.
    """

    def __init__(
        self, connection: Connection, tracks: TrackIds, libraries: Iterable[LibraryId]
    ) -> None:
        self._connection = connection
        self._tracks = tracks
        self._libraries = frozenset(libraries)
        """Those whose files were looked at: elsewhere a copy may be on a disk that is not there."""
        self._former: dict[AlbumId, dict[TrackId, AlbumId]] = {}
        """Of albums of copies: {track that took one's place: album on which that was}."""

    def tracks(
        self, missing: Collection[Place], now: Timestamp
    ) -> dict[TrackId, tuple[Track, tuple[str, ...]]]:
        """Give newly missing tracks the files of copies; return {id: (track, its lyrics)}.

        A copy that is older than the missing track stays what it is: there, the copy was deleted.
        """
        taken: dict[TrackId, tuple[Track, tuple[str, ...]]] = {}
        for original in missing:
            copy = self._copy_of(original)
            if copy is None:
                continue
            track = takeover.take_file(self._connection, copy, original, now)
            takeover.move_track_traces(self._connection, copy.id, original.id, now)
            words = tuple(lyrics.embedded(self._connection, copy.id))
            self._tracks.take_over(original)
            self._former.setdefault(copy.album_id, {})[original.id] = original.album_id
            taken[original.id] = track, words
        return taken

    def albums(self) -> Iterator[tuple[AlbumId, AlbumId]]:
        """Yield (album, older one) where all tracks of the first are those of the empty second.

        Each is to be taken before the next is asked for: two may come from the same one.
        """
        for copy, former in list(self._former.items()):
            here = catalogue.tracks_of_album(self._connection, copy)
            before = {former.get(record.track.id) for record in here}
            [original] = before if len(before) == 1 else {None}
            if original in (None, copy):
                continue
            if not catalogue.tracks_of_album(self._connection, original):
                yield copy, original

    def take_album(self, copy: AlbumId, original: AlbumId) -> list[Track]:
        """Turn an album into the older one; return its tracks."""
        del self._former[copy]
        return takeover.take_album(self._connection, copy, original)

    def _copy_of(self, original: Place) -> Place | None:
        copies = takeover.later_copies(self._connection, original, self._libraries)
        return next((copy for copy in copies if not self._tracks.is_gone(copy)), None)
