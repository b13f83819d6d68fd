"""What lists the library from above: music folders, indexes, directories, genres."""

from msgspec import UNSET, Raw, UnsetType

from hydrophone_subsonic.responses.artist import Artist, ArtistID3
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class MusicFolder(Wire, frozen=True, kw_only=True):
    """A library; the only thing with an integer for an id."""

    id: int
    name: str


class MusicFolders(Wire, frozen=True, kw_only=True):
    """All that the user may see."""

    music_folder: tuple[MusicFolder, ...]


class Index(Wire, frozen=True, kw_only=True):
    """A letter with the folders at the top; never an empty one (airsonic-refix)."""

    name: str
    artist: tuple[Artist | Raw, ...]
    """`Raw` are some that are written already."""


class Indexes(Wire, frozen=True, kw_only=True):
    """The top of the folder view."""

    last_modified: int
    """Milliseconds since 1970; DSub throws on anything but an integer."""
    ignored_articles: str
    shortcut: tuple[Artist, ...] = ()
    """What apps show above the letters."""
    index: tuple[Index, ...]
    child: tuple[Child, ...]


class IndexID3(Wire, frozen=True, kw_only=True):
    """A letter with its artists; never an empty one (airsonic-refix)."""

    name: str
    artist: tuple[ArtistID3 | Raw, ...]
    """`Raw` are some that are written already."""


class ArtistsID3(Wire, frozen=True, kw_only=True):
    """The top of the tag view."""

    ignored_articles: str
    index: tuple[IndexID3, ...]


class Directory(Wire, frozen=True, kw_only=True):
    """A folder, or an artist or album in its place, with what is in it."""

    id: str
    parent: str | UnsetType = UNSET
    """Absent at the top."""
    name: str
    starred: str | UnsetType = UNSET
    user_rating: int | UnsetType = UNSET
    average_rating: float | UnsetType = UNSET
    play_count: int | UnsetType = UNSET
    child: tuple[Child | Raw, ...]
    """`Raw` are some that are written already."""


class Genre(Wire, frozen=True, kw_only=True):
    """A genre; in XML its name is the text of the element."""

    song_count: int
    album_count: int
    value: str


class Genres(Wire, frozen=True, kw_only=True):
    """All genres; there even if empty."""

    genre: tuple[Genre, ...]
