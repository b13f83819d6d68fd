"""Scans one library whose plan is made: read, shelve, tidy up."""

import os
import time
from collections.abc import Callable, Sequence

import msgspec

from hydrophone.domain.ids import AlbumId, ArtworkId, FolderId, TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.report import BY_LISTING, BY_LOOKING, Note, RemarkKind
from hydrophone.errors import MediaError
from hydrophone.scanner.books import Books
from hydrophone.scanner.covers import read_covers
from hydrophone.scanner.cue_tracks import cut
from hydrophone.scanner.growing import Growing
from hydrophone.scanner.pipeline import Pipeline, ReadFolder
from hydrophone.scanner.plan import FolderWork, Plan
from hydrophone.scanner.shelving import Shelver
from hydrophone.scanner.turns import chunks
from hydrophone.scanner.unused_sheets import unused_sheets
from hydrophone.storage.queries import catalogue, former_files, inventory, libraries, remarks
from hydrophone.storage.queries.former_albums import Successor
from hydrophone.storage.queries.former_files import Return
from hydrophone.storage.queries.inventory import FolderRecord
from hydrophone.storage.queries.native_ids import local_path, native_id
from hydrophone.storage.tables.music import track

_BATCH_FILES = 500
"""Files, or the seconds until there are as many, after which what was read is written."""
_BATCH_SECONDS = 1.0
_MOST_SIBLINGS = 1000
"""In a folder with more files than that a compilation is told by what has changed alone."""
_MOST_WAITING = 10_000
"""Files that wait for others: a library that was encoded anew as a whole is not kept in memory."""
_BATCH = 100
"""Things of other kinds that are written at once."""


