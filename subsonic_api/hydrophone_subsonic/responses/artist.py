"""Artists, of the folder view (Artist) and of the tag view (ArtistID3)."""

from msgspec import UNSET, UnsetType

from hydrophone_subsonic.responses.album import AlbumID3
from hydrophone_subsonic.responses.wire import Wire


class Artist(Wire, frozen=True, kw_only=True):
    """An artist, or a folder at the top, of the folder view."""

    id: str
    name: str
    starred: str | UnsetType = UNSET
    user_rating: int | UnsetType = UNSET
    """1 to 5; 0 would be invalid."""
    average_rating: float | UnsetType = UNSET
    """Of all users, 1 to 5."""


class ArtistID3(Wire, frozen=True, kw_only=True):
    """An artist of the tag view, without albums."""

    id: str
    name: str
    cover_art: str
    album_count: int
    """Required by the XSD, optional in OpenSubsonic: always sent."""
    starred: str | UnsetType = UNSET
    music_brainz_id: str = ""
    sort_name: str = ""
    roles: tuple[str, ...] = ()


class ArtistWithAlbumsID3(ArtistID3, frozen=True, kw_only=True):
    """An artist with the albums (getArtist)."""

    album: tuple[AlbumID3, ...]
