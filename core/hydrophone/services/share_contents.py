"""What is in a share: the things that it names, as their owner sees them at this moment."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hydrophone.domain.ids import ALBUM, ARTIST, FOLDER, PLAYLIST, TRACK, VIDEO, kind_of
from hydrophone.domain.library import AlbumWithTracks
from hydrophone.domain.music import Track
from hydrophone.domain.share import SharedMusic
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.services.albums import Albums
from hydrophone.services.artists import Artists
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.folders import Folders
from hydrophone.services.playlists import Playlists
from hydrophone.services.tracks import Tracks

Parts = Mapping[str, SharedMusic]
"""What things come to, by their ids."""

MAX_TRACKS = 1000
_MAX_FOLDERS = 1000
_FEW = 2
"""Things that are read sooner one by one."""


class ShareContents:
    """Makes tracks of ids. Nothing is copied: what its owner may not see any more is gone."""

    def __init__(
        self,
        *,
        artists: Artists,
        albums: Albums,
        tracks: Tracks,
        folders: Folders,
        playlists: Playlists,
        catalogue: Catalogue,
    ) -> None:
        self._artists = artists
        self._albums = albums
        self._tracks = tracks
        self._folders = folders
        self._playlists = playlists
        self._catalogue = catalogue

    async def checked(self, owner: User, item_ids: Sequence[str]) -> SharedMusic:
        """Return what a new share would have.

        Raises NotFoundError for a thing that does not exist or the owner may not see,
        InvalidInputError for a video, if there is no music in it, or more than a thousand tracks.
        """
        parts = [await self._part(owner, identifier) for identifier in item_ids]
        count = sum(len(part.tracks) for part in parts)
        if not 0 < count <= MAX_TRACKS:
            raise InvalidInputError(f"A share has 1 to {MAX_TRACKS} tracks; these are {count}.")
        return _joined(parts)

    async def at_once(self, owner: User, item_ids: Sequence[str]) -> Parts:
        """Read tracks and albums together, for `present`; what is better read alone is left out.

        A statement for each thing costs as much as the tracks of an album.
        """
        if len(item_ids) <= _FEW:
            return {}
        track_ids = [one for one in item_ids if kind_of(one) == TRACK]
        album_ids = [one for one in item_ids if kind_of(one) == ALBUM]
        tracks = await self._tracks.at_once(owner, track_ids)
        albums = await self._albums.at_once(owner, list(dict.fromkeys(album_ids)))
        parts = {one: _of_track(track) for one, track in tracks.items()}
        return parts | {one: _of_album(album) for one, album in albums.items()}

    async def present(
        self, owner: User, item_ids: Sequence[str], known: Parts = MappingProxyType({})
    ) -> SharedMusic:
        """Return what is there of a share; nothing if all of it is gone.

        What has grown beyond a thousand tracks ends there. What is `known` is not read again.
        """
        parts = []
        for identifier in item_ids:
            try:
                parts.append(known.get(identifier) or await self._part(owner, identifier))
            except NotFoundError:
                continue
        return _joined(parts)

    async def _part(self, owner: User, identifier: str) -> SharedMusic:
        match kind_of(identifier):
            case kind if kind == TRACK:
                return _of_track(await self._tracks.track(owner, identifier))
            case kind if kind == ALBUM:
                return _of_album(await self._albums.album(owner, identifier))
            case kind if kind == ARTIST:
                return await self._artist(owner, identifier)
            case kind if kind == PLAYLIST:
                listed = await self._playlists.get(owner, identifier)
                return SharedMusic(title=listed.playlist.name, tracks=listed.tracks)
            case kind if kind == FOLDER or identifier.isdecimal():
                return await self._folder(owner, identifier)
            case kind if kind == VIDEO:
                raise InvalidInputError("Videos cannot be shared, only music.")
        raise NotFoundError(f"There is nothing with the id {identifier!r:.40} that can be shared.")

    async def _artist(self, owner: User, identifier: str) -> SharedMusic:
        found = await self._artists.here(owner, identifier)
        tracks: list[Track] = []
        for album in found.albums:
            if len(tracks) > MAX_TRACKS:
                break
            tracks += (await self._albums.album(owner, album.id)).tracks
        return SharedMusic(title=found.artist.name, tracks=tuple(tracks))

    async def _folder(self, owner: User, identifier: str) -> SharedMusic:
        """Walk through a folder: its own files first, then the folders in it."""
        title = ""
        tracks: list[Track] = []
        pending = [identifier]
        for _ in range(_MAX_FOLDERS):
            listing = await self._folders.folder(owner, pending.pop())
            title = title or listing.folder.name
            tracks += listing.tracks
            # The tree of a source may have no end.
            if not self._catalogue.has(listing.folder.library_id):
                pending += [folder.id for folder in reversed(listing.folders)]
            if not pending or len(tracks) > MAX_TRACKS:
                break
        return SharedMusic(title=title, tracks=tuple(tracks))


def _of_track(track: Track) -> SharedMusic:
    return SharedMusic(title=track.title, artist=track.display_artist, tracks=(track,))


def _of_album(found: AlbumWithTracks) -> SharedMusic:
    album = found.album
    return SharedMusic(title=album.name, artist=album.display_artist, tracks=found.tracks)


def _joined(parts: Sequence[SharedMusic]) -> SharedMusic:
    tracks = tuple(track for part in parts for track in part.tracks)[:MAX_TRACKS]
    if len(parts) == 1:
        return SharedMusic(title=parts[0].title, artist=parts[0].artist, tracks=tracks)
    return SharedMusic(tracks=tracks)
