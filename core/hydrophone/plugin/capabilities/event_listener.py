"""Plugins that want to know what happens."""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.domain.units import Timestamp


class EventKind(StrEnum):
    """What can happen."""

    TRACK_STARTED = "track_started"
    TRACK_PLAYED = "track_played"
    STARRED = "starred"
    UNSTARRED = "unstarred"
    RATED = "rated"
    LIBRARY_CHANGED = "library_changed"


class Event(Struct, frozen=True, kw_only=True):
    """Something that has happened."""

    kind: EventKind
    at: Timestamp
    user_name: str = ""
    """Empty if nobody did it."""
    item_id: str = ""
    """What it happened to; empty if it is no single thing."""
    client: str = ""
    rating: int = 0
    """Of `rated`: 1 to 5, 0 for taken back."""


@runtime_checkable
class EventListener(Protocol):
    """Is told of events in their order.

    Up to 1,000 wait for a slow listener; then the oldest are dropped, which the log says.
    """

    @property
    def kinds(self) -> frozenset[EventKind]:
        """Of which it wants to hear."""
        ...

    async def on_event(self, event: Event) -> None:
        """Take notice; what it returns or raises changes nothing."""
        ...
