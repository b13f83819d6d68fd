"""Collects what a scan writes besides albums and tracks, and writes it all at once."""

from sqlalchemy import Connection

from hydrophone.domain.ids import AlbumId, ArtworkId, LibraryId, TrackId
from hydrophone.domain.music import Album, Track
from hydrophone.domain.report import BY_READING, Note
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.storage.queries import counters, indexing, inventory, remarks
from hydrophone.storage.queries.inventory import OriginRecord


class Pending:
    """What nobody reads before the transaction ends, in which `flush` has to be the last call.

    A statement for some hundreds of files costs hardly more than one for those of an album.
    """

    def __init__(self, library_id: LibraryId, artists: ArtistBook, now: Timestamp) -> None:
        self._library_id = library_id
        self._artists = artists
        self._now = now
        self.albums: dict[AlbumId, Album] = {}
        """Those that are to be indexed, as they were written last; so are the tracks."""
        self.tracks: list[Track] = []
        self.lyrics: dict[TrackId, tuple[str, ...]] = {}
        self.origins: list[OriginRecord] = []
        self.pictures: dict[ArtworkId, str] = {}
        """{id: escaped path of the file that holds it}."""
        self.notes: dict[str, list[Note]] = {}
        """{escaped path of each file that was read: what there is to say about it}."""

    def flush(self, connection: Connection) -> None:
        """Write everything, within the caller's transaction, and say so if lists have changed.

        In the same one: a scan that is killed behind it has left nothing that servers do not see.
        """
        if self.albums or self.tracks:
            counters.bump(connection, counters.LIBRARY, self._now)
        self._artists.flush(connection)
        indexing.index_albums(connection, self.albums.values())
        indexing.index_tracks(connection, self.tracks)
        indexing.put_lyrics(connection, self.lyrics)
        inventory.put_origins(connection, self.origins)
        inventory.put_artwork(connection, self._library_id, self.pictures)
        remarks.put(connection, self._library_id, self.notes, BY_READING)
        for collected in (self.albums, self.tracks, self.lyrics, self.origins, self.pictures):
            collected.clear()
        self.notes.clear()
