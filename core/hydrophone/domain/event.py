"""What has just happened, for apps that keep a connection open."""

from enum import StrEnum
from typing import NewType

import msgspec
from msgspec import UNSET, Struct, UnsetType

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User

EventId = NewType("EventId", int)
"""Never given twice; higher is later."""


class EventKind(StrEnum):
    """What can happen."""

    JOB = "job"
    """A job was queued, is further than before, or has ended; the data is a `Job`."""
    LIBRARY = "library"
    """Music has come, changed or gone; no data: ask anew for what is shown."""
    SCAN = "scan"
    """A scan has begun or ended; the data is a `ScanNews`."""
    NOW_PLAYING = "now-playing"
    """A player has begun with something, paused, gone on or stopped; a `PlayerNews`."""
    PLAYED = "played"
    """Something was heard and is on record; a `PlayNews`, for the listener alone."""
    STARRED = "starred"
    """Somebody has given a star; an `AnnotationNews`, for himself alone, as those below."""
    UNSTARRED = "unstarred"
    RATED = "rated"
    ACCOUNTS = "accounts"
    """Accounts or devices have changed, perhaps one's own; no data: ask anew."""


class ScanNews(Struct, frozen=True, kw_only=True):
    """Whether a scan is running."""

    scanning: bool


class PlayerNews(Struct, frozen=True, kw_only=True):
    """What somebody's player is at."""

    user_name: str
    player: str
    """As the app calls itself."""
    item_id: str
    """A track, an episode or a station."""
    state: PlaybackState
    begins: bool
    """Whether it has begun with this just now, rather than paused, gone on or stopped."""


class PlayNews(Struct, frozen=True, kw_only=True):
    """A play on record."""

    user_name: str
    item_id: str
    """A track, an episode or a video."""
    client: str
    played: Timestamp


class AnnotationNews(Struct, frozen=True, kw_only=True):
    """What somebody has left on something, or taken away."""

    user_name: str
    item_id: str
    rating: int | UnsetType = UNSET
    """Of `rated`, and of no other: 1 to 5, 0 for taken back."""


class NewEvent(Struct, frozen=True, kw_only=True):
    """Something to be told."""

    kind: EventKind
    data: bytes = b"{}"
    """JSON; an object."""
    is_public: bool = True
    """Whether everybody is told, or only whose it is, and admins."""
    user_id: UserId | None = None
    """Whose it is; `None` for the server's own."""
    library_id: LibraryId | None = None
    """Only who sees this library is told, whoever he is; `None` if it is about none."""


class LiveEvent(NewEvent, frozen=True, kw_only=True):
    """Something that was told."""

    id: EventId
    at: Timestamp

    def is_for(self, user: User) -> bool:
        """Say whether a user may know of it."""
        if self.library_id is not None and self.library_id not in user.libraries:
            return False
        return self.is_public or user.roles.admin or self.user_id == user.id


def encode_event(kind: EventKind, data: Struct, *, only_for: UserId | None = None) -> NewEvent:
    """Return an event for everybody, or for one user and admins."""
    return NewEvent(
        kind=kind, data=msgspec.json.encode(data), is_public=only_for is None, user_id=only_for
    )
