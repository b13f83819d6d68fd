"""Bookmarks, and the play queue that is saved."""

from msgspec import UNSET, Raw, UnsetType

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class Bookmark(Wire, frozen=True, kw_only=True):
    """Where a user wants to go on in a song."""

    position: int
    """Milliseconds; present even if 0."""
    username: str
    comment: str
    created: str
    changed: str
    entry: Child


class Bookmarks(Wire, frozen=True, kw_only=True):
    """Those of a user."""

    bookmark: tuple[Bookmark, ...]


class PlayQueue(Wire, frozen=True, kw_only=True):
    """A queue that moves between devices. DSub needs `position` and `changed` in all cases."""

    current: str | UnsetType = UNSET
    """One of the entries; absent only if there are none."""
    position: int
    """Milliseconds."""
    username: str
    changed: str
    changed_by: str
    entry: tuple[Child | Raw, ...]
    """`Raw` is one that is written already."""


class PlayQueueByIndex(Wire, frozen=True, kw_only=True):
    """The same queue, with the place of the current song: it may stand in it twice."""

    current_index: int | UnsetType = UNSET
    """Counted from 0; absent only if there are no entries."""
    position: int
    """Milliseconds."""
    username: str
    changed: str
    changed_by: str
    entry: tuple[Child | Raw, ...]
    """`Raw` is one that is written already."""
