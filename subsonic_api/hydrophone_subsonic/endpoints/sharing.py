"""Sharing: addresses by which somebody without an account may listen."""

from hydrophone.domain.share import ShareWithTracks
from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.share import share_with_songs
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import ClearableText, Parameters, Time
from hydrophone_subsonic.responses.share import Share, Shares


class CreateShare(Parameters, frozen=True, kw_only=True):
    """What is to be shared, until when (milliseconds since 1970; 0 = for ever)."""

    id: tuple[str, ...] = ()
    description: str = ""
    expires: Time | None = None


class UpdateShare(Parameters, frozen=True, kw_only=True):
    """What changes; DSub always sends `expires`, 0 for never."""

    id: str
    description: ClearableText = None
    expires: Time | None = None


@endpoint("getShares", element="shares")
async def get_shares(call: Call, parameters: Parameters) -> Shares:
    """Show the user's own shares, or to an admin all."""
    return Shares(
        share=tuple([await _share(call, one) async for one in call.services.shares.all(call.user)])
    )


@endpoint("createShare", element="shares", role="share")
async def create_share(call: Call, parameters: CreateShare) -> Shares:
    """Share songs, albums, artists, playlists or folders, and show the new share."""
    if not parameters.id:
        raise MissingParameterError("Required parameter id is missing.")
    made = await call.services.shares.create(
        call.user, parameters.id, parameters.description, _moment(parameters.expires)
    )
    return Shares(share=(await _share(call, made),))


@endpoint("updateShare", role="share")
async def update_share(call: Call, parameters: UpdateShare) -> None:
    """Change the description of a share, or its end."""
    await call.services.shares.edit(
        call.user, parameters.id, parameters.description, _moment(parameters.expires)
    )


@endpoint("deleteShare", role="share")
async def delete_share(call: Call, parameters: ById) -> None:
    """End a share."""
    await call.services.shares.delete(call.user, parameters.id)


def _moment(expires: int | None) -> Timestamp | None:
    return None if expires is None else Timestamp(expires)


async def _share(call: Call, found: ShareWithTracks) -> Share:
    songs = await in_steps(call.written.each("entry", song), found.tracks)
    return share_with_songs(found.share, call.tools.address(call.scope), songs)
