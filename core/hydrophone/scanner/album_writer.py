"""Writes albums: what of them comes from their tracks, and the pictures that the tracks show."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, ArtworkId
from hydrophone.domain.library import Library
from hydrophone.domain.music import Album, Track
from hydrophone.scanner.album_ids import AlbumPlace
from hydrophone.scanner.album_pictures import AlbumPictures
from hydrophone.scanner.documents import album_from_tags, disc_titles, discs, with_tracks
from hydrophone.scanner.grouping import Entry
from hydrophone.scanner.pending import Pending
from hydrophone.storage.queries import catalogue
from hydrophone.storage.queries.catalogue import TrackRecord


class AlbumWriter:
    """Writes the albums of one library in a scan, within the caller's transaction."""

    def __init__(
        self,
        connection: Connection,
        library: Library,
        *,
        pictures: AlbumPictures,
        pending: Pending,
    ) -> None:
        self._connection = connection
        self._library = library
        self._pictures = pictures
        self._pending = pending

    def refresh(self, album_ids: Iterable[AlbumId]) -> None:
        """Bring albums up to date whose tracks or covers have changed without being read."""
        for identifier in album_ids:
            album = catalogue.album_by_id(self._connection, identifier)
            if album is not None:
                key = catalogue.key_of_album(self._connection, identifier)
                records = catalogue.tracks_of_album(self._connection, identifier)
                titles = disc_titles(album.discs, [record.track for record in records], {})
                is_here = album.library_id == self._library.id
                artwork = self._pictures.of_album(records) if is_here else album.artwork_id
                self._put_album(key, album, records, titles, artwork)

    def put(
        self,
        target: AlbumPlace,
        group: Sequence[Entry],
        records: Sequence[TrackRecord],
        everything: Sequence[TrackRecord],
    ) -> None:
        """Write the album of files that were read, with all its tracks.

        `records` are those of `group`; the album's own tags are those of the first track.
        """
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
        # It may have come from another library while its first track was not read yet.
        album = msgspec.structs.replace(album, library_id=self._library.id)
        read_titles = {
            record.track.id: entry.parsed.disc_title.title if entry.parsed.disc_title else ""
            for entry, record in zip(group, records, strict=True)
        }
        before = target.album.discs if target.album else ()
        titles = disc_titles(before, [record.track for record in everything], read_titles)
        artwork = self._pictures.of_album(everything)
        self._put_album(target.key, album, everything, titles, artwork)

    def _put_album(
        self,
        key: str,
        album: Album,
        records: Sequence[TrackRecord],
        titles: Mapping[int, str],
        artwork: ArtworkId | None,
    ) -> None:
        tracks = [record.track for record in records]
        pictures = self._pictures.of_discs(records, artwork)
        album = with_tracks(album, tracks, discs(titles, pictures), artwork)
        catalogue.put_album(self._connection, key, album)
        self._pending.albums[album.id] = album
        changed: list[Track] = []
        for record in records:
            track = record.track
            shown = record.own_artwork_id or pictures.get(track.disc_number or 1, artwork)
            if track.artwork_id != shown:
                changed.append(msgspec.structs.replace(track, artwork_id=shown))
        catalogue.put_track_documents(self._connection, changed)
