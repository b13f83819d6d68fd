"""Finds the album that a group of files belongs to; an album keeps its id when it is retagged."""

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, FolderId
from hydrophone.domain.library import Library
from hydrophone.domain.music import Album
from hydrophone.scanner.identity import album_id
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
    """Resolves groups of files to albums, for one scan of one library."""

    def __init__(self, connection: Connection, library: Library, tracks: TrackIds) -> None:
        self._connection = connection
        self._library = library
        self._tracks = tracks

    def resolve(
        self,
        keys: Sequence[str],
        known: Collection[Place],
        folder_id: FolderId,
        numbers: Collection[tuple[int, int]],
    ) -> AlbumPlace:
        """Return the album for files of one folder.

        `keys` are those of `identity.album_keys`; `known` are the tracks that the files were
        before; `numbers` are their (disc, track) numbers. A key whose album has the same
        numbers in another folder means two different discs, and the next key is tried.
        """
        for key in keys:
            found = catalogue.album_by_key(self._connection, self._library.id, key)
            if found is None:
                before = self._retagged(known)
                if before is not None:
                    return AlbumPlace(before.id, key, before)
                return AlbumPlace(self._new_id(key), key, None)
            if key == keys[-1] or not self._collides(found.id, known, folder_id, numbers):
                return AlbumPlace(found.id, key, found)
        raise AssertionError("album_keys yields at least one key")

    def _retagged(self, known: Collection[Place]) -> Album | None:
        """Return the album that all these files were, if nothing else is left of it."""
        before = {place.album_id for place in known}
        if len(before) != 1:
            return None
        (identifier,) = before
        remaining = catalogue.places(self._connection, track.c.album_id == identifier)
        if not self._tracks.will_leave(remaining):
            return None
        return catalogue.album_by_id(self._connection, identifier)

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

    def _new_id(self, key: str) -> AlbumId:
        """Return the id for a key; another one if an album that was retagged still has it."""
        suffix = ""
        count = 1
        while True:
            identifier = album_id(key + suffix)
            if catalogue.album_by_id(self._connection, identifier) is None:
                return identifier
            count += 1
            suffix = f"\x1f{self._library.name}\x1f{count}"
