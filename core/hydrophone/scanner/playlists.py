"""Makes playlists out of files in libraries: M3U lists tracks, `.nsp` has rules for them."""

import os
from collections.abc import Mapping, Sequence
from itertools import count
from stat import S_ISREG

import xxhash
from msgspec import Struct
from sqlalchemy import Connection

from hydrophone.domain import m3u, nsp
from hydrophone.domain.ids import PLAYLIST, PlaylistId, TrackId, UserId, make_id
from hydrophone.domain.library import Library
from hydrophone.domain.paths import escape_path, unescape_path
from hydrophone.domain.playlist import MAX_NAME, Playlist
from hydrophone.domain.units import Timestamp
from hydrophone.errors import InvalidInputError
from hydrophone.scanner.messages import ImportedPlaylists
from hydrophone.scanner.playlist_entries import find_tracks
from hydrophone.scanner.turns import Turns
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.queries import playlist_files, playlists
from hydrophone.storage.queries.playlist_files import PlaylistFileRecord, Said


class _Content(Struct, frozen=True, kw_only=True):
    """What a playlist file holds."""

    said: Said
    tracks: Sequence[TrackId] = ()
    unresolved: int = 0
    rules: str = ""


class PlaylistImport:
    """Brings the playlists of one library up to date with its files, when its tracks are."""

    def __init__(
        self,
        connection: Connection,
        libraries: Sequence[Library],
        library: Library,
        *,
        settings: ImportedPlaylists,
        owner: UserId,
        turns: Turns,
        now: Timestamp,
    ) -> None:
        self._connection = connection
        self._library = library
        # Its own first: a path that ends alike in another is meant less.
        self._libraries = [library, *(one for one in libraries if one.id != library.id)]
        self._settings = settings
        self._owner = owner
        self._turns = turns
        self._now = now
        self._gone: dict[str, PlaylistFileRecord] = {}

    def run(self, folders: Mapping[str, Sequence[FoundFile]], *, tracks_changed: bool) -> None:
        """Look at the playlist files (by escaped path of their folders) that a walk has found.

        Of a folder that is not named nothing is known to have changed; only files with entries
        that were no tracks are read again if there may be some now.
        """
        known = playlist_files.known(self._connection, self._library.id)
        found = {
            f"{folder}/{escape_path(file.name)}" if folder else escape_path(file.name): file.stat
            for folder, files in folders.items()
            for file in files
        }
        self._gone = {
            path: record
            for path, record in known.items()
            if path.rpartition("/")[0] in folders and path not in found
        }
        if tracks_changed:
            waiting = {p: r.stat for p, r in known.items() if r.unresolved and p not in self._gone}
            found = waiting | found
        for path, stat in sorted(found.items()):
            record = known.get(path)
            is_waiting = record is not None and record.unresolved and tracks_changed
            if record is None or record.stat != stat or is_waiting:
                self._read(path, stat, record)
        for record in self._gone.values():
            with self._turns.transaction():
                playlist_files.forget(self._connection, record)

    def _read(
        self, path: str, stat: tuple[int, int, int], record: PlaylistFileRecord | None
    ) -> None:
        absolute = os.path.join(self._library.path, unescape_path(path))  # noqa: PTH118 - a str
        data = _content_of(absolute)
        if data is None:
            return
        digest = xxhash.xxh3_64_hexdigest(data)
        same = (gone for gone in self._gone.values() if gone.digest == digest)
        moved = None if record else next(same, None)
        before = record or moved
        try:
            content, problem = self._content(absolute, path, data), ""
        except InvalidInputError as error:
            content, problem = _Content(said=before.said if before else Said()), str(error)
        with self._turns.transaction():
            if moved is not None:
                playlist_files.rename(self._connection, moved, path)
                del self._gone[moved.path]
            playlist_id = before.playlist_id if before else None
            if not problem:
                playlist_id = self._put(path, playlist_id, before, content)
            playlist_files.put(
                self._connection,
                PlaylistFileRecord(
                    library_id=self._library.id,
                    path=path,
                    playlist_id=playlist_id,
                    stat=stat,
                    digest=digest,
                    unresolved=content.unresolved,
                    said=content.said,
                    problem=problem,
                ),
            )

    def _content(self, absolute: str, path: str, data: bytes) -> _Content:
        if len(data) > m3u.MAX_SIZE:
            raise InvalidInputError(f"The file is larger than {m3u.MAX_SIZE // 2**20} MiB.")
        name = m3u.readable(unescape_path(path.rpartition("/")[2].rpartition(".")[0]))
        if path.lower().endswith(f".{nsp.SUFFIX}"):
            smart = nsp.read_smart_playlist(data.decode("utf-8", "replace"))
            said = Said(
                name=smart.name or name,
                comment=smart.comment,
                is_public=self._settings.public if smart.is_public is None else smart.is_public,
            )
            return _Content(said=said, rules=smart.rules)
        listed = m3u.read_m3u(data)
        folder = os.path.dirname(absolute)  # noqa: PTH120 - a str
        found = find_tracks(self._connection, self._libraries, folder, listed.entries)
        tracks = [track for entry in found for track in entry]
        said = Said(name=(listed.name or name)[:MAX_NAME], is_public=self._settings.public)
        return _Content(said=said, tracks=tracks, unresolved=found.count(()))

    def _put(
        self,
        path: str,
        playlist_id: PlaylistId | None,
        before: PlaylistFileRecord | None,
        content: _Content,
    ) -> PlaylistId | None:
        """Write the playlist of a file, as far as it has changed."""
        known = playlists.one(self._connection, playlist_id) if playlist_id else None
        if known is None and not content.tracks and not content.rules:
            # Nothing of it is there, perhaps not yet: no list without songs for that.
            return None
        owner_id, shown = known or (self._owner, None)
        said = content.said
        if shown is not None:
            said = _merged(shown, before.said if before else Said(), said)
            if said == _shown(shown) and self._has(shown, content):
                return shown.id
        identifier = shown.id if shown else self._free_id(path)
        playlists.put(
            self._connection,
            identifier,
            owner_id,
            name=said.name,
            comment=said.comment,
            is_public=said.is_public,
            tracks=content.tracks,
            now=self._now,
            rules=content.rules,
        )
        return identifier

    def _has(self, shown: Playlist, content: _Content) -> bool:
        tracks = playlists.track_ids(self._connection, shown.id)
        return shown.rules == content.rules and tracks == tuple(content.tracks)

    def _free_id(self, path: str) -> PlaylistId:
        """Return the id that goes with a place, or the next if a file took that elsewhere."""
        ids = (make_id(PLAYLIST, "file", self._library.name, path, str(n)) for n in count())
        return PlaylistId(next(i for i in ids if playlists.one(self._connection, i) is None))


def _merged(shown: Playlist, last: Said, said: Said) -> Said:
    """Return what is shown from now on: what the file says anew, else what its owner made of it."""
    return Said(
        name=shown.name if said.name == last.name else said.name,
        comment=shown.comment if said.comment == last.comment else said.comment,
        is_public=shown.is_public if said.is_public == last.is_public else said.is_public,
    )


def _shown(playlist: Playlist) -> Said:
    return Said(name=playlist.name, comment=playlist.comment, is_public=playlist.is_public)


def _content_of(path: str) -> bytes | None:
    """Return the bytes of a file, one more than allowed if it is too large; `None` if it is gone.

    What has taken its place since the walk may be no regular file: nothing waits for a FIFO.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            is_file = S_ISREG(os.fstat(descriptor).st_mode)
            return file.read(m3u.MAX_SIZE + 1) if is_file else None
    except OSError:
        return None
