"""Stars, ratings, and what has been played."""

from enum import StrEnum
from itertools import zip_longest
from typing import Annotated

from msgspec import Meta

from hydrophone.domain.playback import PlaybackState
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.parameters import NotNegative, Parameters, Time


class Star(Parameters, frozen=True, kw_only=True):
    """Songs, albums and artists; `id` may be any of these, and many clients use it for all."""

    id: tuple[str, ...] = ()
    album_id: tuple[str, ...] = ()
    artist_id: tuple[str, ...] = ()


class SetRating(Parameters, frozen=True, kw_only=True):
    """A rating; 0 takes it back."""

    id: str
    rating: Annotated[int, Meta(ge=0, le=5)]


class Scrobble(Parameters, frozen=True, kw_only=True):
    """What was played, and when (milliseconds since 1970); without a time it was just now."""

    id: tuple[str, ...]
    time: tuple[Time, ...] = ()
    submission: bool = True
    """False: it has only begun to play."""


class MediaType(StrEnum):
    """What is played; the ids of both are unlike, so that they need no telling apart."""

    SONG = "song"
    PODCAST = "podcast"


class ReportPlayback(Parameters, frozen=True, kw_only=True):
    """What a player is at (extension playbackReport)."""

    media_id: str
    media_type: MediaType
    position_ms: Time
    state: PlaybackState
    playback_rate: NotNegative = 1.0
    ignore_scrobble: bool = False
    """True: only show it, for the app counts plays by scrobble, or not at all."""


@endpoint("star")
async def star(call: Call, parameters: Star) -> None:
    """Star things."""
    await call.services.annotations.star(call.user, _ids(parameters))


@endpoint("unstar")
async def unstar(call: Call, parameters: Star) -> None:
    """Take stars back."""
    await call.services.annotations.unstar(call.user, _ids(parameters))


def _ids(parameters: Star) -> tuple[str, ...]:
    ids = (*parameters.id, *parameters.album_id, *parameters.artist_id)
    if not ids:
        raise MissingParameterError("Required parameter id, albumId or artistId is missing.")
    return ids


@endpoint("setRating")
async def set_rating(call: Call, parameters: SetRating) -> None:
    """Rate a song, an album or an artist."""
    await call.services.annotations.rate(call.user, parameters.id, parameters.rating)


@endpoint("scrobble")
async def scrobble(call: Call, parameters: Scrobble) -> None:
    """Record plays, or say what is playing now: the last one of several."""
    plays = call.services.plays
    if not parameters.submission:
        await plays.announce(call.user, parameters.id[-1], call.client)
        return
    times = (Timestamp(time) for time in parameters.time[: len(parameters.id)])
    await plays.scrobble(call.user, list(zip_longest(parameters.id, times)), call.client)


@endpoint("reportPlayback")
async def report_playback(call: Call, parameters: ReportPlayback) -> None:
    """Note where a player is, and count the play once enough of it was heard."""
    await call.services.plays.report(
        call.user,
        parameters.media_id,
        parameters.state,
        Milliseconds(parameters.position_ms),
        rate=parameters.playback_rate,
        counts=not parameters.ignore_scrobble,
        client=call.client,
    )
