"""Bookmarks, and the play queue that is saved."""

from msgspec import UNSET, Raw

from hydrophone.domain import playback
from hydrophone_subsonic.mapping.playable import entry
from hydrophone_subsonic.mapping.values import date
from hydrophone_subsonic.responses.bookmark import Bookmark, PlayQueue, PlayQueueByIndex


def bookmark(bookmark: playback.Bookmark) -> Bookmark:
    """Describe a bookmark with its song."""
    return Bookmark(
        position=bookmark.position,
        username=bookmark.user_name,
        comment=bookmark.comment,
        created=date(bookmark.created),
        changed=date(bookmark.changed),
        entry=entry(bookmark.item),
    )


def play_queue(queue: playback.PlayQueue[Raw]) -> PlayQueue:
    """Describe a saved queue."""
    return PlayQueue(
        current=UNSET if queue.current is None else queue.current,
        position=queue.position,
        username=queue.user_name,
        changed=date(queue.changed),
        changed_by=queue.changed_by,
        entry=queue.entries,
    )


def play_queue_by_index(queue: playback.PlayQueue[Raw]) -> PlayQueueByIndex:
    """Describe a saved queue with the place of its current song."""
    return PlayQueueByIndex(
        current_index=queue.current_index if queue.entries else UNSET,
        position=queue.position,
        username=queue.user_name,
        changed=date(queue.changed),
        changed_by=queue.changed_by,
        entry=queue.entries,
    )
