"""Lists of albums and songs, by whatever they were chosen."""

from msgspec import Raw

from hydrophone_subsonic.responses.album import AlbumID3
from hydrophone_subsonic.responses.artist import Artist, ArtistID3
from hydrophone_subsonic.responses.child import Child, NowPlayingEntry
from hydrophone_subsonic.responses.wire import Wire


class AlbumList(Wire, frozen=True, kw_only=True):
    """Albums of the folder view: directories (getAlbumList), written already."""

    album: tuple[Child | Raw, ...]


class AlbumList2(Wire, frozen=True, kw_only=True):
    """Albums of the tag view (getAlbumList2), written already."""

    album: tuple[AlbumID3 | Raw, ...]


class Songs(Wire, frozen=True, kw_only=True):
    """Songs: random, by genre, similar to something, or the best known of an artist."""

    song: tuple[Child, ...]


class NowPlaying(Wire, frozen=True, kw_only=True):
    """What everybody is listening to."""

    entry: tuple[NowPlayingEntry, ...]


class ThreeLists(Wire, frozen=True, kw_only=True):
    """Artists, albums and songs of the folder view: starred, or found by search2."""

    artist: tuple[Artist, ...]
    album: tuple[Child | Raw, ...]
    song: tuple[Child | Raw, ...]


class ThreeListsID3(Wire, frozen=True, kw_only=True):
    """Artists, albums and songs of the tag view: starred, or found by search3."""

    artist: tuple[ArtistID3, ...]
    album: tuple[AlbumID3 | Raw, ...]
    song: tuple[Child | Raw, ...]


class SearchHits(Wire, frozen=True, kw_only=True):
    """Songs found by the search of 1.0."""

    offset: int
    total_hits: int
    """How many there are in all."""
    match: tuple[Child, ...]
