"""Playlists."""

from msgspec import UNSET, Raw
from msgspec.structs import asdict

from hydrophone.domain import playlist
from hydrophone.domain.user import User
from hydrophone_subsonic.mapping.values import date, whole
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.playlist import Playlist, PlaylistWithSongs


def playlist_entry(playlist: playlist.Playlist, viewer: User) -> Playlist:
    """Describe a playlist as its reader sees it."""
    return Playlist(
        id=playlist.id,
        name=playlist.name,
        comment=playlist.comment,
        owner=playlist.owner,
        public=playlist.is_public,
        song_count=playlist.track_count,
        duration=whole(playlist.duration),
        created=date(playlist.created),
        changed=date(playlist.changed),
        cover_art=playlist.picture_id,
        readonly=not playlist.has_own_tracks
        or (not viewer.roles.admin and playlist.owner.casefold() != viewer.name.casefold()),
        valid_until=UNSET if playlist.valid_until is None else date(playlist.valid_until),
    )


def playlist_with_songs(
    playlist: playlist.Playlist, viewer: User, songs: tuple[Child | Raw, ...]
) -> PlaylistWithSongs:
    """Describe a playlist with its songs."""
    return PlaylistWithSongs(**asdict(playlist_entry(playlist, viewer)), entry=songs)
