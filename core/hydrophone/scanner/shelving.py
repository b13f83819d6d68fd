"""Puts files that were read onto the shelf: which track is it, on which album, by whom?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from hydrophone.domain.ids import ArtworkId, FolderId, TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.music import Track
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import MediaError
from hydrophone.scanner.album_pictures import AlbumPictures
from hydrophone.scanner.album_writer import AlbumWriter
from hydrophone.scanner.books import Books
from hydrophone.scanner.documents import (
    artwork_id,
    build_track,
)
from hydrophone.scanner.fallbacks import complete
from hydrophone.scanner.grouping import Entry, grouped
from hydrophone.scanner.identity import album_credits, album_keys
from hydrophone.scanner.parsed import Credit
from hydrophone.scanner.pending import Pending
from hydrophone.scanner.pipeline import ReadFolder
from hydrophone.scanner.plan import FolderWork
from hydrophone.scanner.reading import reading_of
from hydrophone.scanner.remarks import notes
from hydrophone.scanner.splitting import Splitter
from hydrophone.scanner.turns import chunks
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import catalogue, former_albums
from hydrophone.storage.queries.catalogue import Place, TrackRecord
from hydrophone.storage.queries.inventory import OriginRecord
from hydrophone.storage.queries.native_ids import native_id
from hydrophone.storage.tables import music

PART_FILES = 200
"""Files of one album written at once; only heaps of untagged files have more."""


class Part(Struct, frozen=True, kw_only=True):
    """Files of one folder that are one album, or a piece of an album with very many files."""

    work: FolderWork
    entries: Sequence[Entry]
    credits: tuple[Credit, ...]
    """Whose album it is."""
    keys: tuple[str, ...]
    known: dict[str, Place]
    """{native id: track} for those files that are known."""


class Shelver:
    """Writes what was read into the catalogue; one for each library in a scan.

    `arrived`, `parts_from_others` and `parts` read, all other methods write and expect to be
    called within a transaction, of which `flush` is the end.
    """

    def __init__(
        self, books: Books, library: Library, *, covers: dict[FolderId, ArtworkId]
    ) -> None:
        self._connection = books.connection
        self._library = library
        self._reading = reading_of(books.rules)
        self._splitter = Splitter(books.rules)
        self._tracks = books.tracks
        self._albums = books.albums
        self._artists = books.artists
        self._pending = Pending(library.id, books.artists, books.now)
        self._pictures = AlbumPictures(library, covers)
        self.album_writer = AlbumWriter(
            books.connection, library, pictures=self._pictures, pending=self._pending
        )
        self._now = books.now
        self.added = 0
        """Files with tracks that were not known before."""
        self.changed = 0
        self.moved = 0
        """Files that were not known, with tracks that were."""

    def arrived(self, folder: ReadFolder) -> bool:
        """Note that a folder was read; say whether it can be shelved before the others."""
        return self._tracks.arrive(
            {
                native_id(self._library.id, folder.work.path_of(file), file.part): (
                    None if isinstance(answer, MediaError) else answer
                )
                for file, answer in folder.results
            }
        )

    def parts_from_others(self, folder: ReadFolder) -> bool:
        """Say whether files tell another album than one of their title that has tracks there."""
        places = catalogue.places(self._connection, music.track.c.folder_id == folder.work.id)
        there = {
            catalogue.key_of_album(self._connection, album.id): name_key(album.name)
            for identifier in {place.album_id for place in places}
            if (album := catalogue.album_by_id(self._connection, identifier))
        }
        return any(
            there[key] == name_key(part.entries[0].parsed.album)
            for part in _cut(folder.work, grouped(self._entries(folder)), {})
            for key in there.keys() - set(part.keys)
        )

    def parts(self, folders: Iterable[ReadFolder]) -> list[Part]:
        """Cut the files of folders that could be read into what is to be written at once.

        Files that stay on their album come first, so that others cannot take it with them.
        """
        shelves = []
        for folder in folders:
            self._note(folder)
            shelves.append((folder.work, self._entries(folder)))
        known = self._tracks.known(
            {e.native_id: e.parsed for _, entries in shelves for e in entries}
        )
        parts = [part for work, entries in shelves for part in _cut(work, grouped(entries), known)]
        return sorted(
            parts,
            key=lambda part: not self._albums.stays(self._library, part.keys, part.known.values()),
        )

    def take_over(self, taken: Mapping[TrackId, tuple[Track, tuple[str, ...]]]) -> None:
        """See to what follows when tracks have got the files of copies, {id: (track, lyrics)}."""
        self.moved += len(taken)
        self._pending.lyrics |= {identifier: words for identifier, (_, words) in taken.items()}
        self.reindex([track for track, _ in taken.values()])
        self.album_writer.refresh({track.album_id for track, _ in taken.values()})

    def reindex(self, tracks: Iterable[Track]) -> None:
        """Let tracks be found that were written without being read."""
        self._pending.tracks += tracks

    def report(self, work: FolderWork, file: FoundFile, problem: str) -> None:
        """Note that a file could not be read, and why; a track that it was goes missing."""
        name = native_id(self._library.id, work.path_of(file))
        self._put_origin(work.id, name, file, problem=problem)
        self._pending.notes[escape_path(work.path_of(file))] = []

    def flush(self) -> None:
        """Write what was collected, as the last step of a transaction."""
        self._pending.flush(self._connection)

    def _entries(self, folder: ReadFolder) -> list[Entry]:
        work = folder.work
        return [
            Entry(
                native_id(self._library.id, work.path_of(file), file.part),
                escape_path(work.path_of(file)),
                file,
                complete(
                    self._splitter.apply(answer), escape_path(work.path), escape_path(file.name)
                ),
            )
            for file, answer in folder.results
            if not isinstance(answer, MediaError)
        ]

    def _note(self, folder: ReadFolder) -> None:
        """Collect remarks; of the tracks into which a sheet cuts a file the first stands for it."""
        for file, answer in folder.results:
            if file.part <= 1 and not isinstance(answer, MediaError):
                path = escape_path(folder.work.path_of(file))
                self._pending.notes[path] = notes(answer)

    def shelve(self, part: Part) -> None:
        """Write files with their album."""
        work, group = part.work, part.entries
        known = part.known | self._replaced(part)
        before = known.values()
        target = self._albums.resolve(
            self._library,
            part.keys,
            before,
            work.id,
            {(e.parsed.disc_number, e.parsed.track_number) for e in group},
        )
        found = known
        if target.album is not None:
            unknown = {e.native_id: e.parsed for e in group if e.native_id not in known}
            found = known | self._tracks.in_place_of([target.id], unknown)
        self._count(work, group, found)

        shown = target.album.artwork_id if target.album else None
        likely = self._pictures.likely(work.id, escape_path(work.path), group, shown)
        records = []
        for entry in group:
            place = found.get(entry.native_id)
            picture = artwork_id(entry.parsed.picture)
            track = build_track(
                entry.parsed,
                identifier=place.id if place else self._tracks.new(entry.parsed.fingerprint),
                album_id=target.id,
                album_credits=part.credits,
                artists=self._artists,
                artwork=picture or likely,
                library_id=self._library.id,
                folder_id=work.id,
                path=entry.path,
                size=entry.size,
                created=place.created if place else self._came(entry.file),
            )
            records.append(
                TrackRecord(
                    track=track,
                    fingerprint=entry.parsed.fingerprint,
                    own_artwork_id=picture,
                )
            )
        left = {place.id: place.album_id for place in before if place.album_id != target.id}
        former_albums.put(self._connection, left, self._now)
        catalogue.put_tracks(self._connection, records)
        self._put_beside(work, group, records)
        if target.album is None and not found:
            everything = sorted(records, key=_number)
        else:
            everything = catalogue.tracks_of_album(self._connection, target.id)
        self.album_writer.put(target, group, records, everything)
        self.album_writer.refresh(set(left.values()))

    def _replaced(self, part: Part) -> dict[str, Place]:
        """Return {native id: track} for files that stand where others stood, by all their tags.

        Their album may be known by a release id that it did not have, or has no more.
        """
        if not self._tracks.has_lost:
            return {}
        unknown = {e.native_id: e.parsed for e in part.entries if e.native_id not in part.known}
        if not unknown:
            return {}
        albums = self._albums.titled(self._library, part.entries[0].parsed, part.credits)
        return self._tracks.in_place_of(albums, unknown)

    def _count(self, work: FolderWork, group: Sequence[Entry], found: dict[str, Place]) -> None:
        changed = {file.name for file in work.changed}
        for entry in group:
            if entry.native_id not in found:
                self.added += 1
            elif not self._tracks.was_known(entry.native_id):
                self.moved += 1
            elif entry.file.name in changed:
                self.changed += 1

    def _put_beside(
        self, work: FolderWork, group: Sequence[Entry], records: Sequence[TrackRecord]
    ) -> None:
        """Note what belongs to the files: origins, pictures, lyrics."""
        for entry, record in zip(group, records, strict=True):
            track = record.track
            start = entry.parsed.start
            self._put_origin(work.id, entry.native_id, entry.file, track_id=track.id, start=start)
            self._pending.tracks.append(track)
            self._pending.lyrics[track.id] = entry.parsed.lyrics
            if record.own_artwork_id:
                self._pending.pictures[record.own_artwork_id] = entry.path

    def _came(self, file: FoundFile) -> Timestamp:
        """Say when a new file came: its own time, which a database made anew finds again."""
        return Timestamp(min(file.stat[1] // 1_000_000, self._now))

    def _put_origin(
        self,
        folder: FolderId,
        name: str,
        file: FoundFile,
        *,
        track_id: TrackId | None = None,
        start: Seconds | None = None,
        problem: str = "",
    ) -> None:
        size, mtime_ns, ctime_ns = file.stat
        self._pending.origins.append(
            OriginRecord(
                native_id=name,
                track_id=track_id,
                library_id=self._library.id,
                folder_id=folder,
                start=start,
                size=size,
                mtime_ns=mtime_ns,
                ctime_ns=ctime_ns,
                problem=problem,
                reading=self._reading,
            )
        )


def _cut(
    work: FolderWork, groups: Iterable[Sequence[Entry]], known: Mapping[str, Place]
) -> Iterator[Part]:
    for group in groups:
        credits_ = album_credits([entry.parsed for entry in group])
        keys = tuple(album_keys(group[0].parsed, credits_, escape_path(work.path)))
        for piece in chunks(group, PART_FILES):
            own = {e.native_id: known[e.native_id] for e in piece if e.native_id in known}
            yield Part(work=work, entries=piece, credits=credits_, keys=keys, known=own)


def _number(record: TrackRecord) -> tuple[int, int]:
    """Sort as `catalogue.tracks_of_album` does, where tracks come in the order of their rows."""
    return record.track.disc_number, record.track.track_number
