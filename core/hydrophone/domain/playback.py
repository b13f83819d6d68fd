"""Listening: plays on record, what is playing now, bookmarks, the queue of all devices."""

from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from hydrophone.domain.music import Track
from hydrophone.domain.podcast import Episode
from hydrophone.domain.radio import OnAir
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.domain.video import Video

Playable = Track | Episode
"""What has a beginning and an end, and can be streamed and converted by its id."""

Watchable = Playable | Video
"""What players announce, mark and queue."""

Entry = TypeVar("Entry")


class PlaybackState(StrEnum):
    """What a player does (OpenSubsonic, extension playbackReport)."""

    STARTING = "starting"
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"


class NowPlaying(Struct, frozen=True, kw_only=True):
    """What one of a user's players is at."""

    user_name: str
    player_id: int
    """Small number, for ever that of this (user, client) pair."""
    player_name: str
    """The client's own name (parameter `c`)."""
    item: Watchable | OnAir
    state: PlaybackState
    position: Milliseconds
    """Where in it the player is now: as it last said, and on from there if it plays."""
    rate: float
    """Speed; 1 is as recorded."""
    since_report: Milliseconds
    """How long ago the player said something."""


class Bookmark(Struct, frozen=True, kw_only=True):
    """Where a user wants to go on in a track, an episode or a video; one for each."""

    user_name: str
    item: Watchable
    position: Milliseconds
    comment: str
    created: Timestamp
    changed: Timestamp


class PlayQueue(Struct, Generic[Entry], frozen=True, kw_only=True):
    """A user's saved queue. Entries that are gone have been left out, duplicates kept."""

    user_name: str
    entries: tuple[Entry, ...]
    """`Watchable`, or what has been made of them to be shown."""
    current: str | None
    """Id of one of the entries; `None` only if the queue is empty."""
    current_index: int
    """Position of the current entry; -1 if the queue is empty."""
    position: Milliseconds
    changed: Timestamp
    changed_by: str
    """Name of the client that saved it."""