class LibraryScan:
    """One scan of one library; makes its counts and problems as it goes."""

    def __init__(
        self,
        books: Books,
        library: Library,
        plan: Plan,
        *,
        pipeline: Pipeline,
        growing: Growing,
    ) -> None:
        self._connection = books.connection
        self._turns = books.turns
        self._tracks = books.tracks
        self._albums = books.albums
        self._takeover = books.takeover
        self._now = books.now
        self._library = library
        self._plan = plan
        self._growing = growing
        self._covers, problems = read_covers(library, plan.covers, growing)
        self.problems = plan.problems + problems
        """What could not be read, but for audio files: those are in the inventory."""
        self.missing = 0
        """Tracks that are missing now and were not before."""
        self.shelver = Shelver(books, library, covers=self._current_covers())
        self._pipeline = pipeline

    def give_back(self) -> None:
        """Let copies have their files again that stood in for what is there again.

        Before anything is read, in any library.
        """
        returned = self._takeover.returned(self._library.id, self._plan)
        self._turns.write(returned, self._give_back, finish=self.shelver.flush)

    def read(self, progress: Callable[[int, int], None]) -> None:
        """Read and shelve what is new or has changed.

        `progress` is told how many files have to be read and how many have been.
        """
        with self._turns.transaction():
            inventory.put_folders(self._connection, self._plan.folders)
            pictures = {f.artwork_id: f.cover_paths()[0] for f in self._covers if f.artwork_id}
            inventory.put_artwork(self._connection, self._library.id, pictures)
        # Now, for later there are parts of files among those that are gone.
        vanished = chunks(list(map(local_path, self._plan.vanished)), _BATCH)
        self._turns.write(vanished, self._forget_remarks)
        self._read(progress)

    def finish(self) -> None:
        """See to what has gone; when all libraries were read, so that what has moved is known."""
        self._let_go()
        self._turns.write(chunks(self._covers, _BATCH), self._put_covers, finish=self.shelver.flush)
        bereft = chunks(self._plan.bereft, _BATCH)
        self._turns.write(bereft, self._refresh_albums, finish=self.shelver.flush)
        self._find_lost_pictures()
        sheets = list(unused_sheets(self._library.path, self._plan.sheeted))
        with self._turns.transaction():
            inventory.put_folder_times(self._connection, self._plan.times)
            self._note(sheets)
            libraries.finish_scan(
                self._connection,
                self._library.id,
                problem="",
                device=self._plan.device,
                now=self._now,
            )

    def _read(self, progress: Callable[[int, int], None]) -> None:
        for work in self._plan.work:
            self._pipeline.add(work)
        to_read = sum(work.file_count for work in self._plan.work)
        read = 0
        batch: list[ReadFolder] = []
        waiting: list[ReadFolder] = []
        began = time.monotonic()
        for read_folder in self._pipeline:
            read += len(read_folder.results)
            progress(to_read, read)
            folder = self._growing.leave_out(read_folder)
            if self._needs_siblings(folder):
                whole = self._whole(folder.work)
                to_read += whole.file_count
                self._pipeline.add(whole)
                continue
            folder = cut(self._library.path, folder)
            self._lose_parts(folder)
            (batch if self.shelver.arrived(folder) else waiting).append(folder)
            files = sum(len(folder.results) for folder in batch)
            if files >= _BATCH_FILES or time.monotonic() - began > _BATCH_SECONDS:
                self._write(batch)
                batch, began = [], time.monotonic()
            if sum(len(folder.results) for folder in waiting) >= _MOST_WAITING:
                self._write(waiting)
                waiting = []
        if batch or waiting:
            self._write(batch + waiting)
        progress(to_read, read)

    def _lose_parts(self, folder: ReadFolder) -> None:
        """Let go of tracks within files that a CUE sheet cuts anew, for the first time, or not."""
        now: dict[str, set[str]] = {}
        for file, _ in folder.results:
            path = folder.work.path_of(file)
            name = native_id(self._library.id, path)
            now.setdefault(name, set()).add(native_id(self._library.id, path, file.part))
        for name, parts in now.items():
            if gone := set(self._plan.parts.get(name, (name,))) - parts:
                self._plan.vanished |= dict.fromkeys(gone) | self._tracks.lose(gone)

    def _needs_siblings(self, folder: ReadFolder) -> bool:
        """Say whether changed files alone cannot tell whose album it is.

        Without an album artist in the tags only all files of an album together show whether it
        is one artist's or a compilation; and where an album in the folder has the same title, its
        files may only lack the artist or the release id that these ones tell.
        """
        work = folder.work
        if work.whole or not work.others or len(work.others) > _MOST_SIBLINGS:
            return False
        parsed = [answer for _, answer in folder.results if not isinstance(answer, MediaError)]
        return not all(tags.album_artists for tags in parsed) or self.shelver.parts_from_others(
            folder
        )

    def _whole(self, work: FolderWork) -> FolderWork:
        """Return work on all files of a folder."""
        others = {native_id(self._library.id, work.path_of(file)) for file in work.others}
        known = inventory.files(self._connection, work.id)
        for name in others:
            tracks = known[name].tracks
            self._tracks.expect({key: track_id for key, track_id in tracks.items() if track_id})
            if name not in tracks:
                self._plan.parts[name] = tuple(tracks)
        return msgspec.structs.replace(work, whole=True)

    def _write(self, folders: list[ReadFolder]) -> None:
        flush = self.shelver.flush
        self._turns.write(self.shelver.parts(folders), self.shelver.shelve, finish=flush)
        with self._turns.transaction():
            for folder in folders:
                self._report_unreadable(folder)
            flush()

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
        self._turns.write(chunks(list(self._plan.vanished), _BATCH), self._forget)
        lost = inventory.without_file(self._connection, self._library.id)
        self._turns.write(chunks(lost, _BATCH), self._mark_missing, finish=self.shelver.flush)
        bereft = former_files.bereft(self._connection, self._library.id)
        self._turns.write(chunks(bereft, _BATCH), self._find_copies, finish=self.shelver.flush)
        # By now all tracks are marked, so that an album is known to be empty.
        albums = self._takeover.albums(self._library.id)
        self._turns.write(albums, self._take_album, finish=self.shelver.flush)
        with self._turns.transaction():
            inventory.forget_folders(self._connection, self._plan.gone_folders)

    def _forget(self, native_ids: Sequence[str]) -> None:
        self._takeover.lose(inventory.forget_origins(self._connection, native_ids))

    def _forget_remarks(self, paths: Sequence[str]) -> None:
        remarks.clear(self._connection, self._library.id, paths)

    def _note(self, sheets: Sequence[tuple[str, Note]]) -> None:
        """Note what the look at folders has shown; of all else in them there is nothing to say.

        A folder's own links and name are shown by the folder above, and stay as they were where
        that was not looked at. Of a sheet it is said that it is of no use, rather than its name.
        """
        connection, library_id, seen = self._connection, self._library.id, self._plan.seen
        known = remarks.paths(connection, library_id, BY_LOOKING)
        if seen is not None:
            opened = [path for path in known if path in seen]
            remarks.clear(connection, library_id, opened, (RemarkKind.UNREADABLE,))
            known = [path for path in known if path.rpartition("/")[0] in seen]
        remarks.clear(connection, library_id, known, BY_LOOKING)
        unreadable = {p.path: [Note(RemarkKind.UNREADABLE, p.reason)] for p in self.problems}
        remarks.put(connection, library_id, unreadable, (RemarkKind.UNREADABLE,))
        listed = {path: [note] for path, note in (*self._plan.notes, *sheets)}
        remarks.put(connection, library_id, listed, BY_LISTING)

    def _mark_missing(self, tracks: Sequence[TrackId]) -> None:
        missing = inventory.mark_missing(self._connection, tracks, self._now)
        self.missing += len(missing) - self._find_copies(missing)

    def _find_copies(self, missing: Sequence[TrackId]) -> int:
        """Let missing tracks have the files of copies; return how many have got one."""
        places = catalogue.places(self._connection, track.c.id.in_(missing))
        taken = self._takeover.tracks(places, self._now)
        self.shelver.take_over(taken)
        self.shelver.album_writer.refresh({place.album_id for place in places})
        return len(taken)

    def _give_back(self, back: Return) -> None:
        tracks, albums = self._takeover.give_back(back, self._now)
        self.shelver.reindex(tracks)
        self.shelver.album_writer.refresh(albums)

    def _take_album(self, became: tuple[Successor, AlbumId]) -> None:
        found, original = became
        self.shelver.reindex(self._takeover.take_album(found, original))
        self.shelver.album_writer.refresh([found.album_id, original])

    def _current_covers(self) -> dict[FolderId, ArtworkId]:
        pictures = self._plan.pictures | {f.id: f.artwork_id for f in self._covers}
        found = {folder: picture for folder, picture in pictures.items() if picture}
        for lender, above in self._plan.lends.items():
            if lender in found:
                found.setdefault(above, found[lender])
        return found

    def _put_covers(self, covers: Sequence[FolderRecord]) -> None:
        """Write new covers together with the albums that show them: here, above, on discs below.

        That is among the last steps: a scan that was interrupted finds these covers new again.
        """
        inventory.put_folders(self._connection, covers)
        folders = [record.id for record in covers]
        folders += [self._plan.lends[id_] for id_ in folders if id_ in self._plan.lends]
        self._refresh_albums(folders)

    def _refresh_albums(self, folders: Sequence[FolderId]) -> None:
        """Bring albums up to date that are in these folders or, as discs, directly below."""
        folders = [*folders, *inventory.children(self._connection, folders)]
        places = catalogue.places(self._connection, track.c.folder_id.in_(folders))
        self.shelver.album_writer.refresh(
            {place.album_id for place in places} - self._albums.shelved
        )

    def _find_lost_pictures(self) -> None:
        """See to pictures whose file is gone or was changed; others may hold them, too."""
        files = [*self._plan.vanished, *self._plan.known]
        paths = [local_path(file) for file in files] + self._plan.former_covers
        self._turns.write(chunks(paths, _BATCH), self._rehome)

    def _rehome(self, paths: Sequence[str]) -> None:
        inventory.rehome_artwork(self._connection, self._library.id, paths)
