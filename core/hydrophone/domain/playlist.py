"""Playlists of one owner, in an order that the owner gave."""

from msgspec import Struct

from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds, Timestamp

MAX_NAME = 500
"""Characters of a playlist's name."""


class Playlist(Struct, frozen=True, kw_only=True):
    """A playlist without its tracks."""

    id: PlaylistId
    name: str
    comment: str = ""
    owner: str
    """Name of the user."""
    is_public: bool = False
    track_count: int
    duration: Seconds
    created: Timestamp
    changed: Timestamp
    picture_id: str
    """What to ask for its picture by: another id after each change, or its own."""
    rules: str = ""
    """Of a smart playlist, as `domain.nsp` reads them; empty for any other."""
    file: str = ""
    """Library and path of the file that it is read from, to be shown; empty if there is none."""
    valid_until: Timestamp | None = None
    """Of a smart playlist: until when an app may keep what it was told; `None` of any other."""

    is_made: bool = False
    """Whether the server makes it: then nothing of it can be changed; see `made_playlist`."""

    @property
    def has_own_tracks(self) -> bool:
        """Whether its tracks were chosen one by one, and so can be changed one by one."""
        return not (self.rules or self.file or self.is_made)


class Extent(Struct, frozen=True, kw_only=True):
    """How much a playlist has for its reader."""

    track_count: int
    duration: Seconds


class PlaylistWithTracks(Struct, frozen=True, kw_only=True):
    """A playlist with the tracks that its reader may see; duplicates and order are kept."""

    playlist: Playlist
    tracks: tuple[Track, ...]


class PlaylistFile(Struct, frozen=True, kw_only=True):
    """One entry of a playlist as other programs know it: by its file."""

    track_id: str
    title: str = ""
    """Empty if the track is not known any more."""
    artist: str = ""
    duration: Seconds = Seconds(0)
    path: str = ""
    """Absolute, escaped as in `domain.paths`; empty if there is no file at this time."""
    start: Seconds | None = None
    """Where in the file the track begins; `None` if it is all of the file."""


class PlaylistEdit(Struct, frozen=True, kw_only=True):
    """One change of a playlist; `None` leaves a field as it is.

    Positions count from 0 in the list as its editor was shown it before the edit: removal comes
    first, then the new tracks are appended.
    """

    name: str | None = None
    comment: str | None = None
    is_public: bool | None = None
    remove: tuple[int, ...] = ()
    append: tuple[str, ...] = ()
    """Ids as the client sent them."""
