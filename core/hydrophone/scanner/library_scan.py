"""Scans one library whose plan is made: read, shelve, tidy up."""

import os
import time
from collections.abc import Callable

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, ArtworkId, FolderId, TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.units import Timestamp
from hydrophone.errors import MediaError
from hydrophone.scanner.album_ids import AlbumIds
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.batches import batches, chunks
from hydrophone.scanner.covers import read_covers
from hydrophone.scanner.diff import FolderWork, Plan, native_id
from hydrophone.scanner.pipeline import Pipeline, ReadFolder
from hydrophone.scanner.shelving import Part, Shelver
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.storage.database import transaction
from hydrophone.storage.queries import catalogue, counters, inventory
from hydrophone.storage.tables.music import track

BATCH_FILES = 500
"""Files written in one transaction: the server's own writes wait no longer than that takes."""
_BATCH_SECONDS = 1.0
_MOST_SIBLINGS = 1000
"""In a folder with more files than that a compilation is told by what has changed alone."""
_MOST_WAITING = 10_000
"""Files that wait for others: a library that was encoded anew as a whole is not kept in memory."""
_BATCH_ALBUMS = 100


class LibraryScan:
    """One scan of one library; makes its counts and problems as it goes."""

    def __init__(
        self,
        connection: Connection,
        library: Library,
        plan: Plan,
        *,
        pipeline: Pipeline,
        tracks: TrackIds,
        albums: AlbumIds,
        artists: ArtistBook,
        now: Timestamp,
    ) -> None:
        self._connection = connection
        self._library = library
        self._plan = plan
        self._tracks = tracks
        self._albums = albums
        self._now = now
        self._covers, problems = read_covers(library, plan.covers)
        self.problems = plan.problems + problems
        """What could not be read, but for audio files: those are in the inventory."""
        self.missing = 0
        """Tracks that are missing now and were not before."""
        self.shelver = Shelver(
            connection,
            library,
            tracks=tracks,
            albums=albums,
            artists=artists,
            covers=self._current_covers(),
            now=now,
        )
        self._pipeline = pipeline

    def read(self, progress: Callable[[int, int], None]) -> None:
        """Read and shelve what is new or has changed.

        `progress` is told how many files have to be read and how many have been.
        """
        with transaction(self._connection):
            inventory.put_folders(self._connection, self._plan.folders)
            pictures = {f.artwork_id: f.cover_paths()[0] for f in self._covers if f.artwork_id}
            inventory.put_artwork(self._connection, self._library.id, pictures)
        self._read(progress)

    def finish(self) -> None:
        """See to what has gone; when all libraries were read, so that what has moved is known."""
        self._let_go()
        self._put_covers()
        self._find_lost_pictures()
        with transaction(self._connection):
            inventory.finish(
                self._connection,
                self._library.id,
                problem="",
                device=self._plan.device,
                now=self._now,
            )
            counters.bump(self._connection, counters.LIBRARY)

    def _read(self, progress: Callable[[int, int], None]) -> None:
        for work in self._plan.work:
            self._pipeline.add(work)
        to_read = sum(work.file_count for work in self._plan.work)
        read = 0
        batch: list[ReadFolder] = []
        waiting: list[ReadFolder] = []
        began = time.monotonic()
        for folder in self._pipeline:
            read += len(folder.results)
            progress(to_read, read)
            if self._needs_siblings(folder):
                whole = self._whole(folder.work)
                to_read += whole.file_count
                self._pipeline.add(whole)
                continue
            (batch if self.shelver.arrived(folder) else waiting).append(folder)
            files = sum(len(folder.results) for folder in batch)
            if files >= BATCH_FILES or time.monotonic() - began > _BATCH_SECONDS:
                self._write(batch)
                batch, began = [], time.monotonic()
            if sum(len(folder.results) for folder in waiting) >= _MOST_WAITING:
                self._write(waiting)
                waiting = []
        self._write(batch + waiting)
        progress(to_read, read)

    def _needs_siblings(self, folder: ReadFolder) -> bool:
        """Say whether changed files alone cannot tell whose album it is.

        Without an album artist in the tags only all files of an album together show whether it
        is one artist's or a compilation.
        """
        work = folder.work
        if work.whole or not work.others or len(work.others) > _MOST_SIBLINGS:
            return False
        parsed = [answer for _, answer in folder.results if not isinstance(answer, MediaError)]
        return not all(tags.album_artists for tags in parsed)

    def _whole(self, work: FolderWork) -> FolderWork:
        """Return work on all files of a folder."""
        others = {native_id(self._library.id, work.path_of(file)) for file in work.others}
        known = inventory.files(self._connection, work.id)
        self._tracks.expect(
            {name: track_id for name in others if (track_id := known[name].track_id) is not None}
        )
        return msgspec.structs.replace(work, whole=True)

    def _write(self, folders: list[ReadFolder]) -> None:
        for some in batches(self.shelver.parts(folders), BATCH_FILES, _weight):
            with transaction(self._connection):
                for part in some:
                    self.shelver.shelve(part)
                counters.bump(self._connection, counters.LIBRARY)
        with transaction(self._connection):
            for folder in folders:
                self._report_unreadable(folder)

    def _report_unreadable(self, folder: ReadFolder) -> None:
        for file, answer in folder.results:
            if isinstance(answer, MediaError):
                path = os.path.join(self._library.path, folder.work.path_of(file))  # noqa: PTH118 - a str
                # A disk that was unmounted since the walk has no unreadable files: what is not
                # as it was found is left to the next scan.
                if file.is_at(path):
                    self.shelver.report(folder.work, file, str(answer))

    def _let_go(self) -> None:
        """Forget files and folders that are gone, mark tracks that have no file left."""
        plan = self._plan
        for gone in chunks(list(plan.vanished), BATCH_FILES):
            with transaction(self._connection):
                inventory.forget_origins(self._connection, gone)
        for tracks in chunks(list(self._tracks.free), BATCH_FILES):
            with transaction(self._connection):
                missing = inventory.mark_missing(self._connection, tracks, self._now)
                albums = self._albums_of(missing)
                self.shelver.refresh(albums)
            self.missing += len(missing)
        with transaction(self._connection):
            inventory.forget_folders(self._connection, plan.gone_folders)

    def _albums_of(self, tracks: list[TrackId]) -> set[AlbumId]:
        places = catalogue.places(self._connection, track.c.id.in_(tracks))
        return {place.album_id for place in places}

    def _current_covers(self) -> dict[FolderId, ArtworkId]:
        known = inventory.folders(self._connection, self._library.id)
        known |= {record.id: record for record in self._covers}
        return {record.id: record.artwork_id for record in known.values() if record.artwork_id}

    def _put_covers(self) -> None:
        """Write new covers together with the albums, here and on the discs below, that show them.

        That is the last step: a scan that was interrupted finds these covers new again.
        """
        for covers in chunks(self._covers, _BATCH_ALBUMS):
            folders = [record.id for record in covers]
            folders += inventory.children(self._connection, folders)
            places = catalogue.places(self._connection, track.c.folder_id.in_(folders))
            with transaction(self._connection):
                inventory.put_folders(self._connection, covers)
                self.shelver.refresh({place.album_id for place in places} - self._albums.shelved)

    def _find_lost_pictures(self) -> None:
        """See to pictures whose file is gone or was changed; others may hold them, too."""
        files = [*self._plan.vanished, *self._plan.known]
        paths = [file.partition("/")[2] for file in files] + self._plan.former_covers
        for some in chunks(paths, BATCH_FILES):
            with transaction(self._connection):
                inventory.rehome_artwork(self._connection, self._library.id, some)


def _weight(part: Part) -> int:
    return len(part.entries)
