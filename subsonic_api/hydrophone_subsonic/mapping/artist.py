"""Artists of both views."""

from msgspec import UNSET
from msgspec.structs import asdict

from hydrophone.domain import music
from hydrophone_subsonic.mapping.values import optional_date
from hydrophone_subsonic.responses.album import AlbumID3
from hydrophone_subsonic.responses.artist import Artist, ArtistID3, ArtistWithAlbumsID3


def artist(artist: music.Artist) -> Artist:
    """Describe an artist for the folder view."""
    return Artist(
        id=artist.id,
        name=artist.name,
        starred=optional_date(artist.annotation.starred),
        user_rating=artist.annotation.rating or UNSET,
        average_rating=artist.average_rating or UNSET,
    )


def artist_id3(artist: music.Artist) -> ArtistID3:
    """Describe an artist for the tag view."""
    return ArtistID3(
        id=artist.id,
        name=artist.name,
        cover_art=artist.artwork_id or artist.id,
        album_count=artist.album_count,
        starred=optional_date(artist.annotation.starred),
        music_brainz_id=artist.musicbrainz_id,
        sort_name=artist.sort_name,
        roles=artist.roles,
    )


def artist_with_albums(artist: music.Artist, albums: tuple[AlbumID3, ...]) -> ArtistWithAlbumsID3:
    """Describe an artist with the albums."""
    return ArtistWithAlbumsID3(**asdict(artist_id3(artist)), album=albums)
