"""Bookmarks and the saved play queue."""

from collections.abc import Callable

from msgspec import Raw

from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.units import Milliseconds
from hydrophone.services.playables import Queued
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.bookmark import bookmark, play_queue, play_queue_by_index
from hydrophone_subsonic.mapping.playable import entry
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Parameters, Time
from hydrophone_subsonic.responses.bookmark import Bookmarks, PlayQueue, PlayQueueByIndex


class CreateBookmark(Parameters, frozen=True, kw_only=True):
    """Where in a song or an episode to go on (milliseconds), with a comment."""

    id: str
    position: Time
    comment: str = ""


class DeleteBookmark(Parameters, frozen=True, kw_only=True):
    """A song, not the bookmark, which has no id."""

    id: str


class SavePlayQueue(Parameters, frozen=True, kw_only=True):
    """A queue with its current song and the position in it (milliseconds); nothing clears it."""

    id: tuple[str, ...] = ()
    current: str | None = None
    position: Time = 0


class SavePlayQueueByIndex(Parameters, frozen=True, kw_only=True):
    """A queue with the place of its current song, counted from 0, and the position in it."""

    id: tuple[str, ...] = ()
    current_index: int | None = None
    position: Time = 0


@endpoint("getBookmarks", element="bookmarks")
async def get_bookmarks(call: Call, parameters: Parameters) -> Bookmarks:
    """Show the caller's own bookmarks, the latest first."""
    found = await call.services.bookmarks.all(call.user)
    return Bookmarks(bookmark=await in_steps(bookmark, found))


@endpoint("createBookmark")
async def create_bookmark(call: Call, parameters: CreateBookmark) -> None:
    """Set the bookmark of a song, or move the one that is there."""
    position = Milliseconds(parameters.position)
    await call.services.bookmarks.put(call.user, parameters.id, position, parameters.comment)


@endpoint("deleteBookmark")
async def delete_bookmark(call: Call, parameters: DeleteBookmark) -> None:
    """Take the bookmark of a song away; there may be none."""
    await call.services.bookmarks.remove(call.user, parameters.id)


@endpoint("getPlayQueue", element="playQueue")
async def get_play_queue(call: Call, parameters: Parameters) -> PlayQueue | None:
    """Show the queue, or nothing at all if none was saved."""
    queue = await call.services.play_queue.get(call.user, _entry(call))
    return None if queue is None else play_queue(queue)


@endpoint("savePlayQueue")
async def save_play_queue(call: Call, parameters: SavePlayQueue) -> None:
    """Save the queue. A queue without its current song is refused with code 10 by the text."""
    if parameters.id and parameters.current not in parameters.id:
        raise MissingParameterError("Required parameter current must be one of the ids.")
    index = parameters.id.index(parameters.current) if parameters.current in parameters.id else 0
    position = Milliseconds(parameters.position)
    await call.services.play_queue.save(call.user, parameters.id, index, position, call.client)


@endpoint("getPlayQueueByIndex", element="playQueueByIndex")
async def get_play_queue_by_index(call: Call, parameters: Parameters) -> PlayQueueByIndex | None:
    """Show the queue that `getPlayQueue` shows."""
    queue = await call.services.play_queue.get(call.user, _entry(call))
    return None if queue is None else play_queue_by_index(queue)


@endpoint("savePlayQueueByIndex")
async def save_play_queue_by_index(call: Call, parameters: SavePlayQueueByIndex) -> None:
    """Save the queue; the place must be in it, and must be absent if the queue is empty."""
    index, count = parameters.current_index, len(parameters.id)
    if (index is not None and not 0 <= index < count) or (index is None and count):
        raise MissingParameterError("Required parameter currentIndex must be a place in the queue.")
    position = Milliseconds(parameters.position)
    await call.services.play_queue.save(call.user, parameters.id, index or 0, position, call.client)


def _entry(call: Call) -> Callable[[Queued], Raw]:
    """Return what writes an entry of a queue."""
    write = call.written.each("entry", entry)
    song = call.written.songs.each("entry")
    return lambda item: song(item) if isinstance(item, StoredTrack) else write(item)
