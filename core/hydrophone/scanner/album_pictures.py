"""Chooses the pictures of albums and their discs, of those beside and in the files."""

from collections.abc import Mapping, Sequence

from hydrophone.domain.ids import ArtworkId, FolderId
from hydrophone.domain.library import Library
from hydrophone.scanner.documents import artwork_id
from hydrophone.scanner.fallbacks import album_folder
from hydrophone.scanner.grouping import Entry
from hydrophone.scanner.identity import folder_id
from hydrophone.storage.queries.catalogue import TrackRecord


class AlbumPictures:
    """Knows the pictures in a library's folders. The rules: docs/explanation/scanning.md."""

    def __init__(self, library: Library, covers: Mapping[FolderId, ArtworkId]) -> None:
        self._library = library
        self._covers = covers

    def of_album(self, records: Sequence[TrackRecord]) -> ArtworkId | None:
        """Choose an album's picture: its folder's, else that of the first track with one."""
        if records:
            first = records[0].track
            cover = self._cover(first.folder_id, first.path.rpartition("/")[0])
            if cover is not None:
                return cover
        return next((r.own_artwork_id for r in records if r.own_artwork_id), None)

    def of_discs(
        self, records: Sequence[TrackRecord], album: ArtworkId | None
    ) -> dict[int, ArtworkId]:
        """Return the pictures of discs, where there are several, that are not the album's.

        That in the disc's own folder, else that of the disc's first track.
        """
        firsts: dict[int, TrackRecord] = {}
        for record in records:
            firsts.setdefault(record.track.disc_number or 1, record)
        if len(firsts) < 2:
            return {}
        pictures = {
            number: self._covers.get(first.track.folder_id) or first.own_artwork_id
            for number, first in firsts.items()
        }
        return {number: own for number, own in pictures.items() if own and own != album}

    def likely(
        self, folder: FolderId, path: str, group: Sequence[Entry], before: ArtworkId | None
    ) -> ArtworkId | None:
        """Guess what files without a picture will show, before all of the album is known.

        A right guess saves writing the tracks twice. `path` is the folder's, escaped; `before`
        what the album has shown so far.
        """
        own = self._covers.get(folder) or self._cover(folder, path)
        embedded = next((e.parsed.picture for e in group if e.parsed.picture), "")
        return own or before or artwork_id(embedded)

    def _cover(self, folder: FolderId, path: str) -> ArtworkId | None:
        """Return the picture in the album's folder, else in the folder of this one disc."""
        above = album_folder(path)
        if above == path:
            return self._covers.get(folder)
        return self._covers.get(folder_id(self._library.name, above)) or self._covers.get(folder)
