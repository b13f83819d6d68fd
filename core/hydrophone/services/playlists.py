"""Playlists: everybody sees his own and the public ones, and changes his own."""

import secrets
from collections.abc import Callable, Collection, Sequence

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.ids import PLAYLIST, PlaylistId, UserId, kind_of, make_id
from hydrophone.domain.nsp import SmartPlaylist
from hydrophone.domain.playlist import MAX_NAME, Playlist, PlaylistEdit, PlaylistWithTracks
from hydrophone.domain.stored_track import AnyTrack, whole
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError, NotPermittedError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.made_playlists import MadePlaylists
from hydrophone.services.playlist_extents import PlaylistExtents
from hydrophone.services.reading import Shown, by_ids, every_page, shown, shown_by_ids
from hydrophone.services.smart_playlists import SmartPlaylists
from hydrophone.storage.database import Database
from hydrophone.storage.queries import playlists
from hydrophone.storage.queries.tracks import TRACKS, stored
from hydrophone.storage.queries.users import name_key

_MAX_TRACKS = 100_000


class Playlists:
    """Makes, changes and hands out playlists."""

    def __init__(
        self, *, database: Database, clock: Clock, catalogue: Catalogue | None = None
    ) -> None:
        """Without a catalogue (on the command line) only what is here can be listed."""
        self._database = database
        self._catalogue = catalogue
        self._clock = clock
        self._made = MadePlaylists(database=database, clock=clock)
        self._smart = SmartPlaylists(database=database, clock=clock)
        self._extents = PlaylistExtents(database=database, clock=clock)

    async def all(self, viewer: User, owner: str | None = None) -> tuple[Playlist, ...]:
        """Return a user's own and all public playlists by name.

        Behind them come those that the server makes for the user. An admin may ask for those of
        another owner; anybody else raises NotPermittedError.
        """
        if owner is None:
            found = await every_page(
                self._database,
                lambda connection, page: playlists.visible(connection, viewer.id, page),
            )
            return await self._counted(viewer, found) + await self._made.all(viewer)
        if name_key(owner) != name_key(viewer.name) and not viewer.roles.admin:
            raise NotPermittedError("Only an admin may list the playlists of somebody else.")
        found = await every_page(
            self._database,
            lambda connection, page: playlists.all_of(connection, name_key(owner), page),
        )
        is_own = name_key(owner) == name_key(viewer.name)
        made = await self._made.all(viewer) if is_own else ()
        return await self._counted(viewer, found) + made

    async def _counted(self, viewer: User, found: Sequence[Playlist]) -> tuple[Playlist, ...]:
        return await self._smart.counted(viewer, await self._extents.counted(viewer, found))

    async def get(self, viewer: User, playlist_id: str) -> PlaylistWithTracks:
        """Return a playlist with those of its tracks that the viewer may see.

        Raises as `show` does.
        """
        playlist, found = await self.show(viewer, playlist_id, whole)
        return PlaylistWithTracks(playlist=playlist, tracks=found)

    async def show(
        self, viewer: User, playlist_id: str, show: Callable[[AnyTrack], Shown]
    ) -> tuple[Playlist, tuple[Shown, ...]]:
        """Return a playlist, and what `show` makes of those tracks that the viewer may see.

        The tracks of a smart playlist are those of this moment, by the viewer's own stars,
        ratings and plays.

        Raises NotFoundError, also for somebody else's private one: nobody learns that it is
        there. Raises UnavailableError for a smart playlist that takes too long to find.
        """
        made = await self._made.get(viewer, playlist_id)
        if made is not None:
            return made.playlist, await shown(made.tracks, show)
        found = await self._database.read(playlists.one, playlist_id)
        if found is None or not _is_visible(viewer, *found):
            raise NotFoundError("There is no such playlist.")
        _, playlist = found
        valid_until = None

        def timed(track: AnyTrack) -> tuple[Seconds, Shown]:
            return track.duration, show(track)

        if playlist.rules:
            valid_until, chosen = await self._smart.tracks(viewer, playlist)
            entries = await shown(chosen, timed)
        else:
            ids = await self._database.read(playlists.track_ids, playlist.id)
            entries = await shown_by_ids(self._database, stored, viewer, ids, timed)
        playlist = msgspec.structs.replace(
            playlist,
            track_count=len(entries),
            duration=Seconds(sum(duration for duration, _ in entries)),
            valid_until=valid_until,
        )
        return playlist, tuple([entry for _, entry in entries])

    async def create(self, viewer: User, name: str, track_ids: Sequence[str]) -> PlaylistWithTracks:
        """Make a new private playlist; two may have the same name.

        Raises NotFoundError if one of the tracks does not exist, InvalidInputError for an
        impossible name; then nothing is made.
        """
        identifier = PlaylistId(make_id(PLAYLIST, secrets.token_hex(16)))
        tracks = await self._checked(viewer, track_ids)
        await self._database.write(
            playlists.put,
            identifier,
            viewer.id,
            name=_checked_name(name),
            comment="",
            is_public=False,
            tracks=tracks,
            now=self._clock.now(),
        )
        return await self.get(viewer, identifier)

    async def create_smart(
        self, viewer: User, smart: SmartPlaylist, *, name: str
    ) -> PlaylistWithTracks:
        """Make a new smart playlist, called `name` if it does not name itself.

        Raises InvalidInputError for an impossible name; then nothing is made.
        """
        identifier = PlaylistId(make_id(PLAYLIST, secrets.token_hex(16)))
        await self._database.write(
            playlists.put,
            identifier,
            viewer.id,
            name=_checked_name(smart.name or name),
            comment=smart.comment,
            is_public=smart.is_public or False,
            tracks=(),
            now=self._clock.now(),
            rules=smart.rules,
        )
        return await self.get(viewer, identifier)

    async def replace(
        self, viewer: User, playlist_id: str, name: str | None, track_ids: Sequence[str]
    ) -> PlaylistWithTracks:
        """Replace all tracks of one's own playlist, and its name if one is given.

        Raises as `create` and `edit` do.
        """
        self._made.refuse_change(viewer, playlist_id)
        tracks = await self._checked(viewer, track_ids)
        changed = None if name is None else _checked_name(name)

        def write(connection: Connection) -> None:
            owner_id, playlist = _owned(connection, viewer, playlist_id)
            _refuse_tracks(playlist)
            self._put(connection, owner_id, playlist, tracks, name=changed)

        await self._database.write(write)
        return await self.get(viewer, playlist_id)

    async def edit(self, viewer: User, playlist_id: str, edit: PlaylistEdit) -> None:
        """Change one's own playlist; an admin may change any.

        Raises NotFoundError for an unknown playlist or track, NotPermittedError for somebody
        else's public playlist, for one that the server makes and for the tracks of one that
        rules or a file make, InvalidInputError for positions that it does not have.
        """
        self._made.refuse_change(viewer, playlist_id)
        added = await self._checked(viewer, edit.append)
        name = None if edit.name is None else _checked_name(edit.name)

        def write(connection: Connection) -> None:
            owner_id, playlist = _owned(connection, viewer, playlist_id)
            if edit.remove or edit.append:
                _refuse_tracks(playlist)
            before = playlists.entries(connection, playlist.id, viewer.libraries)
            tracks = _without(before, set(edit.remove))
            self._put(
                connection,
                owner_id,
                playlist,
                tracks + added,
                name=name,
                comment=edit.comment,
                is_public=edit.is_public,
            )

        await self._database.write(write)

    async def delete(self, viewer: User, playlist_id: str) -> None:
        """Delete one's own playlist; an admin may delete any.

        Raises as `edit` does, and NotPermittedError for one that is read from a file: it would
        come back.
        """
        self._made.refuse_change(viewer, playlist_id)

        def write(connection: Connection) -> None:
            playlist = _owned(connection, viewer, playlist_id)[1]
            if playlist.file:
                raise NotPermittedError(
                    f"This playlist is the file {playlist.file}: delete the file."
                )
            playlists.delete(connection, playlist.id)

        await self._database.write(write)

    def _put(
        self,
        connection: Connection,
        owner_id: UserId,
        before: Playlist,
        tracks: Sequence[str],
        *,
        name: str | None = None,
        comment: str | None = None,
        is_public: bool | None = None,
    ) -> None:
        if len(tracks) > _MAX_TRACKS:
            raise InvalidInputError(f"A playlist holds at most {_MAX_TRACKS} tracks.")
        playlists.put(
            connection,
            before.id,
            owner_id,
            name=before.name if name is None else name,
            comment=before.comment if comment is None else comment,
            is_public=before.is_public if is_public is None else is_public,
            tracks=tracks,
            now=self._clock.now(),
            rules=before.rules,
        )

    async def _checked(self, viewer: User, track_ids: Sequence[str]) -> list[str]:
        """Return the same ids if each is a track that the viewer may see."""
        if self._catalogue is not None:
            await self._catalogue.adopt(viewer, track_ids)
        found = await by_ids(self._database, TRACKS, viewer, track_ids)
        known = {track.id for track in found}
        for identifier in track_ids:
            if kind_of(identifier) != "tr" or identifier not in known:
                raise NotFoundError(f"There is no track with the id {identifier!r}.")
        return list(track_ids)


