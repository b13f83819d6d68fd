"""Playlists."""

from hydrophone.domain.playlist import PlaylistEdit, PlaylistWithTracks
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.browsing import ById
from hydrophone_subsonic.errors import MissingParameterError
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.playlist import playlist_entry, playlist_with_songs
from hydrophone_subsonic.mapping.steps import in_steps
from hydrophone_subsonic.parameters import ClearableText, Natural, Parameters
from hydrophone_subsonic.responses.playlist import Playlists, PlaylistWithSongs


class GetPlaylists(Parameters, frozen=True, kw_only=True):
    """Those of another user, for admins."""

    username: str | None = None


class CreatePlaylist(Parameters, frozen=True, kw_only=True):
    """A new name, or the id of a playlist that gets all new songs."""

    playlist_id: str = ""
    name: str | None = None
    song_id: tuple[str, ...] = ()


class UpdatePlaylist(Parameters, frozen=True, kw_only=True):
    """What changes; all that is absent stays."""

    playlist_id: str
    name: str | None = None
    comment: ClearableText = None
    public: bool | None = None
    song_id_to_add: tuple[str, ...] = ()
    song_index_to_remove: tuple[Natural, ...] = ()


@endpoint("getPlaylists", element="playlists")
async def get_playlists(call: Call, parameters: GetPlaylists) -> Playlists:
    """List the user's own playlists and the public ones."""
    playlists = await call.services.playlists.all(call.user, parameters.username)
    return Playlists(playlist=tuple(playlist_entry(one, call.user) for one in playlists))


@endpoint("getPlaylist", element="playlist")
async def get_playlist(call: Call, parameters: ById) -> PlaylistWithSongs:
    """Show a playlist with its songs."""
    entry = call.written.songs.each("entry")
    playlist, songs = await call.services.playlists.show(call.user, parameters.id, entry)
    return playlist_with_songs(playlist, call.user, songs)


@endpoint("createPlaylist", element="playlist", role="playlist")
async def create_playlist(call: Call, parameters: CreatePlaylist) -> PlaylistWithSongs:
    """Make a playlist, or replace all songs of one; DSub may send both id and name.

    The answer is that of 1.14, whatever version the client says: DSub says 1.2.0 for ever.
    """
    playlists = call.services.playlists
    name, songs = parameters.name, parameters.song_id
    if parameters.playlist_id:
        made = await playlists.replace(call.user, parameters.playlist_id, name, songs)
    elif name is not None:
        made = await playlists.create(call.user, name, songs)
    else:
        raise MissingParameterError("Required parameter name or playlistId is missing.")
    return await _with_songs(call, made)


@endpoint("updatePlaylist", role="playlist")
async def update_playlist(call: Call, parameters: UpdatePlaylist) -> None:
    """Change a playlist: songs are removed by their old places first, then others appended."""
    edit = PlaylistEdit(
        name=parameters.name,
        comment=parameters.comment,
        is_public=parameters.public,
        remove=parameters.song_index_to_remove,
        append=parameters.song_id_to_add,
    )
    await call.services.playlists.edit(call.user, parameters.playlist_id, edit)


@endpoint("deletePlaylist", role="playlist")
async def delete_playlist(call: Call, parameters: ById) -> None:
    """Delete a playlist."""
    await call.services.playlists.delete(call.user, parameters.id)


async def _with_songs(call: Call, found: PlaylistWithTracks) -> PlaylistWithSongs:
    return playlist_with_songs(found.playlist, call.user, await in_steps(song, found.tracks))
