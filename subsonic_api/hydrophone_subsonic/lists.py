"""Everything of one format that is kept written, and what has it written anew."""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Raw

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.server.protocols import ProtocolTools
from hydrophone.services.bundle import Services
from hydrophone_subsonic.ahead import between_changes
from hydrophone_subsonic.encoding.envelope import ItemEncoding
from hydrophone_subsonic.fragments import LIMIT, AlbumForm, AlbumFragments
from hydrophone_subsonic.listings import (
    Top,
    listed_artists,
    listed_directories,
    listed_episodes,
    listed_folders,
)
from hydrophone_subsonic.mapping.album import album_marks, plain_album_id3
from hydrophone_subsonic.mapping.child import marks_of, plain_album_directory
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.shelf import Shelf
from hydrophone_subsonic.songs import WrittenSongs
from hydrophone_subsonic.written_lists import WrittenLists
from hydrophone_subsonic.written_marks import WrittenMarks

Thing = TypeVar("Thing")

_DIRECTORIES = ByteCount(4 * 1024 * 1024)
"""Of albums as directories, for which few apps ask: some 3,500 for each format."""
_AT_REST = Seconds(2.0)
"""Some command beside the server may be scanning, of which it sees each second what is new."""


class Lists:
    """What writes lists in one format."""

    def __init__(self, services: Services, tools: ProtocolTools, encoding: ItemEncoding) -> None:
        """Have everything written that is sure to be asked for, now and after each change."""
        self._encoding = encoding
        shelf, marks = Shelf(), WrittenMarks(encoding)

        def until_scanned() -> Seconds:
            return between_changes() if services.scans.is_running else _AT_REST

        def albums(form: AlbumForm, limit: ByteCount) -> AlbumFragments:
            return AlbumFragments(
                services.albums, form, encoding, marks, limit=limit, quiet=until_scanned
            )

        self.albums = albums(AlbumForm(plain_album_id3, album_marks), LIMIT)
        self.album_directories = albums(AlbumForm(plain_album_directory, marks_of), _DIRECTORIES)
        artists, folders = listed_artists(services.artists), listed_folders(services.folders)
        directories = listed_directories(services.folders, marks)
        self.songs = WrittenSongs(encoding, marks, services.tracks.chosen, quiet=until_scanned)
        self.artists = WrittenLists(artists, encoding, shelf, quiet=until_scanned)
        self.folders = WrittenLists(folders, encoding, shelf, quiet=until_scanned)
        self.directories = WrittenLists(directories, encoding, shelf, quiet=until_scanned)
        self.episodes = WrittenLists(listed_episodes(services.podcasts), encoding, shelf)
        of_library = (
            self.albums,
            self.album_directories,
            self.songs,
            self.artists,
            self.folders,
            self.directories,
        )
        for ahead in (one.ahead for one in of_library):
            tools.on_library_change(ahead.changed)
            tools.background(ahead.run)
        tools.on_choice_change(self.songs.ahead.changed)
        tools.on_podcast_change(self.episodes.ahead.changed)
        tools.background(self.episodes.ahead.run)
        self.expect(services.libraries.everything)
        for library in services.libraries.folders:
            self.directories.expect(Top(library, str(library)))
        self.episodes.expect(None)

    def each(self, element: str, convert: Callable[[Thing], Wire]) -> Callable[[Thing], Raw]:
        """Return what writes one thing as it is to stand in a list, for services to call."""
        return lambda thing: Raw(self._encoding.item(element, convert(thing)))

    def expect(self, libraries: tuple[LibraryId, ...]) -> None:
        """Have written ahead what users of these libraries will ask for."""
        # Who has not logged in has none, and all orders would be loaded for an empty list.
        if libraries:
            self.artists.expect(libraries)
            self.folders.expect(libraries)
