"""Puts files that were read onto the shelf: which track is it, on which album, by whom?"""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, ArtworkId, FolderId, TrackId
from hydrophone.domain.library import Library
from hydrophone.domain.music import Album, Disc, Track
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.album_ids import AlbumIds, AlbumPlace
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.diff import FolderWork, Plan, native_id
from hydrophone.scanner.documents import album_from_tags, artwork_id, build_track, with_tracks
from hydrophone.scanner.fallbacks import album_folder, complete
from hydrophone.scanner.identity import album_credits, album_keys, folder_id
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.folding import name_key
from hydrophone.storage.queries import catalogue, inventory
from hydrophone.storage.queries.catalogue import Place, TrackRecord


class Entry(Struct, frozen=True):
    """A file that was read, with names filled in where its tags are silent."""

    native_id: str
    path: str
    """Escaped, relative to the library's root."""
    file: FoundFile
    parsed: ParsedFile


class Shelver:
    """Writes what was read into the catalogue; one for each scan of a library.

    All methods write and expect to be called within a transaction.
    """

    def __init__(
        self,
        connection: Connection,
        library: Library,
        plan: Plan,
        artists: ArtistBook,
        covers: dict[FolderId, ArtworkId],
        now: Timestamp,
    ) -> None:
        self._connection = connection
        self._library = library
        self._artists = artists
        self._covers = covers
        self._now = now
        self._tracks = TrackIds(connection, plan)
        self._albums = AlbumIds(connection, library, self._tracks)
        self.touched: set[AlbumId] = set()
        """Albums that have lost tracks to others and are to be refreshed at the end."""
        self.added = 0
        self.changed = 0
        self.moved = 0
        self._known_files = plan.known

    def shelve(self, work: FolderWork, parsed: Iterable[tuple[FoundFile, ParsedFile]]) -> None:
        """Write the files of one folder."""
        folder = escape_path(work.path)
        entries = [self._entry(work, folder, file, tags) for file, tags in parsed]
        known = self._tracks.known({e.native_id: e.parsed.fingerprint for e in entries})
        for group in grouped(entries):
            self._shelve_group(work, folder, group, known)
        self._artists.flush(self._connection)

    def refresh(self, album_ids: Iterable[AlbumId]) -> None:
        """Bring albums up to date whose tracks or covers have changed without being read."""
        for identifier in album_ids:
            album = catalogue.album_by_id(self._connection, identifier)
            if album is not None:
                key = catalogue.key_of_album(self._connection, identifier)
                records = catalogue.tracks_of_album(self._connection, identifier)
                self._put_album(key, album, records, ())

    def report(self, work: FolderWork, file: FoundFile, problem: str) -> None:
        """Note that a file could not be read, and why; a track that it was goes missing."""
        path = f"{work.path}/{file.name}" if work.path else file.name
        self._put_origins([(work.id, native_id(self._library.id, path), None, file, problem)])

    def _entry(self, work: FolderWork, folder: str, file: FoundFile, parsed: ParsedFile) -> Entry:
        path = f"{work.path}/{file.name}" if work.path else file.name
        return Entry(
            native_id(self._library.id, path),
            escape_path(path),
            file,
            complete(parsed, folder, escape_path(file.name)),
        )

    def _shelve_group(
        self, work: FolderWork, folder: str, group: Sequence[Entry], known: dict[str, Place]
    ) -> None:
        first = group[0].parsed
        credits_ = album_credits([entry.parsed for entry in group])
        before = [known[entry.native_id] for entry in group if entry.native_id in known]
        target = self._albums.resolve(
            list(album_keys(first, credits_, folder)),
            before,
            work.id,
            {(e.parsed.disc_number, e.parsed.track_number) for e in group},
        )
        unknown = {e.native_id: e.parsed for e in group if e.native_id not in known}
        found = {**known, **self._tracks.in_place_of(target.id, unknown)}
        self.touched.update(p.album_id for p in before if p.album_id != target.id)
        self._count(group, found)

        likely = self._likely_artwork(work.id, folder, group, target)
        records = []
        for entry in group:
            place = found.get(entry.native_id)
            picture = artwork_id(entry.parsed.picture)
            track = build_track(
                entry.parsed,
                identifier=place.id if place else self._tracks.new(entry.parsed.fingerprint),
                album_id=target.id,
                album_credits=credits_,
                artists=self._artists,
                artwork=picture or likely,
                library_id=self._library.id,
                folder_id=work.id,
                path=entry.path,
                suffix=entry.file.suffix,
                size=entry.file.stat[0],
                created=place.created if place else self._came(entry.file),
            )
            records.append(
                TrackRecord(
                    track=track,
                    fingerprint=entry.parsed.fingerprint,
                    own_artwork_id=picture,
                )
            )
        self._artists.flush(self._connection)
        catalogue.put_tracks(self._connection, records)
        self._put_beside(work, group, records)
        self._put_group_album(target, group, records)

    def _count(self, group: Sequence[Entry], found: dict[str, Place]) -> None:
        for entry in group:
            if entry.native_id not in found:
                self.added += 1
            elif entry.native_id in self._known_files:
                self.changed += 1
            else:
                self.moved += 1

    def _put_beside(
        self, work: FolderWork, group: Sequence[Entry], records: Sequence[TrackRecord]
    ) -> None:
        """Write what belongs to the files: origins, pictures, lyrics."""
        tracks = [record.track for record in records]
        self._put_origins(
            [
                (work.id, entry.native_id, track.id, entry.file, "")
                for entry, track in zip(group, tracks, strict=True)
            ]
        )
        pictures = {
            record.own_artwork_id: entry.path
            for entry, record in zip(group, records, strict=True)
            if record.own_artwork_id
        }
        inventory.put_artwork(self._connection, self._library.id, pictures)
        catalogue.put_lyrics(
            self._connection,
            {track.id: e.parsed.lyrics for e, track in zip(group, tracks, strict=True)},
        )

    def _put_group_album(
        self, target: AlbumPlace, group: Sequence[Entry], records: Sequence[TrackRecord]
    ) -> None:
        """Write the album: its own tags are those of its first track."""
        everything = catalogue.tracks_of_album(self._connection, target.id)
        read = {record.track.id: entry.parsed for entry, record in zip(group, records, strict=True)}
        first = everything[0].track
        album = target.album
        if album is None or first.id in read:
            album = album_from_tags(
                target.id,
                read.get(first.id, group[0].parsed),
                records[0].track.album_artists,
                self._library.id,
            )
        discs = [entry.parsed.disc_title for entry in group if entry.parsed.disc_title]
        self._put_album(target.key, album, everything, discs)

    def _put_album(
        self, key: str, album: Album, records: Sequence[TrackRecord], discs: Sequence[Disc]
    ) -> None:
        artwork = self._artwork(records)
        tracks = [record.track for record in records]
        catalogue.put_album(self._connection, key, with_tracks(album, tracks, discs, artwork))
        catalogue.put_track_documents(
            self._connection, [self._shown(r, artwork) for r in records if _differs(r, artwork)]
        )

    def _shown(self, record: TrackRecord, artwork: ArtworkId | None) -> Track:
        return msgspec.structs.replace(record.track, artwork_id=record.own_artwork_id or artwork)

    def _artwork(self, records: Sequence[TrackRecord]) -> ArtworkId | None:
        """Choose an album's picture: its folder's, else that of the first track with one."""
        if records:
            first = records[0].track
            cover = self._cover(first.folder_id, first.path.rpartition("/")[0])
            if cover is not None:
                return cover
        return next((r.own_artwork_id for r in records if r.own_artwork_id), None)

    def _cover(self, folder: FolderId, path: str) -> ArtworkId | None:
        above = album_folder(path)
        if folder in self._covers or above == path:
            return self._covers.get(folder)
        return self._covers.get(folder_id(self._library.name, above))

    def _likely_artwork(
        self, folder: FolderId, path: str, group: Sequence[Entry], target: AlbumPlace
    ) -> ArtworkId | None:
        """Guess the album's picture, so that tracks need not be written again afterwards."""
        embedded = next((e.parsed.picture for e in group if e.parsed.picture), "")
        before = target.album.artwork_id if target.album else None
        return self._cover(folder, path) or before or artwork_id(embedded)

    def _came(self, file: FoundFile) -> Timestamp:
        """Say when a new file came: its own time, which a database made anew finds again."""
        return Timestamp(min(file.stat[1] // 1_000_000, self._now))

    def _put_origins(
        self, files: Sequence[tuple[FolderId, str, TrackId | None, FoundFile, str]]
    ) -> None:
        inventory.put_origins(
            self._connection,
            [
                inventory.OriginRecord(
                    native_id=name,
                    track_id=track,
                    library_id=self._library.id,
                    folder_id=folder,
                    size=file.stat[0],
                    mtime_ns=file.stat[1],
                    ctime_ns=file.stat[2],
                    problem=problem,
                )
                for folder, name, track, file, problem in files
            ],
        )


def grouped(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Cut the files of one folder into groups that are one album each.

    Files without album artist and release id join the only group of the same title that has
    them; a single file that was tagged later does not tear an album apart.
    """
    titles: dict[tuple[str, str], dict[tuple[str, ...], list[Entry]]] = {}
    for entry in entries:
        parsed = entry.parsed
        title = (name_key(parsed.album), name_key(parsed.edition))
        artists = tuple(name_key(credit.name) for credit in parsed.album_artists)
        titles.setdefault(title, {}).setdefault((parsed.release_id, *artists), []).append(entry)
    groups: list[list[Entry]] = []
    for variants in titles.values():
        if len(variants) == 2 and ("",) in variants:
            bare = variants.pop(("",))
            next(iter(variants.values())).extend(bare)
        groups.extend(variants.values())
    return groups


def _differs(record: TrackRecord, artwork: ArtworkId | None) -> bool:
    return record.track.artwork_id != (record.own_artwork_id or artwork)
