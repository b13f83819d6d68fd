"""Library roots, their folders, and scans of them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from hydrophone.domain.annotation import UNTOUCHED, Annotation
from hydrophone.domain.ids import FolderId, LibraryId
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.video import Video

Item = TypeVar("Item")


class Library(Struct, frozen=True, kw_only=True):
    """A root folder of music, as configured, or what a source has."""

    id: LibraryId
    name: str
    path: str
    """Empty for a source."""
    source: str = ""
    """The instance of the plugin; empty for a folder."""


class Folder(Struct, frozen=True, kw_only=True, gc=False):
    """A real folder below a library root."""

    id: FolderId
    library_id: LibraryId
    parent_id: FolderId | None
    """`None` for the root itself."""
    name: str
    """The last part of its path; the library's name for the root."""
    album: Album | None = None
    """The album that its own files make up, if they make up exactly one."""
    annotation: Annotation = UNTOUCHED
    """By the asking user, on the artist that it stands for."""
    average_rating: float = 0
    """Of that artist, as in `Artist`."""


class FolderListing(Struct, frozen=True, kw_only=True):
    """One folder with what lies directly in it, each part in natural order."""

    folder: Folder
    folders: tuple[Folder, ...]
    albums: tuple[Album, ...] = ()
    """Of a source; in real folders albums are folders."""
    tracks: tuple[Track, ...]
    videos: tuple[Video, ...]


class AlbumWithTracks(Struct, frozen=True, kw_only=True):
    """An album with its tracks by disc and number."""

    album: Album
    tracks: tuple[Track, ...]


class ArtistWithAlbums(Struct, frozen=True, kw_only=True):
    """An artist with the albums that bear the name, and those on which it only features."""

    artist: Artist
    albums: tuple[Album, ...]
    """By year, then name. Album artist's first; if there are none, those it features on."""


class AlbumListKind(StrEnum):
    """What an album list may be ordered by or filtered to; the values are Subsonic's words."""

    NEWEST = "newest"
    BY_NAME = "alphabeticalByName"
    BY_ARTIST = "alphabeticalByArtist"
    BY_YEAR = "byYear"
    BY_GENRE = "byGenre"
    RANDOM = "random"
    FREQUENT = "frequent"
    RECENT = "recent"
    HIGHEST = "highest"
    STARRED = "starred"


class Page(Struct, frozen=True, kw_only=True):
    """A window into an ordered list."""

    offset: int = 0
    size: int = 10

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return what of a list is in the window; beyond its end that is nothing."""
        return items[self.offset : self.offset + self.size]


class AlbumListQuery(Struct, frozen=True, kw_only=True):
    """Which albums, in which order."""

    kind: AlbumListKind
    page: Page = Page()
    library_id: int | None = None
    """Only this library; an unknown one gives an empty list."""
    from_year: int = 0
    to_year: int = 0
    """For BY_YEAR, both inclusive; `from_year > to_year` means newest first."""
    genre: str = ""
    """For BY_GENRE."""


class AlbumPage(Struct, frozen=True, kw_only=True):
    """A window of an album list, with the length of the whole."""

    rows: Sequence[int]
    """The row numbers of the albums."""
    total: int


class AlbumsByRow(Struct, frozen=True, kw_only=True):
    """Some albums by their row numbers, as they are in one version of the library."""

    version: int
    """Goes up whenever a scan has changed something; an album then may be another."""
    albums: dict[int, Album]


Mark = tuple[Annotation, float]
"""What a user has left on something, and what all have rated it on average."""


class MarksByRow(Struct, frozen=True, kw_only=True):
    """What a user has of some things by their row numbers, in one version of the library."""

    version: int
    """As in `AlbumsByRow`."""
    marks: dict[int, Mark]
    """Without those on which the user has never left anything, and nobody has a rating."""


class ArtistLetter(Struct, frozen=True, kw_only=True):
    """A heading of the index with the album artists below it, in collation order."""

    name: str
    keys: Sequence[int]
    """Their row numbers."""
    album_counts: Sequence[int]
    """The numbers of their albums in the libraries that were asked for."""
    mark: int
    """Another one as soon as anything about them is another."""


class FolderLetter(Struct, frozen=True, kw_only=True):
    """A heading of the index with the folders at the top below it, in natural order."""

    name: str
    keys: Sequence[FolderId]
    names: Sequence[str]
    """What the folders of `keys` are called."""
    albums: Sequence[int]
    """The row of the album that each folder stands for; 0 if for none, or not exactly one."""
    artists: Sequence[int]
    """The row of the artist that each folder stands for; 0 if for none."""
    mark: int
    """As in `ArtistLetter`."""


class LeftAtTop(Struct, frozen=True, kw_only=True):
    """What is for a user not what it is for all, of the folders at the top."""

    albums: dict[FolderId, Mark]
    """Of folders that are an album; so the next one."""
    artists: dict[FolderId, Mark]
    """Star and rating alone."""


class MarkedFolder(Struct, frozen=True, kw_only=True):
    """A folder at the top with what has been left on its album or artist."""

    id: FolderId
    name: str
    annotation: Annotation
    """By the asking user."""
    average_rating: float
    """As in `Album`."""


class RandomTracksQuery(Struct, frozen=True, kw_only=True):
    """Which tracks may be drawn."""

    size: int = 10
    genre: str = ""
    from_year: int = 0
    to_year: int = 0
    """Both inclusive; 0 = open."""
    library_id: int | None = None


class Starred(Struct, frozen=True, kw_only=True):
    """All that a user has starred, newest star first in each part."""

    artists: tuple[Artist, ...]
    albums: Sequence[int]
    """The row numbers of the albums."""
    tracks: tuple[StoredTrack, ...]
    videos: tuple[Video, ...]


class ScanProblem(Struct, frozen=True, kw_only=True):
    """A file or a library that could not be read, with the reason for a person."""

    library: str
    path: str
    """Relative to the library's root; empty if the whole library is meant."""
    reason: str


class ScanSummary(Struct, frozen=True, kw_only=True):
    """What a scan has found and done."""

    found: int = 0
    """Audio and video files seen."""
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    """Tracks and videos that have gone missing in this scan."""
    unchanged: int = 0
    growing: dict[LibraryId, tuple[str, ...]] = {}
    """{library: escaped paths} of files that were being written, and are left for later."""
    problems: tuple[ScanProblem, ...] = ()
    """At most 1,000; `problem_count` has them all."""
    problem_count: int = 0
    remark_count: int = 0
    """Files, folders and pictures that a report lists, duplicates aside."""
    seconds: Seconds = Seconds(0)


class LibraryStatus(Struct, frozen=True, kw_only=True):
    """How a library stands: for its admin, since it names folders."""

    id: LibraryId
    name: str
    path: str
    problem: str = ""
    """Why its scan is paused, in one sentence; empty if it is not."""
    polled: str = ""
    """Why a server cannot watch it and polls it instead; empty if it is watched."""
    scanned: Timestamp | None = None
    """When it was last looked at; `None` before its first scan."""


class ScanStatus(Struct, frozen=True, kw_only=True):
    """How far the library is known; answered from memory."""

    scanning: bool
    count: int
    """Tracks in the library, while scanning those seen so far."""
    last_scan: Timestamp | None = None
    problem: str = ""
    """Why the last scan could not look at a library, in one sentence; empty if all is well."""
