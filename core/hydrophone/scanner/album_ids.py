"""Finds the album that a group of files belongs to; an album keeps its id when it is retagged."""

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, FolderId
from hydrophone.domain.library import Library
from hydrophone.domain.music import Album
from hydrophone.scanner.identity import album_id, may_be
from hydrophone.scanner.parsed import Credit, ParsedFile
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.storage.queries import catalogue
from hydrophone.storage.queries.catalogue import Place
from hydrophone.storage.tables.music import track


class AlbumPlace(Struct, frozen=True):
    """The album that was found or is to be made."""

    id: AlbumId
    key: str
    album: Album | None
    """As it was; `None` if it is new."""


class AlbumIds:
    """Resolves groups of files to albums, for one scan of all libraries."""

    def __init__(self, connection: Connection, tracks: TrackIds) -> None:
        self._connection = connection
        self._tracks = tracks
        self.shelved: set[AlbumId] = set()
        """Albums that files were put on in this scan: what else was on them cannot rename them."""

    def stays(self, library: Library, keys: Sequence[str], known: Collection[Place]) -> bool:
        """Say whether files are still on the album on which their tracks were."""
        return self._same(library, keys, known) is not None

    def titled(
        self, library: Library, parsed: ParsedFile, credits_: Sequence[Credit]
    ) -> list[AlbumId]:
        """Return the albums that a file's tags may mean, with and without a release id."""
        return [
            album.id
            for album in catalogue.albums_titled(self._connection, library.id, parsed.album)
            if may_be(album, credits_, parsed.album, parsed.edition, parsed.release_id)
        ]

    def resolve(
        self,
        library: Library,
        keys: Sequence[str],
        known: Collection[Place],
        folder_id: FolderId,
        numbers: Collection[tuple[int, int]],
    ) -> AlbumPlace:
        """Return the album for files of one folder.

        `keys` are those of `identity.album_keys`; `known` are the tracks that the files were
        before; `numbers` are their (disc, track) numbers. Files whose album may still be known
        by one of the keys stay on it. Else a key whose album has the same numbers in another
        folder means two different discs, and the next key is tried; new files that
        collide with none belong to the album that is in their folder, if there is one.
        """
        place = self._same(library, keys, known) or self._by_keys(
            library, keys, known, folder_id, numbers
        )
        self.shelved.add(place.id)
        return place

    def _same(
        self, library: Library, keys: Sequence[str], known: Collection[Place]
    ) -> AlbumPlace | None:
        """Return the album on which all these files were, if they do not tell another."""
        before = {place.album_id for place in known}
        if len(before) != 1:
            return None
        album = catalogue.album_by_id(self._connection, *before)
        if album is None or album.library_id != library.id:
            return None
        key = catalogue.key_of_album(self._connection, album.id)
        return AlbumPlace(album.id, key, album) if key in keys else None

    def _by_keys(
        self,
        library: Library,
        keys: Sequence[str],
        known: Collection[Place],
        folder_id: FolderId,
        numbers: Collection[tuple[int, int]],
    ) -> AlbumPlace:
        for key in keys:
            found = catalogue.album_by_key(self._connection, library.id, key)
            if found is None:
                before = self._retagged(library, known)
                if before is not None:
                    return AlbumPlace(before.id, key, before)
                return AlbumPlace(self._new_id(library, key), key, None)
            if key == keys[-1] or not self._collides(found.id, known, folder_id, numbers):
                beside = None if known else self._beside(library, keys, folder_id)
                return beside or AlbumPlace(found.id, key, found)
        raise AssertionError("album_keys yields at least one key")

    def _beside(
        self, library: Library, keys: Sequence[str], folder_id: FolderId
    ) -> AlbumPlace | None:
        """Return the album of one of these keys that has tracks in a folder, the last key first.

        A bonus track need not have the number of another disc to belong to the files beside it.
        """
        for key in reversed(keys):
            album = catalogue.album_by_key(self._connection, library.id, key)
            if album is not None:
                here = catalogue.places(
                    self._connection,
                    track.c.album_id == album.id,
                    track.c.folder_id == folder_id,
                )
                if not all(map(self._tracks.is_gone, here)):
                    return AlbumPlace(album.id, key, album)
        return None

    def _retagged(self, library: Library, known: Collection[Place]) -> Album | None:
        """Return the album that all these files were, if nothing else is left of it.

        From another library it comes only with all its files: those that are still there cannot
        follow it, whatever they tell now.
        """
        before = {place.album_id for place in known}
        if len(before) != 1 or before <= self.shelved:
            return None
        (identifier,) = before
        own = {place.id for place in known}
        album = catalogue.album_by_id(self._connection, identifier)
        is_here = album is not None and album.library_id == library.id
        may_leave = self._tracks.may_leave if is_here else self._tracks.has_left
        remaining = catalogue.places(self._connection, track.c.album_id == identifier)
        return album if all(one.id in own or may_leave(one) for one in remaining) else None

    def _collides(
        self,
        identifier: AlbumId,
        known: Collection[Place],
        folder_id: FolderId,
        numbers: Collection[tuple[int, int]],
    ) -> bool:
        own = {place.id for place in known}
        return any(
            place.folder_id != folder_id
            and place.id not in own
            and place.track_number
            and (place.disc_number, place.track_number) in numbers
            and not self._tracks.is_gone(place)
            for place in catalogue.places(self._connection, track.c.album_id == identifier)
        )

    def _new_id(self, library: Library, key: str) -> AlbumId:
        """Return the id for a key; another one if an album that was retagged still has it."""
        suffix = ""
        count = 1
        while True:
            identifier = album_id(key + suffix)
            if catalogue.album_by_id(self._connection, identifier) is None:
                return identifier
            count += 1
            suffix = f"\x1f{library.name}\x1f{count}"
