"""The saved play queue."""

from hydrophone.domain.units import Milliseconds
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.playlist import play_queue
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Natural, Parameters
from hydrophone_subsonic.responses.playlist import PlayQueue


class SavePlayQueue(Parameters, frozen=True, kw_only=True):
    """A queue with its current song and the position in it (milliseconds); nothing clears it."""

    id: tuple[str, ...] = ()
    current: str | None = None
    position: Natural = 0


@endpoint("getPlayQueue", element="playQueue")
async def get_play_queue(call: Call, parameters: Parameters) -> PlayQueue | None:
    """Show the queue, or nothing at all if none was saved."""
    queue = await call.services.play_queue.get(call.user)
    return None if queue is None else play_queue(queue, await in_steps(song, queue.tracks))


@endpoint("savePlayQueue")
async def save_play_queue(call: Call, parameters: SavePlayQueue) -> None:
    """Save the queue. A queue without its current song is refused with code 10 by the text."""
    if parameters.id and parameters.current not in parameters.id:
        raise MissingParameterError("Required parameter current must be one of the ids.")
    await call.services.play_queue.save(
        call.user,
        parameters.id,
        parameters.current if parameters.id else None,
        Milliseconds(parameters.position),
        call.client,
    )
