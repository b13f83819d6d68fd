"""Shares: addresses by which somebody without an account may listen."""

from msgspec import Struct

from hydrophone.domain.ids import ShareId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp


class Share(Struct, frozen=True, kw_only=True):
    """What is shared, by whom and until when, without the music itself."""

    id: ShareId
    """Random, and the whole secret: whoever knows it may listen."""
    owner: str
    """Name of the user."""
    description: str = ""
    item_ids: tuple[str, ...]
    """Tracks, albums, artists, playlists, folders and libraries, as the owner named them."""
    created: Timestamp
    expires: Timestamp | None = None
    """`None` means never."""
    last_visited: Timestamp | None = None
    visit_count: int = 0
    """How often its page was looked at."""


class SharedMusic(Struct, frozen=True, kw_only=True):
    """What the things of a share come to at this moment."""

    title: str = ""
    """Name of the only thing; empty if there are several."""
    artist: str = ""
    """The credit of the only thing; empty if it has none, or there are several."""
    tracks: tuple[Track, ...] = ()
    """In the order of the things; one may be there twice."""


class ShareWithTracks(Struct, frozen=True, kw_only=True):
    """A share with those of its tracks that its reader may see."""

    share: Share
    tracks: tuple[Track, ...]


class OpenShare(Struct, frozen=True, kw_only=True):
    """A share as anybody gets it who knows its id."""

    share: Share
    music: SharedMusic
    may_download: bool