def _is_visible(viewer: User, owner_id: UserId, playlist: Playlist) -> bool:
    return owner_id == viewer.id or playlist.is_public or viewer.roles.admin


def _owned(connection: Connection, viewer: User, playlist_id: str) -> tuple[UserId, Playlist]:
    found = playlists.one(connection, playlist_id)
    if found is None or not _is_visible(viewer, *found):
        raise NotFoundError("There is no such playlist.")
    owner_id, playlist = found
    if owner_id != viewer.id and not viewer.roles.admin:
        raise NotPermittedError(f"This playlist belongs to {playlist.owner}.")
    return owner_id, playlist


def _refuse_tracks(playlist: Playlist) -> None:
    """Raise NotPermittedError if somebody wants to change tracks that nobody chose one by one."""
    if playlist.file:
        raise NotPermittedError(f"This playlist is the file {playlist.file}: change the file.")
    if playlist.rules:
        raise NotPermittedError("The tracks of a smart playlist are chosen by its rules.")


def _without(entries: Sequence[tuple[str, bool]], positions: Collection[int]) -> list[str]:
    """Take tracks out of (track, whether it is shown), at positions among those shown.

    What the editor does not see keeps its place. Raises InvalidInputError.
    """
    shown = [stored for stored, (_, is_shown) in enumerate(entries) if is_shown]
    if any(not 0 <= position < len(shown) for position in positions):
        raise InvalidInputError("The playlist has no such position.")
    removed = {shown[position] for position in positions}
    return [track_id for stored, (track_id, _) in enumerate(entries) if stored not in removed]


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME:
        raise InvalidInputError(f"A playlist's name has 1 to {MAX_NAME} characters.")
    return name
