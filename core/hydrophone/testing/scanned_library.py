"""A library of small generated files that a test can scan, and what users then see of it."""

import asyncio
import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from hydrophone.domain.ids import PlaylistId, UserId
from hydrophone.domain.library import Library, ScanSummary
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.paths import unescape_path
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.messages import ImportedPlaylists, ScanProgress, ScanRequest
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.scan import Scan
from hydrophone.services.scans import run_scan
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import albums, annotations, artists, libraries, playlists, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.tables.music import album, artist, track
from hydrophone.testing.audio_files import make_audio

ANYBODY = UserId(1)
"""The user whose stars are looked at; the database has to have one."""

Answer = TypeVar("Answer")


class ScannedLibrary:
    """Files in `root`, a migrated database, and scans of the one into the other. All blocks."""

    def __init__(
        self, root: Path, database: Path, workers: Sequence[Worker[ParsedFile | None]]
    ) -> None:
        """`workers` (of `parse_workers`) are for `scan`: starting one costs half a second."""
        self.root = root
        self.database = database
        self.configured: list[tuple[str, Path]] = [("Music", root)]
        """Names and paths of libraries; a test may change them between scans."""
        self.split = SplitRules()
        """A test may change these rules, too."""
        self.playlists: ImportedPlaylists | None = None
        """What becomes of playlist files; without a test's wish they are left alone."""
        self.ffmpeg = ""
        """The program that tells what is in videos; a test may say where it is."""
        self.workers = workers
        self.last_progress: ScanProgress | None = None
        """The last report of the last scan."""
        self._frequencies = itertools.count(220, 20)
        root.mkdir(exist_ok=True)

    def add(
        self,
        path: str,
        *,
        audio: int = 0,
        picture: bytes | None = None,
        tags: Mapping[str, str | Sequence[str]] | None = None,
    ) -> Path:
        """Make a file at a path below `root`.

        Files of equal `audio` (a frequency) and suffix are equal but for their tags; by default
        no two files of a test are. `tags` and `picture` are as in `audio_tags.write_tags`.
        """
        return make_audio(
            self.root / path,
            seconds=0.2,
            frequency=audio or next(self._frequencies),
            tags=tags,
            picture=picture,
        )

    def album(self, folder: str, *, count: int = 2, suffix: str = "mp3", **tags: str) -> list[Path]:
        """Make `count` numbered files in a folder `Artist/Album`, with both in their tags."""
        artist_name, _, title = folder.partition("/")
        common = {"artist": artist_name, "albumartist": artist_name, "album": title} | tags
        return [
            self.add(
                f"{folder}/{number:02} Song {number}.{suffix}",
                tags=common | {"title": f"Song {number}", "tracknumber": str(number)},
            )
            for number in range(1, count + 1)
        ]

    def request(
        self,
        *,
        full: bool = False,
        folders: Sequence[str] | None = None,
        quick: bool = False,
        accept: bool = False,
    ) -> ScanRequest:
        """Register the configured libraries and return what the scan process is to be told.

        `folders` are looked at in each library, and `accept` takes the roots of all as they are.
        """
        with connect(self.database, durable=False) as connection, transaction(connection):
            configured = [(name, str(path)) for name, path in self.configured]
            registered = libraries.register(connection, configured)
        return ScanRequest(
            database=str(self.database),
            libraries=registered,
            split=self.split,
            playlists=self.playlists,
            ffmpeg=self.ffmpeg,
            full=full,
            folders=None if folders is None else {one.id: tuple(folders) for one in registered},
            quick=quick,
            accepted=tuple(one.id for one in registered) if accept else (),
            # Files of tests were written a moment ago.
            settle=Seconds(0),
            settle_new=Seconds(0),
            workers=len(self.workers),
            worker_memory_mib=256,
            file_timeout=Seconds(20),
        )

    def scan(
        self,
        *,
        full: bool = False,
        folders: Sequence[str] | None = None,
        quick: bool = False,
        accept: bool = False,
    ) -> ScanSummary:
        """Scan in this process: a second faster than `scan_in_child`."""
        request = self.request(full=full, folders=folders, quick=quick, accept=accept)
        with connect(self.database, durable=False) as connection:
            return Scan(connection, request, self.workers, self._note).run()

    def scan_in_child(self, *, full: bool = False) -> ScanSummary:
        """Scan as the server does."""
        return asyncio.run(run_scan(self.request(full=full), self._note))

    def libraries(self) -> tuple[Library, ...]:
        """Return the libraries as they are configured now."""
        return self.request().libraries

    def query(self, query: Callable[[Connection], Answer]) -> Answer:
        """Run a query in a transaction of its own."""
        with connect(self.database, durable=False) as connection, transaction(connection):
            return query(connection)

    def tracks(self) -> dict[str, Track]:
        """Return what can be played, by path (of all libraries)."""
        return {unescape_path(thing.path): thing for thing in self.every_track()}

    def every_track(self) -> list[Track]:
        """Return what can be played, tracks within a file too, by disc, number and path."""
        seen = self._libraries()

        def find(connection: Connection) -> Iterable[Track]:
            rows = connection.execute(select(track.c.row).where(tracks.is_there(seen))).scalars()
            return _all(connection, rows.all(), TRACKS.by_rows)

        return sorted(
            self.query(find), key=lambda t: (t.disc_number, t.track_number, unescape_path(t.path))
        )

    def albums(self) -> list[Album]:
        """Return the albums that a list would show, by name and folder."""
        seen = self._libraries()

        def find(connection: Connection) -> Iterable[Album]:
            rows = connection.execute(select(album.c.row).where(albums.is_there(seen))).scalars()
            return _all(connection, rows.all(), ALBUMS.by_rows)

        return sorted(self.query(find), key=lambda thing: (thing.name, thing.folder_id or ""))

    def the_album(self) -> Album:
        """Return the only album."""
        [found] = self.albums()
        return found

    def artists(self) -> dict[str, Artist]:
        """Return all artists that are on anything, by name."""
        seen = self._libraries()

        def find(connection: Connection) -> Iterable[Artist]:
            rows = connection.execute(select(artist.c.row)).scalars()
            found = _all(connection, rows.all(), ARTISTS.by_rows)
            return artists.counted(
                connection,
                seen,
                [thing for thing in found if artists.is_visible(connection, seen, thing.id)],
            )

        return {thing.name: thing for thing in self.query(find)}

    def star(self, *identifiers: str) -> None:
        """Star things."""
        self.query(
            lambda connection: annotations.star(connection, ANYBODY, identifiers, Timestamp(1))
        )

    def make_playlist(self, *track_ids: str) -> None:
        """Make them the playlist `pl-1`."""
        self.query(
            lambda connection: playlists.put(
                connection,
                PlaylistId("pl-1"),
                ANYBODY,
                name="Mine",
                comment="",
                is_public=False,
                tracks=track_ids,
                now=Timestamp(1),
            )
        )

    def ids(self) -> dict[str, tuple[str, str]]:
        """Return {path: (track's id, album's id)} of all that can be played."""
        return {path: (thing.id, thing.album_id) for path, thing in self.tracks().items()}

    def files_read(self) -> int:
        """Return how many files the last scan has opened in the library that it saw last."""
        return self.last_progress.read if self.last_progress else 0

    def _libraries(self) -> Collection[int]:
        return [library.id for library in self.libraries()]

    def _note(self, progress: ScanProgress) -> None:
        self.last_progress = progress


def _all(
    connection: Connection,
    rows: Sequence[int],
    by_rows: Callable[[Connection, UserId, Sequence[int]], dict[int, Answer]],
) -> list[Answer]:
    return [
        thing
        for start in range(0, len(rows), 500)
        for thing in by_rows(connection, ANYBODY, rows[start : start + 500]).values()
    ]
