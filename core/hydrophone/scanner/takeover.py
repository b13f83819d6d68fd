"""Lets tracks and albums that are what others were have their ids, with all that hangs on them.

A move may be a copy and, later, a deletion: so do `mv` from one file system to another and many
file managers. When a scan has seen both files, the copy has an id of its own; once the original
is gone, its id with all that users have left on it goes over to the copy. A database made anew
from the files that are left would have given the copy that id, too. The copy's own id goes on
working as another name of the same track. So it is with a better file of the same song that has
lain beside the old one for a while.

An album may be copied so, or be retagged one file after the other: it becomes another album, track
by track, in several scans. Once nothing is left of the first, the other has its id.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, LibraryId, TrackId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.identity import may_be
from hydrophone.scanner.plan import Plan
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.scanner.turns import chunks
from hydrophone.storage.queries import catalogue, former_albums, former_files, lyrics, takeover
from hydrophone.storage.queries.catalogue import Place
from hydrophone.storage.queries.former_albums import Successor
from hydrophone.storage.queries.former_files import Return
from hydrophone.storage.queries.inventory import LostFile
from hydrophone.storage.queries.native_ids import native_id
from hydrophone.storage.tables import music

_FILES_AT_ONCE = 500


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
        self._lost: dict[TrackId, LostFile] = {}
        self._like: dict[AlbumId, list[AlbumId]] = {}

    def returned(self, library_id: LibraryId, plan: Plan) -> Iterator[Return]:
        """Yield what has the file of a copy, and finds its own as it was among those of a plan.

        It is to be called before any file is read. Files that are known do not come back.
        """
        if not former_files.some(self._connection):
            return
        files = [
            (native_id(library_id, work.path_of(file)), file.stat[:2])
            for work in plan.work
            for file in work.changed
        ]
        files = [
            (name, stat)
            for name, stat in files
            if name not in plan.known and name not in plan.parts
        ]
        for some in chunks(files, _FILES_AT_ONCE):
            for back in former_files.returned(self._connection, dict(some)):
                if back.track_id not in self._tracks.free:
                    yield back

    def give_back(self, back: Return, now: Timestamp) -> tuple[list[Track], set[AlbumId]]:
        """Let a copy be what it was before the take-over; return its track, and all albums.

        The other track is free for its own file then. Which that is stays noted until it has
        it: if it cannot be read, the track takes over the copy's again.
        """
        places = catalogue.places(
            self._connection, music.track.c.id.in_([back.track_id, back.copy_id])
        )
        albums = {place.album_id for place in places}
        tracks = takeover.give_back(self._connection, back, now)
        self._tracks.give_back(back.track_id, back.copy_id)
        return tracks, albums

    def lose(self, files: Mapping[TrackId, LostFile]) -> None:
        """Note which files tracks have lost: copies may have to give theirs back one day."""
        self._lost |= files

    def tracks(
        self, missing: Collection[Place], now: Timestamp
    ) -> dict[TrackId, tuple[Track, tuple[str, ...]]]:
        """Give newly missing tracks the files of copies; return {id: (track, its lyrics)}.

        A copy that is older than the missing track stays what it is: there, the copy was deleted.
        """
        taken: dict[TrackId, tuple[Track, tuple[str, ...]]] = {}
        left: dict[TrackId, AlbumId] = {}
        for original in missing:
            copy = self._copy_of(original)
            if copy is None:
                continue
            track = takeover.take_file(self._connection, copy, original, now)
            if (lost := self._lost.get(original.id)) is not None:
                taken_over = Return(
                    track_id=original.id, copy_id=copy.id, fingerprint=original.fingerprint
                )
                former_files.put(self._connection, taken_over, lost, now)
            takeover.move_track_traces(self._connection, copy.id, original.id, now)
            words = tuple(lyrics.embedded(self._connection, copy.id))
            self._tracks.take_over(original)
            if copy.album_id != original.album_id:
                left[original.id] = original.album_id
            taken[original.id] = track, words
        former_albums.put(self._connection, left, now)
        return taken

    def albums(self, library_id: LibraryId) -> Iterator[tuple[Successor, AlbumId]]:
        """Yield (album of a library, empty one that it was before or that has joined it).

        Each is to be taken before the next is asked for: two may have become the same one. All
        that are empty are asked, also those of a scan that was interrupted.
        """
        for original in former_albums.emptied(self._connection):
            found = former_albums.successor(self._connection, original)
            album = found and catalogue.album_by_id(self._connection, found.album_id)
            if found and album and album.library_id == library_id:
                yield found, original

    def take_album(self, found: Successor, original: AlbumId) -> list[Track]:
        """Turn an album into the older one, or let that be a name of it; return what to index."""
        if not found.is_other:
            return takeover.take_album(self._connection, found.album_id, original)
        takeover.join_album(self._connection, original, found.album_id)
        return []

    def _copy_of(self, original: Place) -> Place | None:
        copies = takeover.later_copies(
            self._connection, original, self._albums_like(original.album_id), self._libraries
        )
        return next((copy for copy in copies if not self._tracks.is_gone(copy)), None)

    def _albums_like(self, album_id: AlbumId) -> list[AlbumId]:
        """Return the albums in its library that may be this one, itself among them."""
        if album_id not in self._like:
            album = catalogue.album_by_id(self._connection, album_id)
            if album is None:
                raise AssertionError("an album of tracks is known")
            titled = catalogue.albums_titled(self._connection, album.library_id, album.name)
            tags = album.artists, album.name, album.edition, album.musicbrainz_id
            self._like[album_id] = [one.id for one in titled if may_be(one, *tags)]
        return self._like[album_id]
