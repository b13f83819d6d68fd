"""Playlists that come from files of other players, and go into such files."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

from hydrophone.backup.playlists import playlist_file
from hydrophone.domain import m3u, nsp
from hydrophone.domain.file_names import free_name, safe_name
from hydrophone.domain.playlist import MAX_NAME, Playlist, PlaylistWithTracks
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.scanner.playlist_entries import find_tracks
from hydrophone.services.playlists import Playlists
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries, playlists
from hydrophone.storage.queries.tracks import TRACKS


class PlaylistFiles:
    """Reads and writes playlists as files, for one user at a time."""

    def __init__(self, *, database: Database, playlists: Playlists) -> None:
        self._database = database
        self._playlists = playlists

    async def all_of(self, owner: User) -> tuple[Playlist, ...]:
        """Return a user's own playlists by name."""
        return await self._playlists.all(owner, owner.name)

    async def add(self, owner: User, path: Path, data: bytes) -> tuple[PlaylistWithTracks, int]:
        """Make a playlist of the content of a file that lies, or lay, at an absolute path.

        Returns it with the number of entries that are no tracks which the owner may see; those
        are left out. Entries are looked up among the files of libraries, never on the disk.

        Raises InvalidInputError for what is no playlist, NotFoundError if it is a list of which
        nothing is there.
        """
        name = m3u.readable(path.stem)[:MAX_NAME]
        suffix = path.suffix.lower().removeprefix(".")
        if suffix == nsp.SUFFIX:
            smart = nsp.read_smart_playlist(data.decode("utf-8", "replace"))
            return await self._playlists.create_smart(owner, smart, name=name), 0
        if suffix not in m3u.SUFFIXES:
            raise InvalidInputError("A playlist is a file called .m3u, .m3u8 or .nsp.")
        listed = m3u.read_m3u(data)
        known = await self._database.read(libraries.everything)
        found = await self._database.read(find_tracks, known, str(path.parent), listed.entries)
        listed_ids = [track for entry in found for track in entry]
        ids = [track.id for track in await by_ids(self._database, TRACKS, owner, listed_ids)]
        if not ids:
            raise NotFoundError(f"Of the {len(found)} entries of {path} none is in a library.")
        made = await self._playlists.create(owner, listed.name or name, ids)
        return made, sum(set(ids).isdisjoint(entry) for entry in found)

    async def files(self, owner: User) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (name, content) of a file for each playlist of a user.

        Smart ones are `.nsp`, all others `.m3u8` with absolute paths; one that the server makes
        has the tracks of this moment.
        """
        taken: set[str] = set()
        for playlist in await self.all_of(owner):
            entries = await self._entries(owner, playlist)
            suffix, content = await self._database.read(
                partial(playlist_file, entries=entries), playlist
            )
            yield free_name(safe_name(playlist.name), suffix, taken), content

    async def _entries(self, owner: User, playlist: Playlist) -> Sequence[str]:
        if playlist.is_made:
            made = await self._playlists.get(owner, playlist.id)
            return [track.id for track in made.tracks]
        return await self._database.read(playlists.track_ids, playlist.id)
