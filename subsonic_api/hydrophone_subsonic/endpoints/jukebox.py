"""The jukebox: music that the server itself plays."""

from enum import StrEnum

from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.services.jukebox import Jukebox
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.jukebox import jukebox_playlist, jukebox_status
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import Natural, NotNegative, Parameters, Time
from hydrophone_subsonic.responses.jukebox import JukeboxStatus


class Action(StrEnum):
    """What is to be done; each answers with the status, `get` with the queue too."""

    GET = "get"
    STATUS = "status"
    SET = "set"
    START = "start"
    STOP = "stop"
    SKIP = "skip"
    ADD = "add"
    CLEAR = "clear"
    REMOVE = "remove"
    SHUFFLE = "shuffle"
    SET_GAIN = "setGain"


class JukeboxControl(Parameters, frozen=True, kw_only=True):
    """What is to be done, and what the single actions need."""

    action: Action
    index: Natural | None = None
    """For skip and remove."""
    offset: Time = 0
    """For skip: seconds into the song."""
    id: tuple[str, ...] = ()
    """For set and add; none to set is an empty queue."""
    gain: NotNegative | None = None
    """For setGain."""


@endpoint("jukeboxControl", element="jukeboxStatus", role="jukebox")
async def jukebox_control(call: Call, parameters: JukeboxControl) -> JukeboxStatus:
    """Do something with the jukebox, and say how it stands then."""
    jukebox = call.services.jukebox
    if parameters.action is Action.GET:
        status, tracks = await jukebox.queue(call.user)
        call.element = "jukeboxPlaylist"
        return jukebox_playlist(status, await in_steps(song, tracks))
    await _act(jukebox, call.user, parameters)
    return jukebox_status(await jukebox.status(call.user))


async def _act(jukebox: Jukebox, user: User, parameters: JukeboxControl) -> None:
    match parameters.action:
        case Action.SET:
            await jukebox.set(user, parameters.id)
        case Action.ADD:
            await jukebox.add(user, parameters.id)
        case Action.SKIP:
            await jukebox.skip(user, _index(parameters), Seconds(parameters.offset))
        case Action.REMOVE:
            await jukebox.remove(user, _index(parameters))
        case Action.SET_GAIN:
            if parameters.gain is None:
                raise MissingParameterError("Required parameter gain is missing.")
            await jukebox.set_gain(parameters.gain)
        case action:
            simple = {
                Action.START: jukebox.start,
                Action.STOP: jukebox.stop,
                Action.CLEAR: jukebox.clear,
                Action.SHUFFLE: jukebox.shuffle,
            }
            if action in simple:
                await simple[action]()


def _index(parameters: JukeboxControl) -> int:
    if parameters.index is None:
        raise MissingParameterError("Required parameter index is missing.")
    return parameters.index
