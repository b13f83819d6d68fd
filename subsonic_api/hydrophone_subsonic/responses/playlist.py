"""Playlists."""

from msgspec import UNSET, Raw, UnsetType

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class Playlist(Wire, frozen=True, kw_only=True):
    """A playlist without its songs."""

    id: str
    name: str
    comment: str
    owner: str
    public: bool
    song_count: int
    duration: int
    """Seconds."""
    created: str
    changed: str
    cover_art: str
    readonly: bool
    """Whether the asking user may only read it."""
    valid_until: str | UnsetType = UNSET
    """Only of smart playlists, which change by themselves."""


class PlaylistWithSongs(Playlist, frozen=True, kw_only=True):
    """A playlist with its songs; duplicates stay, since songs are removed by position."""

    entry: tuple[Child | Raw, ...]
    """`Raw` is one that is written already."""


class Playlists(Wire, frozen=True, kw_only=True):
    """Those of a user, with those that others have made public."""

    playlist: tuple[Playlist, ...]
