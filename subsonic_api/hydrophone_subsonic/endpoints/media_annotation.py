"""Stars, ratings, and what has been played."""

from itertools import zip_longest
from typing import Annotated

from msgspec import Meta

from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.parameters import Natural, Parameters


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
    time: tuple[Natural, ...] = ()
    submission: bool = True
    """False: it has only begun to play."""


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
