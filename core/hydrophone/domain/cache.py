"""Music of sources that is on our disk, and what makes it stay there."""

from msgspec import Struct

from hydrophone.domain.ids import TrackId
from hydrophone.domain.units import ByteCount, Timestamp

CACHE = "cache"
"""The source of origins that are files in the cache."""


class RemotePlace(Struct, frozen=True, kw_only=True):
    """Where a track can be asked for."""

    source: str
    """The instance of the plugin."""
    native_id: str


class CachedFile(Struct, frozen=True, kw_only=True):
    """A track of a source that is whole on our disk."""

    track_id: TrackId
    title: str
    artist: str
    """As credited."""
    source: str
    """Where it came from."""
    path: str
    """Relative to the folder of the cache."""
    size: ByteCount
    etag: str
    """Stands for the bytes; the same as while they came."""
    content_type: str
    created: Timestamp
    used: Timestamp
    """When it was last played; to the hour."""
    is_kept: bool
    """Whether somebody keeps, stars or lists it; such a file is never evicted."""


class CacheUse(Struct, frozen=True, kw_only=True):
    """How much there is in the cache."""

    files: int
    used: ByteCount
    kept: ByteCount
    """Of files that somebody keeps, stars or lists."""
