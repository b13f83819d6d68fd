"""The extension transcoding: apps say what they can play, and are told what they get."""

from hydrophone.domain.client_profile import MediaType
from hydrophone.domain.units import Seconds
from hydrophone.services.streaming import Media
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.media_retrieval import send_audio
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.transcoding import transcode_decision
from hydrophone_subsonic.parameters import NotNegative, Parameters
from hydrophone_subsonic.requests.client_info import read_client_info
from hydrophone_subsonic.responses.transcoding import TranscodeDecision


class OfMedia(Parameters, frozen=True, kw_only=True):
    """A song, or an episode of a podcast."""

    media_id: str
    media_type: MediaType


class GetTranscodeStream(OfMedia, frozen=True, kw_only=True):
    """A transcode that was decided on, from a place in the song."""

    transcode_params: str
    offset: NotNegative = 0.0
    """Seconds."""


@endpoint("getTranscodeDecision", element="transcodeDecision", role="stream", takes_json=True)
async def get_transcode_decision(call: Call, parameters: OfMedia) -> TranscodeDecision:
    """Say how an app can play something; what it can play is POSTed as JSON."""
    if not call.body:
        raise MissingParameterError("A ClientInfo has to be POSTed as application/json.")
    profile = read_client_info(call.body)
    decision = await call.services.streaming.decide(call.user, _media(call, parameters), profile)
    return transcode_decision(decision)


@endpoint("getTranscodeStream", role="stream", fails_by_status=True)
async def get_transcode_stream(call: Call, parameters: GetTranscodeStream) -> Sender:
    """Send what was decided on. Like `stream` it counts as no play."""
    audio = await call.services.streaming.open_decided(
        call.user,
        _media(call, parameters),
        parameters.transcode_params,
        Seconds(parameters.offset),
    )
    return await send_audio(call, audio, ((b"x-content-duration", b"%.3f" % audio.duration),))


def _media(call: Call, parameters: OfMedia) -> Media:
    return Media(parameters.media_type, parameters.media_id, call.client)
