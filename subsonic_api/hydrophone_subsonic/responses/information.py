"""What is known about artists and albums beyond their music."""

from msgspec import UNSET

from hydrophone_subsonic.responses.artist import Artist, ArtistID3
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import TextElement, Wire


class ArtistInfo(Wire, frozen=True, kw_only=True):
    """Empty keys are left out: airsonic-refix lays this over the artist (getArtistInfo)."""

    biography: TextElement = UNSET
    music_brainz_id: TextElement = UNSET
    last_fm_url: TextElement = UNSET
    """A page for people, wherever it is."""
    similar_artist: tuple[Artist, ...] = ()


class ArtistInfo2(Wire, frozen=True, kw_only=True):
    """The same in the tag view (getArtistInfo2)."""

    biography: TextElement = UNSET
    music_brainz_id: TextElement = UNSET
    last_fm_url: TextElement = UNSET
    similar_artist: tuple[ArtistID3, ...] = ()


class AlbumInfo(Wire, frozen=True, kw_only=True):
    """Of both getAlbumInfo and getAlbumInfo2; airsonic-refix lays it over the album."""

    notes: TextElement = UNSET
    music_brainz_id: TextElement = UNSET
    last_fm_url: TextElement = UNSET
    """A page for people, wherever it is."""


class SonicMatch(Wire, frozen=True, kw_only=True):
    """A song with how alike it sounds: 1 is the same, 0 as different as can be."""

    entry: Child
    similarity: float
